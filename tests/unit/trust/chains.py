"""Trust logs for tests, written with the product's own functions. Keys come from names, so every run signs alike."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from vdw.domain.canonical import ZERO_DIGEST, Digest, JsonObject, digest_bytes
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping
from vdw.domain.finding import Subject
from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.domain.tenant import TenantKind
from vdw.domain.trust_entry import TrustEntry
from vdw.trust.acceptance import append
from vdw.trust.chain import entry_hash
from vdw.trust.envelope import Envelope, sign
from vdw.trust.pin import Pin
from vdw.trust.signer import DemoSigner, KeySigner, Signer
from vdw.trust.state import TrustState
from vdw.trust.statements import (
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

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TIME = timestamp(NOW)
TENANT = TenantId("ten_a")
PRJ_A = ProjectId("prj_a")
SOLO = Policy(quorum=1, self_approval=True)
ARTIFACT = digest_bytes(b"the manifest")
BRIEF = digest_bytes(b"the brief")


def secret(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def signer(name: str) -> KeySigner:
    """The key of the approver `apr_<name>`, whose owner is `per_<name>` up to the first underscore."""
    return KeySigner(approver(name), secret(name))


def approver(name: str) -> ApproverId:
    return ApproverId(f"apr_{name}")


def owner(name: str) -> PersonId:
    return PersonId(f"per_{name.partition('_')[0]}")


def founding(name: str = "ada", policy: Policy = SOLO, tenant: TenantId = TENANT) -> FoundStatement:
    return FoundStatement(
        tenant=tenant,
        kind=TenantKind.REAL,
        approver=approver(name),
        owner=owner(name),
        public_key=signer(name).public_key,
        assurance=Assurance.KEY,
        policy=policy,
        time=TIME,
        prev=ZERO_DIGEST,
    )


def signed(statement: Statement, *signers: Signer) -> Envelope:
    return sign(statement.as_statement(), signers)


class Log:
    """A log founded by `founder`. Each method appends one entry, verified as the product verifies it, and returns
    it."""

    def __init__(self, founder: str = "ada", policy: Policy = SOLO, tenant: TenantId = TENANT) -> None:
        self.entries: list[TrustEntry] = []
        entry, self.state = append(None, signed(founding(founder, policy, tenant), signer(founder)), TIME)
        self.entries.append(entry)

    @property
    def pin(self) -> Pin:
        """What `trust.json` holds after the last entry."""
        return Pin(self.state.root, self.state.head, self.state.position)

    def add(self, statement: Statement, *by: str) -> TrustEntry:
        return self.add_envelope(signed(statement, *(signer(name) for name in by)))

    def add_envelope(self, envelope: Envelope) -> TrustEntry:
        entry, self.state = append(self.state, envelope, TIME)
        self.entries.append(entry)
        return entry

    def enrol(self, name: str, *by: str) -> TrustEntry:
        return self.add(self.enrolment(name), *by)

    def enrolment(self, name: str) -> EnrolStatement:
        public_key = signer(name).public_key
        return EnrolStatement(TENANT, approver(name), owner(name), public_key, Assurance.KEY, TIME, self.state.head)

    def replace(self, old: str, new: str, *by: str) -> TrustEntry:
        public_key = signer(new).public_key
        statement = ReplaceStatement(
            TENANT, approver(new), approver(old), public_key, Assurance.KEY, TIME, self.state.head
        )
        return self.add(statement, *by)

    def revoke(self, name: str, *by: str) -> TrustEntry:
        return self.add(RevokeStatement(TENANT, approver(name), TIME, self.state.head), *by)

    def policy(self, policy: Policy, *by: str) -> TrustEntry:
        return self.add(PolicyStatement(TENANT, policy, TIME, self.state.head), *by)

    def server_key(self, name: str, *by: str) -> TrustEntry:
        statement = ServerKeyStatement(TENANT, f"srv_{name}", signer(name).public_key, TIME, self.state.head)
        return self.add(statement, *by)

    def refounding(self, name: str) -> FoundStatement:
        return replace(founding(name), prev=self.state.head, lost_head=self.state.head)

    def refound(self, name: str) -> TrustEntry:
        return self.add(self.refounding(name), name)

    def decision(self, by: str = "ada", **changes: object) -> DecisionStatement:
        """An approval of `ARTIFACT` in review `rev_1` of `prj_a` as it stands now; `changes` replace fields."""
        project = str(changes.get("project", "prj_a"))
        made = DecisionStatement(
            verdict=GateVerdict.APPROVE,
            gate=Phase.MOOD,
            tenant=TENANT,
            project=ProjectId(project),
            iteration=1,
            lane=Lane.FULL,
            digest=ARTIFACT,
            review="rev_1",
            brief=BRIEF,
            comments=None,
            approver=approver(by),
            assurance=Assurance.KEY,
            owners=(PersonId("per_author"),),
            policy=self.state.policy_entry,
            log_head=self.state.head,
            previous=self.state.last_statement(ProjectId(project)),
            template=False,
            time=TIME,
        )
        return replace(made, **changes)  # type: ignore[arg-type]  # a test that misspells a field fails at once

    def decide(self, by: str = "ada", **changes: object) -> TrustEntry:
        return self.add(self.decision(by, **changes), by)

    def waiver(self, by: str = "ada", **changes: object) -> WaiverStatement:
        made = WaiverStatement(
            waiver="wai_1",
            tenant=TENANT,
            project=PRJ_A,
            iteration=1,
            gate=Phase.MOOD,
            rule="missing_acceptance",
            subjects=(Subject("REQ-001", digest_bytes(b"REQ-001")), Subject("mood", "")),
            until="2026-12-31",
            reason=digest_bytes(b"the reason"),
            approver=approver(by),
            assurance=Assurance.KEY,
            owners=(PersonId("per_author"),),
            policy=self.state.policy_entry,
            log_head=self.state.head,
            previous=self.state.last_statement(PRJ_A),
            time=TIME,
        )
        return replace(made, **changes)  # type: ignore[arg-type]  # as above

    def waive(self, by: str = "ada", **changes: object) -> TrustEntry:
        return self.add(self.waiver(by, **changes), by)


def team(*names: str, policy: Policy | None = None) -> Log:
    """A log with these approvers, the first of them its founder, and then the policy if one is given."""
    log = Log(names[0])
    for name in names[1:]:
        log.enrol(name, names[0])
    if policy is not None:
        log.policy(policy, names[0])
    return log


def demo_founding() -> tuple[FoundStatement, DemoSigner]:
    """A demo tenant's founding, and its signer."""
    policy = Policy(quorum=1, self_approval=True, assurance=(Assurance.DEMO,))
    statement = replace(founding(), kind=TenantKind.DEMO, assurance=Assurance.DEMO, policy=policy)
    return statement, DemoSigner(approver("ada"), secret("ada"))


def forged_entry(state: TrustState, envelope: Envelope) -> TrustEntry:
    """The row that somebody with the database, but without a key in force, would insert after `state`."""
    return forged_row(envelope, state.head, state.position + 1)


def forged_row(envelope: Envelope, prev: Digest, position: int, tenant: TenantId = TENANT) -> TrustEntry:
    """A row whose hashes are all right."""
    digest = envelope.digest()
    return TrustEntry(tenant, position, prev, entry_hash(prev, digest, TIME), digest, envelope.body(), TIME)


def predicate(statement: JsonObject) -> JsonObject:
    return mapping(statement["predicate"])


def subject_of(statement: JsonObject) -> JsonObject:
    return mapping(items(statement["subject"])[0])
