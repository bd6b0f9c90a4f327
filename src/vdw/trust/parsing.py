"""From a statement's JSON to its typed form. Unknown fields, other types and wrong subjects are refused."""

from __future__ import annotations

from collections.abc import Callable

from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.finding import Subject
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.domain.statement import STATEMENT_TYPE, Assurance, PredicateType, TenantKind, policy_from_json
from vdw.errors import invalid
from vdw.trust.reading import Fields
from vdw.trust.signer import require_public_key
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


def parse_statement(value: JsonObject) -> Statement:
    """The typed statement. Raises `VdwError` (invalid_input) unless writing it again gives exactly `value`."""
    outer = Fields("statement", value)
    outer.require_exactly("_type", "subject", "predicateType", "predicate")
    if value["_type"] != STATEMENT_TYPE:
        raise invalid("statement._type", f"must be {STATEMENT_TYPE}")
    kind = outer.word("predicateType", PredicateType)
    reader = _READERS.get(kind)
    if reader is None:
        raise invalid("statement.predicateType", f"one of {', '.join(_READERS)}")
    subjects = outer.objects("subject")
    digest = Fields("statement.subject[0].digest", Fields("statement.subject[0]", subjects[0]).object("digest"))
    found = reader(Fields("statement.predicate", outer.object("predicate")), digest.digest("sha256"))
    if found.as_statement() != value:
        raise invalid("statement", "has a subject or a field that does not belong to it")
    return found


def _found(fields: Fields, prev: Digest) -> FoundStatement:
    return FoundStatement(
        tenant=fields.id("tenant"),
        kind=fields.word("kind", TenantKind),
        approver=fields.id("approver"),
        owner=fields.id("owner"),
        public_key=_public_key(fields),
        assurance=fields.word("assurance", Assurance),
        policy=policy_from_json(fields.object("policy")),
        time=fields.time("time"),
        prev=prev,
    )


def _refound(fields: Fields, prev: Digest) -> FoundStatement:
    rest = {name: item for name, item in fields.value.items() if name != "lost_head"}
    found = _found(Fields(fields.path, rest), prev)
    return FoundStatement(
        found.tenant,
        found.kind,
        found.approver,
        found.owner,
        found.public_key,
        found.assurance,
        found.policy,
        found.time,
        prev,
        fields.digest("lost_head"),
    )


def _enrol(fields: Fields, prev: Digest) -> EnrolStatement:
    return EnrolStatement(
        tenant=fields.id("tenant"),
        approver=fields.id("approver"),
        owner=fields.id("owner"),
        public_key=_public_key(fields),
        assurance=fields.word("assurance", Assurance),
        time=fields.time("time"),
        prev=prev,
    )


def _replace(fields: Fields, prev: Digest) -> ReplaceStatement:
    return ReplaceStatement(
        tenant=fields.id("tenant"),
        approver=fields.id("approver"),
        replaces=fields.id("replaces"),
        public_key=_public_key(fields),
        assurance=fields.word("assurance", Assurance),
        time=fields.time("time"),
        prev=prev,
    )


def _revoke(fields: Fields, prev: Digest) -> RevokeStatement:
    return RevokeStatement(fields.id("tenant"), fields.id("approver"), fields.time("time"), prev)


def _policy(fields: Fields, prev: Digest) -> PolicyStatement:
    return PolicyStatement(fields.id("tenant"), policy_from_json(fields.object("policy")), fields.time("time"), prev)


def _server_key(fields: Fields, prev: Digest) -> ServerKeyStatement:
    return ServerKeyStatement(fields.id("tenant"), fields.id("key"), _public_key(fields), fields.time("time"), prev)


def _decision(fields: Fields, digest: Digest) -> DecisionStatement:
    return DecisionStatement(
        verdict=fields.word("verdict", GateVerdict),
        gate=fields.word("gate", Phase),
        tenant=fields.id("tenant"),
        project=fields.id("project"),
        iteration=fields.number("iteration"),
        lane=fields.word("lane", Lane),
        digest=digest,
        review=fields.id("review"),
        brief=fields.digest("brief"),
        comments=fields.digest_or_null("comments"),
        approver=fields.id("approver"),
        assurance=fields.word("assurance", Assurance),
        owners=fields.ids("owners"),
        policy=fields.digest("policy"),
        log_head=fields.digest("log_head"),
        previous=fields.digest_or_null("previous"),
        template=fields.flag("template"),
        time=fields.time("time"),
    )


def _waiver(fields: Fields, _: Digest) -> WaiverStatement:
    subjects = [Fields(f"{fields.path}.subjects[{n}]", item) for n, item in enumerate(fields.objects("subjects"))]
    if len(subjects) > MAX_SUBJECTS:
        raise invalid(f"{fields.path}.subjects", f"at most {MAX_SUBJECTS}")
    return WaiverStatement(
        waiver=fields.id("waiver"),
        tenant=fields.id("tenant"),
        project=fields.id("project"),
        iteration=fields.number("iteration"),
        gate=fields.word("gate", Phase),
        rule=fields.id("rule"),
        subjects=tuple(Subject(subject.id("id"), subject.text("digest")) for subject in subjects),
        until=fields.day("until"),
        reason=fields.digest("reason"),
        approver=fields.id("approver"),
        assurance=fields.word("assurance", Assurance),
        owners=fields.ids("owners"),
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
