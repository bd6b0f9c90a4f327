"""Checking signatures by the way in which the signer proved to be there. What this version cannot check, it refuses.

Ed25519 (RFC 8032) is the one algorithm. Which key may sign what is not decided here: the log says it (`authority`).
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import TYPE_CHECKING

from vdw.domain.policy import Assurance
from vdw.errors import invalid
from vdw.trust.refusals import signature_refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KEY_BYTES = 32
MAX_KEYS_KEPT = 256
"""Public keys kept as read: a log's thousands of entries are signed by few, and reading one costs a tenth of a
check."""
VERIFIABLE = frozenset({Assurance.KEY, Assurance.DEMO})
"""What this version can check. Passkeys and sessions fail until it can."""


def verify_signature(assurance: Assurance, public_key: str, encoded: bytes, signature: bytes) -> None:
    """Raises `VdwError` (signature) unless the approver's signature over `encoded` is genuine by this assurance."""
    if assurance not in VERIFIABLE:
        raise signature_refused(f"assurance {assurance} is not available in this version")
    verify_ed25519(public_key, encoded, signature)


def verify_ed25519(public_key: str, encoded: bytes, signature: bytes) -> None:
    """Raises `VdwError` (signature) unless the signature fits; (invalid_input) for what is no public key."""
    from cryptography.exceptions import InvalidSignature

    try:
        _read_key(public_key).verify(signature, encoded)
    except InvalidSignature:
        raise signature_refused("the signature does not fit the key and the bytes") from None


@lru_cache(maxsize=MAX_KEYS_KEPT)
def _read_key(public_key: str) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(require_public_key(public_key, "public_key"))


def require_public_key(encoded: str, path: str) -> bytes:
    """The 32 raw bytes. Raises `VdwError` (invalid_input) at `path`."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != KEY_BYTES or base64.b64encode(raw).decode() != encoded:
        raise invalid(path, "the base64 of the 32 bytes of an Ed25519 public key")
    return raw
