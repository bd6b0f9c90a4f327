"""A new approver's key, sealed before anything names it, and gone again where that was refused.

It is sealed first, because a log that names a key which nobody has is worse than a file; a file that no log names would
be taken for a key at the next signature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vdw.domain.ids import ApproverId, TenantId
from vdw.errors import VdwError
from vdw.trust.sealed_key import create_sealed_key
from vdw.trust.signer import KeySigner


@contextmanager
def new_sealed_key(
    config_dir: Path,
    tenant: TenantId,
    approver: ApproverId,
    passphrase: str,
    random_bytes: Callable[[int], bytes],
    *,
    is_named: Callable[[], bool],
) -> Iterator[tuple[KeySigner, Path]]:
    """The key and its file, which is removed if the block is refused, unless the trust log names the key all the same.

    Whoever stops the block keeps the file: what was handed to the store may still be committed, and its only key must
    not be gone then. Raises what `create_sealed_key` raises.
    """
    private, path = create_sealed_key(config_dir, tenant, approver, passphrase, random_bytes)
    try:
        yield KeySigner(approver, private), path
    except (VdwError, OSError):
        if not is_named():
            path.unlink(missing_ok=True)
        raise
