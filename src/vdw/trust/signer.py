"""Making and checking signatures. Ed25519 (RFC 8032) is the one algorithm; which key may sign what, the log says."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from vdw.domain.statement import Assurance
from vdw.errors import ErrorCode, VdwError, invalid

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64


class Signer(Protocol):
    """Signs bytes under a key that others know by `keyid`."""

    @property
    def keyid(self) -> str: ...

    def sign(self, encoded: bytes) -> bytes: ...


class DecisionSigner(Signer, Protocol):
    """Law. Whoever holds one is the approver it names, by the assurance it names; it signs the DSSE encoding of a statement
    that was shown, and nothing else. It never leaves its process, and no agent's channel can reach one."""

    @property
    def approver(self) -> str: ...

    @property
    def assurance(self) -> Assurance: ...


class _Ed25519Signer:
    """An Ed25519 key in memory under a name."""

    def __init__(self, keyid: str, private: bytes) -> None:
        self._keyid = keyid
        self._key = _private_key(private)

    @property
    def keyid(self) -> str:
        return self._keyid

    @property
    def public_key(self) -> str:
        """Base64 of the 32 raw bytes."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, encoded: bytes) -> bytes:
        return self._key.sign(encoded)


class KeySigner(_Ed25519Signer):
    """A human's key, unsealed with their passphrase."""

    assurance = Assurance.KEY

    @property
    def approver(self) -> str:
        return self.keyid


class DemoSigner(_Ed25519Signer):
    """A key without a person behind it. Accepted only in a tenant that was founded as `demo`."""

    assurance = Assurance.DEMO

    @property
    def approver(self) -> str:
        return self.keyid


class ServerSigner(_Ed25519Signer):
    """The server's own key: vouches for verdicts and file lists, never for a human."""


def new_demo_signer(approver: str, random_bytes: Callable[[int], bytes]) -> DemoSigner:
    return DemoSigner(approver, random_bytes(KEY_BYTES))


def require_public_key(encoded: str, path: str) -> bytes:
    """The 32 raw bytes. Raises `VdwError` (invalid_input) at `path`."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != KEY_BYTES or base64.b64encode(raw).decode() != encoded:
        raise invalid(path, "the base64 of the 32 bytes of an Ed25519 public key")
    return raw


def verify_signature(assurance: Assurance | None, public_key: str, encoded: bytes, signature: bytes) -> None:
    """Raises `VdwError` (signature) unless the signature is genuine by this way of signing.

    None stands for a server's key. Passkeys and sessions are not verified by this version, so they fail.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if assurance not in (None, Assurance.KEY, Assurance.DEMO):
        raise signature_refused(f"assurance {assurance} is not available in this version")
    try:
        Ed25519PublicKey.from_public_bytes(require_public_key(public_key, "public_key")).verify(signature, encoded)
    except InvalidSignature:
        raise signature_refused("the signature does not fit the key and the bytes") from None


def signature_refused(reason: str) -> VdwError:
    return VdwError(
        ErrorCode.SIGNATURE,
        "The signature is not one that this tenant's trust log accepts here.",
        "Sign again with an enrolled key: vdw gate review.",
        reason=reason,
    )


def _private_key(private: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private)
