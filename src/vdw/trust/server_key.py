"""The server's key: enrolled in the log, it vouches for verdicts and for the file list of an export. Never for a
human."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vdw.trust.envelope import Envelope, parse_envelope
from vdw.trust.refusals import signature_refused
from vdw.trust.server_statements import (
    MAX_STATEMENT_BYTES,
    FilesStatement,
    ServerStatement,
    VerdictStatement,
    read_server_statement,
)
from vdw.trust.signer import ServerSigner
from vdw.trust.state import TrustState
from vdw.trust.verify_signature import KEY_BYTES, verify_ed25519

MAX_ENVELOPE_BYTES = MAX_STATEMENT_BYTES * 4 // 3 + 4096
"""Size of an envelope of the server, in bytes: the statement in base64, and what stands around it."""


@dataclass(frozen=True, slots=True)
class ServerKey:
    """`private_bytes` is for the store; `public_key` for the log."""

    id: str
    private_bytes: bytes
    public_key: str

    def __repr__(self) -> str:
        return f"ServerKey({self.id})"


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


def verify_verdict(state: TrustState, body: bytes) -> VerdictStatement:
    """The verdict statement in an envelope of the server. Raises what `verify_files` raises."""
    found = _verified(state, body)
    if not isinstance(found, VerdictStatement):
        raise signature_refused("the server signed something else than a verdict")
    return found


def verify_files(state: TrustState, body: bytes) -> FilesStatement:
    """The list of files in an envelope of the server.

    Raises `VdwError` (signature, invalid_input, too_large) unless `body` is exactly the canonical form of an envelope
    that one server key of this log, and nobody else, signed for this tenant.
    """
    found = _verified(state, body)
    if not isinstance(found, FilesStatement):
        raise signature_refused("the server signed something else than a list of files")
    return found


def _verified(state: TrustState, body: bytes) -> ServerStatement:
    envelope = parse_envelope(body, max_bytes=MAX_ENVELOPE_BYTES)
    if envelope.body() != body:
        raise signature_refused("the envelope is not in canonical form")
    _require_signed(state, envelope)
    found = read_server_statement(envelope.payload)
    if found.tenant != state.tenant:
        raise signature_refused("the statement speaks of another tenant")
    return found


def _require_signed(state: TrustState, envelope: Envelope) -> None:
    signature = envelope.signatures[0]
    if len(envelope.signatures) != 1 or signature.keyid not in state.server_keys:
        raise signature_refused("no server key of the log signed this")
    verify_ed25519(state.server_keys[signature.keyid], envelope.pae, signature.sig)
