"""DSSE envelopes over in-toto statements: reading untrusted ones strictly, making new ones.

The pre-authentication encoding is that of the DSSE v1 protocol. An envelope's digest is taken over its canonical JSON,
so one signature has one name in the log.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes, parse_object
from vdw.domain.fields import items, mapping, text
from vdw.domain.statement import PAYLOAD_TYPE
from vdw.errors import invalid
from vdw.trust.signer import Signer

MAX_ENVELOPE_BYTES = 64 * 1024
"""Largest envelope, in bytes. A decision with ten contributors has about 3 kB."""
MAX_SIGNATURES = 50


@dataclass(frozen=True, slots=True)
class Signature:
    keyid: str
    sig: bytes


@dataclass(frozen=True)
class Envelope:
    """A payload with signatures over its PAE. Nothing is verified by being here."""

    payload: bytes
    signatures: tuple[Signature, ...]

    @cached_property
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
        return canonical_bytes(self.as_json())

    def digest(self) -> Digest:
        return digest_bytes(self.body())


def pre_authentication_encoding(payload: bytes) -> bytes:
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(statement: JsonObject, signers: Sequence[Signer]) -> Envelope:
    """An envelope over the statement's canonical bytes, signed by each signer in order."""
    payload = canonical_bytes(statement)
    encoded = pre_authentication_encoding(payload)
    return Envelope(payload, tuple(Signature(signer.keyid, signer.sign(encoded)) for signer in signers))


def parse_envelope(body: bytes) -> Envelope:
    """Reads an envelope. Raises `VdwError` (invalid_input, too_large) for anything but our own form of DSSE:
    our payload type, canonical base64, one signature a key, no further fields."""
    value = parse_object(body, max_bytes=MAX_ENVELOPE_BYTES)
    if set(value) != {"payload", "payloadType", "signatures"} or value["payloadType"] != PAYLOAD_TYPE:
        raise invalid("envelope", f"payload, payloadType {PAYLOAD_TYPE} and signatures, nothing else")
    try:
        signatures = tuple(_signature(mapping(item)) for item in items(value["signatures"]))
        payload = _decoded(text(value["payload"]))
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise invalid("envelope", "payload and signatures are base64, each signature has keyid and sig") from None
    if not 1 <= len({signature.keyid for signature in signatures}) == len(signatures) <= MAX_SIGNATURES:
        raise invalid("envelope.signatures", f"1 to {MAX_SIGNATURES} signatures, each of another key")
    return Envelope(payload, signatures)


def statement_of(envelope: Envelope) -> JsonObject:
    """The payload as JSON. Raises `VdwError` (invalid_input) if it is not in canonical form: one meaning, one text."""
    statement = parse_object(envelope.payload, max_bytes=MAX_ENVELOPE_BYTES)
    if canonical_bytes(statement) != envelope.payload:
        raise invalid("envelope.payload", "the canonical JSON (RFC 8785) of a statement")
    return statement


def _signature(value: JsonObject) -> Signature:
    if set(value) != {"keyid", "sig"}:
        raise ValueError("unknown field")
    return Signature(text(value["keyid"]), _decoded(text(value["sig"])))


def _decoded(encoded: str) -> bytes:
    raw = base64.b64decode(encoded, validate=True)
    if base64.b64encode(raw).decode() != encoded:
        raise ValueError("not canonical base64")
    return raw
