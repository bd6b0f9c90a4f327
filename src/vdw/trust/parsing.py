"""From a payload's bytes to the typed statement. Unknown fields, other types and wrong subjects are refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, parse_object
from vdw.domain.fields import mapping
from vdw.domain.finding import Subject
from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.policy import Assurance, policy_from_json
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.domain.statement import PredicateType
from vdw.domain.tenant import TenantKind
from vdw.errors import invalid
from vdw.trust.envelope import MAX_ENVELOPE_BYTES
from vdw.trust.statements import (
    MAX_SUBJECTS,
    DecisionStatement,
    EnrolStatement,
    FoundStatement,
    PolicyStatement,
    ReplaceStatement,
    RevokeStatement,
    ServerKeyStatement,
    Statement,
    WaiverStatement,
)
from vdw.trust.strict_fields import Fields
from vdw.trust.verify_signature import require_public_key


def read_statement(payload: bytes) -> Statement:
    """The typed statement of an envelope in a trust log.

    Raises `VdwError` (invalid_input) unless `payload` is exactly what writing the statement again gives: one meaning
    has one text, and nothing unread is ever signed for.
    """
    outer = Fields("statement", parse_object(payload, max_bytes=MAX_ENVELOPE_BYTES))
    outer.require_exactly("_type", "subject", "predicateType", "predicate")
    kind = outer.word("predicateType", PredicateType)
    reader = _READERS.get(kind)
    if reader is None:
        raise invalid("statement.predicateType", f"one of {', '.join(_READERS)}")
    predicate = Fields("statement.predicate", outer.object("predicate"))
    found = reader(predicate, subject_digest(outer.each("subject")[0]))
    written = found.as_statement()
    predicate.require_exactly(*mapping(written["predicate"]))
    require_canonical(written, payload)
    return found


def subject_digest(subject: Fields) -> Digest:
    """Digest of one subject of a statement."""
    return Fields(f"{subject.path}.digest", subject.object("digest")).digest("sha256")


def require_canonical(value: JsonObject, payload: bytes) -> None:
    """Raises `VdwError` (invalid_input) unless the payload is the RFC 8785 form of the value."""
    if canonical_bytes(value) != payload:
        raise invalid(
            "statement",
            "the canonical JSON (RFC 8785) of an in-toto Statement v1 with the one subject that it speaks of",
        )


def _found(fields: Fields, prev: Digest) -> FoundStatement:
    return FoundStatement(
        tenant=TenantId(fields.id("tenant")),
        kind=fields.word("kind", TenantKind),
        approver=ApproverId(fields.id("approver")),
        owner=PersonId(fields.id("owner")),
        public_key=_public_key(fields),
        assurance=fields.word("assurance", Assurance),
        policy=policy_from_json(fields.object("policy")),
        time=fields.time("time"),
        prev=prev,
    )


def _refound(fields: Fields, prev: Digest) -> FoundStatement:
    return replace(_found(fields, prev), lost_head=fields.digest("lost_head"))


def _enrol(fields: Fields, prev: Digest) -> EnrolStatement:
    return EnrolStatement(
        tenant=TenantId(fields.id("tenant")),
        approver=ApproverId(fields.id("approver")),
        owner=PersonId(fields.id("owner")),
        public_key=_public_key(fields),
        assurance=fields.word("assurance", Assurance),
        time=fields.time("time"),
        prev=prev,
    )


def _replace(fields: Fields, prev: Digest) -> ReplaceStatement:
    return ReplaceStatement(
        tenant=TenantId(fields.id("tenant")),
        approver=ApproverId(fields.id("approver")),
        replaces=ApproverId(fields.id("replaces")),
        public_key=_public_key(fields),
        assurance=fields.word("assurance", Assurance),
        time=fields.time("time"),
        prev=prev,
    )


def _revoke(fields: Fields, prev: Digest) -> RevokeStatement:
    return RevokeStatement(TenantId(fields.id("tenant")), ApproverId(fields.id("approver")), fields.time("time"), prev)


def _policy(fields: Fields, prev: Digest) -> PolicyStatement:
    return PolicyStatement(
        TenantId(fields.id("tenant")), policy_from_json(fields.object("policy")), fields.time("time"), prev
    )


def _server_key(fields: Fields, prev: Digest) -> ServerKeyStatement:
    return ServerKeyStatement(
        TenantId(fields.id("tenant")), fields.id("key"), _public_key(fields), fields.time("time"), prev
    )


def _decision(fields: Fields, digest: Digest) -> DecisionStatement:
    return DecisionStatement(
        verdict=fields.word("verdict", GateVerdict),
        gate=fields.word("gate", Phase),
        tenant=TenantId(fields.id("tenant")),
        project=ProjectId(fields.id("project")),
        iteration=fields.number("iteration"),
        lane=fields.word("lane", Lane),
        digest=digest,
        review=fields.id("review"),
        brief=fields.digest("brief"),
        comments=fields.digest_or_null("comments"),
        approver=ApproverId(fields.id("approver")),
        assurance=fields.word("assurance", Assurance),
        owners=tuple(PersonId(owner) for owner in fields.ids("owners")),
        policy=fields.digest("policy"),
        log_head=fields.digest("log_head"),
        previous=fields.digest_or_null("previous"),
        template=fields.flag("template"),
        time=fields.time("time"),
    )


def _waiver(fields: Fields, _: Digest) -> WaiverStatement:
    subjects = fields.each("subjects")
    if len(subjects) > MAX_SUBJECTS:
        raise invalid(f"{fields.path}.subjects", f"at most {MAX_SUBJECTS}")
    return WaiverStatement(
        waiver=fields.id("waiver"),
        tenant=TenantId(fields.id("tenant")),
        project=ProjectId(fields.id("project")),
        iteration=fields.number("iteration"),
        gate=fields.word("gate", Phase),
        rule=fields.id("rule"),
        subjects=tuple(Subject(subject.id("id"), subject.digest_or_empty("digest")) for subject in subjects),
        until=fields.day("until"),
        reason=fields.digest("reason"),
        approver=ApproverId(fields.id("approver")),
        assurance=fields.word("assurance", Assurance),
        owners=tuple(PersonId(owner) for owner in fields.ids("owners")),
        policy=fields.digest("policy"),
        log_head=fields.digest("log_head"),
        previous=fields.digest_or_null("previous"),
        time=fields.time("time"),
    )


def _public_key(fields: Fields) -> str:
    found = fields.text("public_key")
    require_public_key(found, f"{fields.path}.public_key")
    return found


_READERS: dict[PredicateType, Callable[[Fields, Digest], Statement]] = {
    PredicateType.FOUND: _found,
    PredicateType.REFOUND: _refound,
    PredicateType.POLICY: _policy,
    PredicateType.ENROL: _enrol,
    PredicateType.REPLACE: _replace,
    PredicateType.REVOKE: _revoke,
    PredicateType.SERVER_KEY: _server_key,
    PredicateType.DECISION: _decision,
    PredicateType.WAIVER: _waiver,
}
