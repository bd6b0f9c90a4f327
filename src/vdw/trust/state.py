"""A tenant's trust: what its log says up to one entry. Immutable, pure; nothing is verified here (see `chain`).

Order is the chain's, never a clock's: a key signs validly at the positions after it was enrolled and up to the one that
ends it, so what it signed before stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from vdw.domain.canonical import Digest
from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.stages import GateVerdict, Phase
from vdw.domain.tenant import TenantKind
from vdw.domain.trust_entry import TrustEntry
from vdw.trust.growing import Growing
from vdw.trust.refusals import distrusted
from vdw.trust.statements import (
    Change,
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

S = TypeVar("S", DecisionStatement, WaiverStatement)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Approver:
    """A key and the person behind it. It signs validly at positions above `since` and not above `until`."""

    id: ApproverId
    owner: PersonId
    public_key: str
    assurance: Assurance
    since: int
    until: int | None = None
    """Position of the entry that ended it; None while in force."""


@dataclass(frozen=True, slots=True)
class Root:
    """A founding, and the stretch of the log in which its approvers decided."""

    entry: Digest
    """Hash of the founding's entry."""
    position: int
    replaced_at: int | None = None
    """Position of the refounding that replaced it; None for the present root."""

    @property
    def mark(self) -> str:
        """What every view says of an approval under a root that is over; '' for the present one."""
        return "" if self.replaced_at is None else f"under a root that was replaced at entry {self.replaced_at}"

    def covers(self, position: int) -> bool:
        return self.position <= position and (self.replaced_at is None or position < self.replaced_at)


@dataclass(frozen=True, slots=True)
class Accepted(Generic[S]):
    """A statement that took effect at `position`."""

    statement: S
    position: int
    envelope: Digest


@dataclass(frozen=True, slots=True)
class TrustState:
    """What holds after the entry at `position`, whose hash is `head`."""

    tenant: TenantId
    kind: TenantKind
    root: Digest
    """Hash of the entry that founded or last refounded the log."""
    root_position: int
    head: Digest
    position: int
    policy: Policy
    policy_entry: Digest
    """Hash of the entry that states the policy in force."""
    policies: Mapping[Digest, Policy]
    """Every policy that ever was in force, by the hash of its entry."""
    approvers: Mapping[ApproverId, Approver]
    """All that ever were, by id."""
    server_keys: Mapping[str, str] = field(default_factory=dict)
    """Key id → base64 of the public key, as enrolled under the present root."""
    positions: Growing[Digest, int] = field(default_factory=Growing)
    """Entry hash → position, for every entry."""
    decisions: Growing[str, Accepted[DecisionStatement]] = field(default_factory=Growing)
    """By envelope digest, in the order of the log; those under a lost root too."""
    waivers: Growing[str, Accepted[WaiverStatement]] = field(default_factory=Growing)
    reviews: Growing[tuple[str, str], tuple[Digest, ...]] = field(default_factory=Growing)
    """(Project, review) → envelope digests of its votes, in the order of the log."""
    reviewed: Growing[tuple[str, str], tuple[str, ...]] = field(default_factory=Growing)
    """(Project, artifact digest) → ids of the reviews in which it was voted on, each once."""
    gates: Growing[tuple[str, Phase], tuple[str, ...]] = field(default_factory=Growing)
    """(Project, gate) → ids of the reviews in which it was voted on, each once."""
    statements: Growing[str, Digest] = field(default_factory=Growing)
    """Project → envelope digest of its newest decision or waiver."""
    lost_roots: tuple[Root, ...] = ()
    """Roots that a refounding replaced, oldest first. What was decided under them opens nothing."""

    @property
    def founder(self) -> ApproverId:
        """Id of the approver who signed the present root."""
        return next(approver.id for approver in self.approvers.values() if approver.since == self.root_position)

    @property
    def present_root(self) -> Root:
        return Root(self.root, self.root_position)

    def roots_from(self, root: Root) -> tuple[Root, ...]:
        """The root and those that replaced it, oldest first."""
        return tuple(found for found in (*self.lost_roots, self.present_root) if found.position >= root.position)

    def root_at(self, position: int) -> Root:
        """The root in force at this position of the log."""
        return next((lost for lost in self.lost_roots if lost.covers(position)), self.present_root)

    @property
    def in_force(self) -> tuple[ApproverId, ...]:
        """Ids of the approvers that may sign the next entry."""
        return tuple(approver.id for approver in self.approvers.values() if approver.until is None)

    def owner_of(self, approver: ApproverId) -> PersonId:
        return self.approvers[approver].owner

    def owners_in_force(self) -> frozenset[PersonId]:
        return frozenset(self.owner_of(approver) for approver in self.in_force)

    def approves(self, envelope: str, project: ProjectId, digest: str, root: Root | None = None) -> bool:
        """Whether this envelope approves this digest under the root, by default the present one. Whether it suffices,
        `votes` counts."""
        accepted = self.decisions.get(envelope)
        if accepted is None or not (root or self.present_root).covers(accepted.position):
            return False
        found = accepted.statement
        return (found.project, found.digest, found.verdict) == (project, digest, GateVerdict.APPROVE)

    def last_statement(self, project: ProjectId) -> Digest | None:
        return self.statements.get(project)


