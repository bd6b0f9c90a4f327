"""What is signed: in-toto statements for decisions, waivers and the entries of a tenant's trust log.

Formats here are signed for ever. Statements hold ids and digests, never free text and never names.
A statement travels as a DSSE envelope (see trust.envelope); its effect begins when the envelope is
appended to the tenant's trust log.
"""

from __future__ import annotations

from enum import StrEnum

from vdw.domain.canonical import Digest, JsonObject

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"


class PredicateType(StrEnum):
    """What a statement does. The number is the format's version."""

    FOUND = "urn:vdw:found:1"
    REFOUND = "urn:vdw:refound:1"
    POLICY = "urn:vdw:policy:1"
    ENROL = "urn:vdw:enrol:1"
    REPLACE = "urn:vdw:replace:1"
    REVOKE = "urn:vdw:revoke:1"
    SERVER_KEY = "urn:vdw:server-key:1"
    DECISION = "urn:vdw:decision:1"
    WAIVER = "urn:vdw:waiver:1"
    VERDICT = "urn:vdw:verdict:1"
    FILES = "urn:vdw:files:1"


def statement(
    predicate_type: PredicateType, subject_name: str, subject_digest: Digest, predicate: JsonObject
) -> JsonObject:
    """An in-toto Statement v1 with one subject."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": subject_name, "digest": {"sha256": subject_digest}}],
        "predicateType": predicate_type.value,
        "predicate": predicate,
    }
