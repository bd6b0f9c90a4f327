"""Reading what is stored under its digest: the bytes themselves are asked, because a row may be written by hand."""

from __future__ import annotations

from vdw.domain.canonical import Digest, digest_bytes
from vdw.domain.ids import ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import Reader


def genuine_object(reader: Reader, project: ProjectId, digest: Digest) -> bytes | None:
    """The bytes with this digest; None where they were erased. Raises `VdwError` (storage) where other bytes lie in
    their place."""
    body = reader.object(project, digest)
    if body is not None:
        require_digest(digest, body)
    return body


def require_digest(digest: Digest, body: bytes) -> None:
    """Raises `VdwError` (storage) unless the bytes have the digest."""
    if digest_bytes(body) != digest:
        raise damaged(f"object {digest}")


def damaged(what: str) -> VdwError:
    """What a stored document that cannot be believed is answered with; `what` is for the log."""
    return VdwError(
        ErrorCode.STORAGE,
        "A stored document does not have the bytes it was stored with.",
        "Restore the store from a backup.",
        reason=what,
    )
