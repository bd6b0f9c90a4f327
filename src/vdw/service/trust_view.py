"""A tenant's trust as this process sees it: verified once, extended by what is new, held against the pin.

The state is a function of the log and the pin, so a row written by hand, a log cut short or another root is refused at
the next read, not merely at start-up.
"""

from __future__ import annotations

from pathlib import Path

from vdw.lifecycle.state import Approval
from vdw.store.interface import Reader
from vdw.trust.chain import replay
from vdw.trust.pin import Pin, read_pins, save_pin
from vdw.trust.refusals import distrusted
from vdw.trust.state import TrustState


class TrustView:
    """Caches the verified state of each tenant. `pin_file` is trust.json, outside the store."""

    def __init__(self, pin_file: Path) -> None:
        self._pin_file = pin_file
        self._states: dict[str, TrustState] = {}

    def state(self, reader: Reader, tenant: str) -> TrustState:
        """The tenant's verified trust. Raises `VdwError` (trust) if the log does not verify under the pin."""
        known = self._states.get(tenant)
        head = reader.log_head(tenant)
        if known is not None and head is not None and head.hash == known.head:
            return known
        new = reader.log_entries(tenant, after=known.position if known else -1)
        state = replay(new, read_pins(self._pin_file).require(tenant), known)
        if head is None or head.hash != state.head:
            raise distrusted("the log no longer holds what this process has verified before")
        self._remember(state)
        return state

    def advance(self, state: TrustState) -> None:
        """Takes over the state after an entry that this process has just committed."""
        self._remember(state)

    def pin(self, state: TrustState) -> None:
        """Pins a root for the first time, at the tenant's founding."""
        self._remember(state)

    def _remember(self, state: TrustState) -> None:
        """Pins first: a root that the pin refuses is never cached."""
        save_pin(self._pin_file, state.tenant, Pin(state.root, state.head, state.position))
        self._states[state.tenant] = state


def is_signed(approval: Approval, project: str, trust: TrustState) -> bool:
    """Whether the verified log holds every signature that the approval names, each on these bytes of this project."""
    signed = [trust.approves(envelope, project, approval.digest) for envelope in approval.envelopes]
    return bool(signed) and all(signed)
