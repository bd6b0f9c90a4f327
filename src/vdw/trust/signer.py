"""Who can sign: humans, the demo, the server. Each under an id by which the trust log knows the key."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from vdw.domain.ids import ApproverId
from vdw.domain.policy import Assurance
from vdw.trust.refusals import signature_refused
from vdw.trust.verify_signature import KEY_BYTES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


K = TypeVar("K", bound=str)


class Signer(Protocol):
    """Signs the DSSE encoding of a statement under a key that others know by `keyid`."""

    @property
    def keyid(self) -> str: ...

    def sign(self, encoded: bytes) -> bytes: ...


class DecisionSigner(Signer, Protocol):
    """Law. Whoever holds one is the approver that `keyid` is the id of, by the assurance it names; it signs the DSSE
    encoding of a statement that was shown, and nothing else. It never leaves its process, and no agent's channel can
    reach one."""

    @property
    def keyid(self) -> ApproverId: ...

    @property
    def assurance(self) -> Assurance: ...


class _Ed25519Signer(Generic[K]):
    """An Ed25519 key in memory under a name."""

    def __init__(self, keyid: K, private: bytes) -> None:
        self._keyid = keyid
        self._key = _private_key(private)

    @property
    def keyid(self) -> K:
        return self._keyid

    @property
    def public_key(self) -> str:
        """Base64 of the 32 raw bytes."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, encoded: bytes) -> bytes:
        return self._key.sign(encoded)


class KeySigner(_Ed25519Signer[ApproverId]):
    """A human's key, unsealed with their passphrase."""

    assurance = Assurance.KEY


class DemoSigner(_Ed25519Signer[ApproverId]):
    """A key without a person behind it. Accepted only in a tenant that was founded as `demo`."""

    assurance = Assurance.DEMO


class ServerSigner(_Ed25519Signer[str]):
    """The server's own key: vouches for verdicts and file lists, never for a human."""


def new_demo_signer(approver: ApproverId, random_bytes: Callable[[int], bytes]) -> DemoSigner:
    return DemoSigner(approver, random_bytes(KEY_BYTES))


def _private_key(private: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if len(private) != KEY_BYTES:
        raise signature_refused(f"a private key of {len(private)} bytes")
    return Ed25519PrivateKey.from_private_bytes(private)