def apply(state: TrustState | None, found: Statement, entry: TrustEntry) -> TrustState:
    """The state after an entry whose statement has been found authorized."""
    if isinstance(found, FoundStatement):
        changed = _founded(state, found, entry)
    elif state is None:
        raise distrusted("the log does not begin with its founding")
    else:
        changed = _changed(state, found, entry)
    positions = changed.positions.plus(entry.hash, entry.position)
    return replace(changed, head=entry.hash, position=entry.position, positions=positions)


def _founded(state: TrustState | None, found: FoundStatement, entry: TrustEntry) -> TrustState:
    approver = Approver(found.approver, found.owner, found.public_key, found.assurance, entry.position)
    earlier = {item.id: _ended(item, entry.position) for item in state.approvers.values()} if state else {}
    return TrustState(
        tenant=found.tenant,
        kind=found.kind,
        root=entry.hash,
        root_position=entry.position,
        head=entry.hash,
        position=entry.position,
        policy=found.policy,
        policy_entry=entry.hash,
        policies={**(state.policies if state else {}), entry.hash: found.policy},
        approvers={**earlier, approver.id: approver},
        positions=state.positions if state else Growing(),
        decisions=state.decisions if state else Growing(),
        waivers=state.waivers if state else Growing(),
        reviews=state.reviews if state else Growing(),
        reviewed=state.reviewed if state else Growing(),
        gates=state.gates if state else Growing(),
        statements=state.statements if state else Growing(),
        lost_roots=(*state.lost_roots, replace(state.present_root, replaced_at=entry.position)) if state else (),
    )


def _changed(state: TrustState, found: Change | DecisionStatement | WaiverStatement, entry: TrustEntry) -> TrustState:
    here = entry.position
    match found:
        case DecisionStatement():
            return _decided(state, Accepted(found, here, entry.envelope_digest))
        case WaiverStatement():
            waived = Accepted(found, here, entry.envelope_digest)
            return replace(
                state,
                waivers=state.waivers.plus(waived.envelope, waived),
                statements=state.statements.plus(found.project, waived.envelope),
            )
        case PolicyStatement():
            policies = {**state.policies, entry.hash: found.policy}
            return replace(state, policy=found.policy, policy_entry=entry.hash, policies=policies)
        case EnrolStatement():
            return _with(state, Approver(found.approver, found.owner, found.public_key, found.assurance, here))
        case ReplaceStatement():
            old = state.approvers[found.replaces]
            new = Approver(found.approver, old.owner, found.public_key, found.assurance, here)
            return _with(state, _ended(old, here), new)
        case RevokeStatement():
            return _with(state, _ended(state.approvers[found.approver], here))
        case ServerKeyStatement():
            return replace(state, server_keys={**state.server_keys, found.key: found.public_key})


def _decided(state: TrustState, vote: Accepted[DecisionStatement]) -> TrustState:
    found = vote.statement
    review, votes = (found.project, found.review), state.reviews.get((found.project, found.review), ())
    return replace(
        state,
        decisions=state.decisions.plus(vote.envelope, vote),
        reviews=state.reviews.plus(review, (*votes, vote.envelope)),
        reviewed=_with_review(state.reviewed, (found.project, found.digest), found.review),
        gates=_with_review(state.gates, (found.project, found.gate), found.review),
        statements=state.statements.plus(found.project, vote.envelope),
    )


def _with_review(known: Growing[K, tuple[str, ...]], key: K, review: str) -> Growing[K, tuple[str, ...]]:
    seen = known.get(key, ())
    return known if review in seen else known.plus(key, (*seen, review))


def _with(state: TrustState, *approvers: Approver) -> TrustState:
    return replace(state, approvers={**state.approvers, **{approver.id: approver for approver in approvers}})


def _ended(approver: Approver, position: int) -> Approver:
    return approver if approver.until is not None else replace(approver, until=position)
