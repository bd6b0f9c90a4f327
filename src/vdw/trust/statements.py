"""Typed statements: what each kind says, how it is written, how it is read back strictly. Signed for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vdw.domain.canonical import Digest, JsonObject, digest_of
from vdw.domain.finding import Subject
from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.domain.statement import PredicateType, statement
from vdw.domain.tenant import TenantKind

MAX_SUBJECTS = 200
"""Elements one finding may name in a waiver."""


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """Entry 0 of a tenant's log, or with `lost_head` a new root after the sole approver's key was lost."""

    tenant: TenantId
    kind: TenantKind
    approver: ApproverId
    owner: PersonId
    public_key: str
    assurance: Assurance
    policy: Policy
    time: str
    prev: Digest
    lost_head: Digest | None = None

    @property
    def type(self) -> PredicateType:
        return PredicateType.REFOUND if self.lost_head else PredicateType.FOUND

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {
            "tenant": self.tenant,
            "kind": self.kind.value,
            "approver": self.approver,
            "owner": self.owner,
            "public_key": self.public_key,
            "assurance": self.assurance.value,
            "policy": self.policy.as_json(),
            "time": self.time,
        }
        if self.lost_head:
            predicate["lost_head"] = self.lost_head
        return _log_statement(self.type, self.tenant, self.prev, predicate)


@dataclass(frozen=True, slots=True)
class EnrolStatement:
    """A further approver."""

    type: ClassVar[PredicateType] = PredicateType.ENROL
    tenant: TenantId
    approver: ApproverId
    owner: PersonId
    public_key: str
    assurance: Assurance
    time: str
    prev: Digest

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {
            "tenant": self.tenant,
            "approver": self.approver,
            "owner": self.owner,
            "public_key": self.public_key,
            "assurance": self.assurance.value,
            "time": self.time,
        }
        return _log_statement(self.type, self.tenant, self.prev, predicate)


@dataclass(frozen=True, slots=True)
class ReplaceStatement:
    """A new key for the same person; the old one ends."""

    type: ClassVar[PredicateType] = PredicateType.REPLACE
    tenant: TenantId
    approver: ApproverId
    replaces: ApproverId
    public_key: str
    assurance: Assurance
    time: str
    prev: Digest

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {
            "tenant": self.tenant,
            "approver": self.approver,
            "replaces": self.replaces,
            "public_key": self.public_key,
            "assurance": self.assurance.value,
            "time": self.time,
        }
        return _log_statement(self.type, self.tenant, self.prev, predicate)


@dataclass(frozen=True, slots=True)
class RevokeStatement:
    """An approver's key ends; what it signed before stays."""

    type: ClassVar[PredicateType] = PredicateType.REVOKE
    tenant: TenantId
    approver: ApproverId
    time: str
    prev: Digest

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {"tenant": self.tenant, "approver": self.approver, "time": self.time}
        return _log_statement(self.type, self.tenant, self.prev, predicate)


@dataclass(frozen=True, slots=True)
class PolicyStatement:
    """What gates ask from this entry on."""

    type: ClassVar[PredicateType] = PredicateType.POLICY
    tenant: TenantId
    policy: Policy
    time: str
    prev: Digest

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {"tenant": self.tenant, "policy": self.policy.as_json(), "time": self.time}
        return _log_statement(self.type, self.tenant, self.prev, predicate)


@dataclass(frozen=True, slots=True)
class ServerKeyStatement:
    """A key by which the server vouches for verdicts and file lists."""

    type: ClassVar[PredicateType] = PredicateType.SERVER_KEY
    tenant: TenantId
    key: str
    public_key: str
    time: str
    prev: Digest

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {
            "tenant": self.tenant,
            "key": self.key,
            "public_key": self.public_key,
            "time": self.time,
        }
        return _log_statement(self.type, self.tenant, self.prev, predicate)


@dataclass(frozen=True, slots=True)
class DecisionStatement:
    """One person's verdict on one digest in one review, on exactly one brief."""

    type: ClassVar[PredicateType] = PredicateType.DECISION
    verdict: GateVerdict
    gate: Phase
    tenant: TenantId
    project: ProjectId
    iteration: int
    lane: Lane
    digest: Digest
    review: str
    brief: Digest
    comments: Digest | None
    approver: ApproverId
    assurance: Assurance
    owners: tuple[PersonId, ...]
    policy: Digest
    log_head: Digest
    previous: Digest | None
    template: bool
    time: str

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {
            "verdict": self.verdict.value,
            "gate": self.gate.value,
            "tenant": self.tenant,
            "project": self.project,
            "iteration": self.iteration,
            "lane": self.lane.value,
            "review": self.review,
            "brief": self.brief,
            "comments": self.comments,
            "approver": self.approver,
            "assurance": self.assurance.value,
            "owners": list(self.owners),
            "policy": self.policy,
            "log_head": self.log_head,
            "previous": self.previous,
            "template": self.template,
            "time": self.time,
        }
        return statement(self.type, f"vdw:{self.project}/{self.gate.value}", self.digest, predicate)


@dataclass(frozen=True, slots=True)
class WaiverStatement:
    """One person's waiver of one finding, until the end of a UTC day. `digest` is that of the finding
    (`waived_digest`)."""

    type: ClassVar[PredicateType] = PredicateType.WAIVER
    waiver: str
    tenant: TenantId
    project: ProjectId
    iteration: int
    gate: Phase
    rule: str
    subjects: tuple[Subject, ...]
    until: str
    reason: Digest
    approver: ApproverId
    assurance: Assurance
    owners: tuple[PersonId, ...]
    policy: Digest
    log_head: Digest
    previous: Digest | None
    time: str

    def as_statement(self) -> JsonObject:
        predicate: JsonObject = {
            "waiver": self.waiver,
            "tenant": self.tenant,
            "project": self.project,
            "iteration": self.iteration,
            "gate": self.gate.value,
            "rule": self.rule,
            "subjects": [{"id": subject.id, "digest": subject.digest} for subject in self.subjects],
            "until": self.until,
            "reason": self.reason,
            "approver": self.approver,
            "assurance": self.assurance.value,
            "owners": list(self.owners),
            "policy": self.policy,
            "log_head": self.log_head,
            "previous": self.previous,
            "time": self.time,
        }
        return statement(
            self.type, f"vdw:{self.project}/{self.gate.value}", waived_digest(self.rule, self.subjects), predicate
        )


Change = EnrolStatement | ReplaceStatement | RevokeStatement | PolicyStatement | ServerKeyStatement
Statement = FoundStatement | Change | DecisionStatement | WaiverStatement


def waived_digest(rule: str, subjects: tuple[Subject, ...]) -> Digest:
    """Digest of what a waiver is about: the rule, and all that it matched at its digests (`Finding.matched`)."""
    return digest_of({"rule": rule, "subjects": [{"id": subject.id, "digest": subject.digest} for subject in subjects]})


def _log_statement(kind: PredicateType, tenant: TenantId, prev: Digest, predicate: JsonObject) -> JsonObject:
    return statement(kind, f"vdw:{tenant}/trust-log", prev, predicate)
