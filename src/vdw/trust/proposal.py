"""A change of the trust log on its way from signer to signer, as a file that people can read.

The file holds the statement twice: as text for people, and as the bytes that are signed. Reading it refuses the file
where the two differ. Nothing is verified here (`acceptance`), and nothing in the file is secret.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from vdw.domain.canonical import JsonObject, canonical_bytes, parse_object
from vdw.errors import invalid
from vdw.trust.envelope import MAX_ENVELOPE_BYTES, Envelope, parse_envelope
from vdw.trust.strict_fields import Fields

PROPOSAL_SCHEMA = "vdw.proposal/1"
MAX_PROPOSAL_BYTES = 2 * MAX_ENVELOPE_BYTES
"""Size of a proposal's file, in bytes: the envelope, and its payload once more as text. Ours have about 2 kB."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An envelope with what its payload says. `statement` is the payload, read as JSON."""

    statement: JsonObject
    envelope: Envelope

    def body(self) -> bytes:
        """The file: JSON, indented. Its `envelope` is what `submit_statement` takes."""
        value: JsonObject = {
            "schema": PROPOSAL_SCHEMA,
            "statement": self.statement,
            "envelope": self.envelope.as_json(),
        }
        return json.dumps(value, indent=2).encode() + b"\n"


def proposal_of(envelope: Envelope) -> Proposal:
    return Proposal(parse_object(envelope.payload), envelope)


def read_proposal(body: bytes) -> Proposal:
    """Raises `VdwError` (invalid_input, too_large) unless the file is one of ours and shows exactly what is signed."""
    fields = Fields("proposal", parse_object(body, max_bytes=MAX_PROPOSAL_BYTES))
    fields.require_exactly("schema", "statement", "envelope")
    if fields.text("schema") != PROPOSAL_SCHEMA:
        raise invalid("proposal.schema", PROPOSAL_SCHEMA)
    envelope = parse_envelope(canonical_bytes(fields.object("envelope")))
    statement = fields.object("statement")
    if canonical_bytes(statement) != envelope.payload:
        raise invalid(
            "proposal.statement",
            "what the file shows is not what its signatures are over",
            next_step="It was altered: sign nothing, and get it anew from whoever proposed it.",
        )
    return Proposal(statement, envelope)
