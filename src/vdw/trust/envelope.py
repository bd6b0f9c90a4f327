"""DSSE envelopes over in-toto statements: reading untrusted ones strictly, making new ones. Nothing is verified here.

The pre-authentication encoding (PAE) is that of the DSSE v1 protocol. An envelope's digest is taken over its canonical
JSON, so one signature has one name in the log.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes, parse_object
from vdw.domain.fields import items, mapping, text
from vdw.domain.kept import kept
from vdw.domain.policy import MAX_QUORUM
from vdw.domain.statement import PAYLOAD_TYPE
from vdw.errors import invalid
from vdw.trust.signer import Signer

MAX_ENVELOPE_BYTES = 64 * 1024
"""Largest envelope of a human's statement, in bytes. A decision with ten contributors has about 3 kB, a waiver with the
200 subjects that it may name 45 kB."""
MAX_SIGNATURES = MAX_QUORUM
"""Signatures in one envelope: no quorum asks for more."""


@dataclass(frozen=True, slots=True)
class Signature:
    keyid: str
    sig: bytes


@dataclass(frozen=True)
class Envelope:
    """A payload with signatures over its PAE. Nothing is verified by being here."""

    payload: bytes
    signatures: tuple[Signature, ...]

    @kept
    def pae(self) -> bytes:
        """The bytes that are signed."""
        return pre_authentication_encoding(self.payload)

    def as_json(self) -> JsonObject:
        return {
            "payloadType": PAYLOAD_TYPE,
            "payload": base64.b64encode(self.payload).decode(),
            "signatures": [
                {"keyid": item.keyid, "sig": base64.b64encode(item.sig).decode()} for item in self.signatures
            ],
        }

    def body(self) -> bytes:
        """The one form in which an envelope is stored and digested."""
        return canonical_bytes(self.as_json())

    def digest(self) -> Digest:
        return digest_bytes(self.body())


def pre_authentication_encoding(payload: bytes) -> bytes:
    """DSSE v1 protocol: `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in decimal ASCII."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(statement: JsonObject, signers: Sequence[Signer]) -> Envelope:
    """An envelope over the statement's canonical bytes, signed by each signer in order."""
    payload = canonical_bytes(statement)
    encoded = pre_authentication_encoding(payload)
    return Envelope(payload, tuple(Signature(signer.keyid, signer.sign(encoded)) for signer in signers))


def cosign(envelope: Envelope, signer: Signer) -> Envelope:
    """The same payload with one signature more."""
    return replace(envelope, signatures=(*envelope.signatures, Signature(signer.keyid, signer.sign(envelope.pae))))


def parse_envelope(body: bytes, *, max_bytes: int = MAX_ENVELOPE_BYTES) -> Envelope:
    """Reads an envelope. Raises `VdwError` (invalid_input, too_large) for anything but our own form of DSSE:
    our payload type, canonical base64, one signature a key, no further fields."""
    value = parse_object(body, max_bytes=max_bytes)
    if set(value) != {"payload", "payloadType", "signatures"} or value["payloadType"] != PAYLOAD_TYPE:
        raise invalid("envelope", f"payload, payloadType {PAYLOAD_TYPE} and signatures, nothing else")
    try:
        signatures = tuple(_signature(mapping(item)) for item in items(value["signatures"]))
        payload = _decoded(text(value["payload"]))
    except (TypeError, KeyError, ValueError):
        raise invalid("envelope", "payload and signatures are base64, each signature has keyid and sig") from None
    if not 1 <= len({signature.keyid for signature in signatures}) == len(signatures) <= MAX_SIGNATURES:
        raise invalid("envelope.signatures", f"1 to {MAX_SIGNATURES} signatures, each of another key")
    return Envelope(payload, signatures)


def _signature(value: JsonObject) -> Signature:
    if set(value) != {"keyid", "sig"}:
        raise ValueError("unknown field")
    return Signature(text(value["keyid"]), _decoded(text(value["sig"])))


def _decoded(encoded: str) -> bytes:
    raw = base64.b64decode(encoded, validate=True)
    if base64.b64encode(raw).decode() != encoded:
        raise ValueError("not canonical base64")
    return raw
