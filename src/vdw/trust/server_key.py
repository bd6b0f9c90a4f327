"""The server's key: enrolled in the log, it vouches for verdicts and for the file list of an export. Never for a human."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vdw.domain.canonical import JsonObject
from vdw.trust.envelope import Envelope, parse_envelope, statement_of
from vdw.trust.signer import KEY_BYTES, ServerSigner, signature_refused, verify_signature
from vdw.trust.state import TrustState


@dataclass(frozen=True, slots=True)
class ServerKey:
    """`private_bytes` is for the store; `public_key` for the log."""

    id: str
    private_bytes: bytes
    public_key: str


def new_server_key(key_id: str, random_bytes: Callable[[int], bytes]) -> ServerKey:
    private = random_bytes(KEY_BYTES)
    return ServerKey(key_id, private, ServerSigner(key_id, private).public_key)


def server_signer(state: TrustState, private: bytes) -> ServerSigner:
    """The signer under the id by which the log knows this key. Raises `VdwError` (signature) if it does not."""
    public = ServerSigner("server", private).public_key
    for key_id, known in state.server_keys.items():
        if known == public:
            return ServerSigner(key_id, private)
    raise signature_refused("the store's server key is not enrolled in the trust log")


def verify_server_envelope(state: TrustState, body: bytes) -> JsonObject:
    """The statement in an envelope of the server. Raises `VdwError` (signature, invalid_input) unless its bytes are exactly
    those of an envelope signed by one server key of the log."""
    envelope = parse_envelope(body)
    if envelope.body() != body:
        raise signature_refused("the envelope is not in canonical form")
    _require_signed(state, envelope)
    return statement_of(envelope)


def _require_signed(state: TrustState, envelope: Envelope) -> None:
    if len(envelope.signatures) != 1 or envelope.signatures[0].keyid not in state.server_keys:
        raise signature_refused("no server key of the log signed this")
    signature = envelope.signatures[0]
    verify_signature(None, state.server_keys[signature.keyid], envelope.pae, signature.sig)
