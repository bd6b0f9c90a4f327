"""What a service needs from outside: made once by the composition root, passed down, never looked up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vdw.domain.ids import RANDOM_ID_BYTES, random_id
from vdw.domain.manifest import SALT_BYTES

if TYPE_CHECKING:
    from vdw.events.watch import EventWatch
    from vdw.reasoning.service import Reasoner
    from vdw.service.trust_view import TrustView
    from vdw.store.interface import Store


@dataclass(frozen=True, slots=True)
class Environment:
    store: Store
    reasoner: Reasoner
    trust: TrustView
    watch: EventWatch
    clock: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    command: str = "vdw"
    """What a person writes in a shell of their own for `vdw` on this store, quoted."""

    def new_id(self, prefix: str) -> str:
        return random_id(prefix, self.random_bytes(RANDOM_ID_BYTES))

    def salt(self) -> str:
        """16 random bytes in hexadecimal."""
        return self.random_bytes(SALT_BYTES).hex()
