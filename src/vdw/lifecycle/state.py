"""The state of one project: a pure value, folded from its events, stored as JSON beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import flag, items, mapping, number, text, texts
from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.stages import (
    LANE_PHASES,
    PHASES,
    IterationStatus,
    Lane,
    Phase,
    Stage,
    phase_number,
)

STATE_SCHEMA = "vdw.state/1"

EVERY_ITERATION_ANEW = (Phase.MOOD, Phase.VALIDATION)
"""Phases that are submitted and decided anew in every iteration: one states its vibe, the other judges by it."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One signed verdict in one review. `owner` is the person behind the approver."""

    approver: ApproverId
    owner: PersonId
    verdict: str
    envelope: str


@dataclass(frozen=True, slots=True)
class Review:
    """One sitting of a gate: for one digest, on one brief at a time, under one policy."""

    id: str
    phase: Phase
    digest: str
    brief: str
    facts: str
    policy: str
    """Hash of the trust-log entry that states the policy it is judged by."""
    log_head: str
    quorum: int
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """What n people signed, and what the policy asked of it then."""

    digest: str
    iteration: int
    review: str
    envelopes: tuple[str, ...]
    policy: JsonObject
    self_approved: bool
    template: bool


@dataclass(frozen=True, slots=True)
class PhaseWork:
    """One phase: its current revision and what stands approved. `revision` 0: nothing submitted yet."""

    stage: Stage = Stage.PENDING
    revision: int = 0
    iteration: int = 0
    """The iteration that the current revision was submitted in; its manifest names it."""
    digest: str = ""
    lane: Lane | None = None
    """Lane that the current revision's manifest names."""
    template: bool = False
    contributors: tuple[PersonId, ...] = ()
    """Owners that the current revision's manifest lists; sorted. They decide on it only where the policy says so."""
    approval: Approval | None = None
    suspended: bool = False
    """Reopened: the approval rests until `resume` or a new decision."""
    rejected: bool = False
    """These bytes were rejected after all that approved them."""
    sign_again: bool = False
    """Approved or in review under a root that was lost: no signature of then counts, and the bytes wait for new
    ones."""

    @property
    def approved_as_is(self) -> bool:
        """Whether an approval, suspended or not, fits the current bytes, and neither their rejection nor the loss of
        the root it was signed under came after it."""
        fits = self.approval is not None and self.approval.digest == self.digest
        return fits and not self.rejected and not self.sign_again


@dataclass(frozen=True, slots=True)
class ProjectState:
    """`phases` always has all five; those outside the lane keep what earlier iterations left."""

    tenant: TenantId
    project: ProjectId
    version: int
    iteration: int
    lane: Lane
    status: IterationStatus
    current: Phase | None
    """The one phase that is drafting or in review; None when no iteration is open."""
    source: str
    """Element id of the iteration's vibe (SRC-n)."""
    source_digest: str
    phases: Mapping[Phase, PhaseWork]
    review: Review | None = None
    verified: bool = False
    """Of the last completed iteration: every requirement verified at trust `run` or better."""
    completed: Mapping[Phase, PhaseWork] = field(default_factory=dict)
    """What the next iteration starts from: the phases as the last completed one left them; empty before the first."""
    covered: Mapping[Phase, PhaseWork] = field(default_factory=dict)
    """What this iteration approved last or was begun with, where a draft was submitted over it since; a phase with
    nothing submitted where that approval was its last and no earlier one may take its place."""
    last_revision: Mapping[Phase, int] = field(default_factory=dict)
    """Highest revision number ever given, so that an abandoned one is never reused."""
    contributed: Mapping[Phase, tuple[PersonId, ...]] = field(default_factory=dict)
    """Owners of all who submitted since the phase's last approved revision, those of abandoned iterations too."""
    made: Mapping[Phase, tuple[PersonId, ...]] = field(default_factory=dict)
    """Contributors of the phase's last approved revision, who contributed to what follows if its root is lost."""

    def work(self, phase: Phase) -> PhaseWork:
        return self.phases[phase]

    def with_phase(self, phase: Phase, work: PhaseWork) -> ProjectState:
        return replace(self, phases={**self.phases, phase: work})

    @property
    def lane_phases(self) -> tuple[Phase, ...]:
        return LANE_PHASES[self.lane]

    @property
    def place(self) -> tuple[str, str]:
        """The current phase and its stage; '' and the iteration's status when none is open."""
        return (self.current.value, self.phases[self.current].stage.value) if self.current else ("", self.status.value)

    @property
    def stage(self) -> Stage | None:
        return self.phases[self.current].stage if self.current is not None else None

    def next_revision(self, phase: Phase) -> int:
        return self.last_revision.get(phase, 0) + 1

    def contributors_with(self, phase: Phase, owner: PersonId) -> tuple[PersonId, ...]:
        """Who a new revision by this owner's principal lists as contributors."""
        return tuple(sorted({*self.contributed.get(phase, ()), owner}))

    def makers_are_listed(self, phase: Phase) -> bool:
        """Whether a new revision would list those who made the phase's last approved one."""
        return {*self.made.get(phase, ())} <= {*self.contributed.get(phase, ())}

    def must_be_renewed(self, phase: Phase) -> bool:
        """Whether the phase speaks of the iteration's vibe, and its revision is none or of an earlier iteration."""
        return phase in EVERY_ITERATION_ANEW and self.phases[phase].iteration != self.iteration

    @property
    def lane_moved(self) -> bool:
        """Whether the current phase is the mood and its revision is of another lane: no review opens on it (law 8)."""
        return self.current is Phase.MOOD and self.phases[Phase.MOOD].lane is not self.lane

    def later(self, phase: Phase) -> tuple[Phase, ...]:
        return tuple(other for other in PHASES if phase_number(other) > phase_number(phase))


def state_to_json(state: ProjectState) -> JsonObject:
    return {
        "schema": STATE_SCHEMA,
        "tenant": state.tenant,
        "project": state.project,
        "version": state.version,
        "iteration": state.iteration,
        "lane": state.lane.value,
        "status": state.status.value,
        "current": state.current.value if state.current else None,
        "source": state.source,
        "source_digest": state.source_digest,
        "phases": {phase.value: _work_json(work) for phase, work in state.phases.items()},
        "completed": {phase.value: _work_json(work) for phase, work in state.completed.items()},
        "covered": {phase.value: _work_json(work) for phase, work in state.covered.items()},
        "review": _review_json(state.review) if state.review else None,
        "verified": state.verified,
        "last_revision": {phase.value: highest for phase, highest in state.last_revision.items()},
        "contributed": {phase.value: list(owners) for phase, owners in state.contributed.items()},
        "made": {phase.value: list(owners) for phase, owners in state.made.items()},
    }


def state_from_json(value: JsonObject) -> ProjectState:
    """Reads what `state_to_json` wrote; the store is trusted to return its own bytes."""
    return ProjectState(
        tenant=TenantId(text(value["tenant"])),
        project=ProjectId(text(value["project"])),
        version=number(value["version"]),
        iteration=number(value["iteration"]),
        lane=Lane(text(value["lane"])),
        status=IterationStatus(text(value["status"])),
        current=Phase(text(value["current"])) if value["current"] else None,
        source=text(value["source"]),
        source_digest=text(value["source_digest"]),
        phases={Phase(name): _work_from(item) for name, item in mapping(value["phases"]).items()},
        completed={Phase(name): _work_from(item) for name, item in mapping(value["completed"]).items()},
        covered={Phase(name): _work_from(item) for name, item in mapping(value.get("covered", {})).items()},
        review=_review_from(value["review"]) if value["review"] else None,
        verified=flag(value["verified"]),
        last_revision={Phase(name): number(item) for name, item in mapping(value["last_revision"]).items()},
        contributed={Phase(name): persons(item) for name, item in mapping(value["contributed"]).items()},
        made={Phase(name): persons(item) for name, item in mapping(value.get("made", {})).items()},
    )


def _work_json(work: PhaseWork) -> JsonObject:
    approval = work.approval
    return {
        "stage": work.stage.value,
        "revision": work.revision,
        "iteration": work.iteration,
        "digest": work.digest,
        "lane": work.lane.value if work.lane else None,
        "template": work.template,
        "contributors": list(work.contributors),
        "suspended": work.suspended,
        "rejected": work.rejected,
        "sign_again": work.sign_again,
        "approval": approval_to_json(approval) if approval else None,
    }


def _work_from(value: JsonValue) -> PhaseWork:
    data = mapping(value)
    return PhaseWork(
        stage=Stage(text(data["stage"])),
        revision=number(data["revision"]),
        iteration=number(data["iteration"]),
        digest=text(data["digest"]),
        lane=Lane(text(data["lane"])) if data["lane"] else None,
        template=flag(data["template"]),
        contributors=persons(data["contributors"]),
        suspended=flag(data["suspended"]),
        rejected=flag(data["rejected"]),
        sign_again=flag(data.get("sign_again", False)),
        approval=approval_from_json(data["approval"]) if data["approval"] else None,
    )


def approval_to_json(approval: Approval) -> JsonObject:
    return {
        "digest": approval.digest,
        "iteration": approval.iteration,
        "review": approval.review,
        "envelopes": list(approval.envelopes),
        "policy": approval.policy,
        "self_approved": approval.self_approved,
        "template": approval.template,
    }


def approval_from_json(value: JsonValue) -> Approval:
    data = mapping(value)
    return Approval(
        digest=text(data["digest"]),
        iteration=number(data["iteration"]),
        review=text(data["review"]),
        envelopes=texts(data["envelopes"]),
        policy=mapping(data["policy"]),
        self_approved=flag(data["self_approved"]),
        template=flag(data["template"]),
    )


def _review_json(review: Review) -> JsonObject:
    return {
        "id": review.id,
        "phase": review.phase.value,
        "digest": review.digest,
        "brief": review.brief,
        "facts": review.facts,
        "policy": review.policy,
        "log_head": review.log_head,
        "quorum": review.quorum,
        "votes": [
            {"approver": vote.approver, "owner": vote.owner, "verdict": vote.verdict, "envelope": vote.envelope}
            for vote in review.votes
        ],
    }


def _review_from(value: JsonValue) -> Review:
    data = mapping(value)
    return Review(
        id=text(data["id"]),
        phase=Phase(text(data["phase"])),
        digest=text(data["digest"]),
        brief=text(data["brief"]),
        facts=text(data["facts"]),
        policy=text(data["policy"]),
        log_head=text(data["log_head"]),
        quorum=number(data["quorum"]),
        votes=tuple(_vote_from(item) for item in items(data["votes"])),
    )


def persons(value: JsonValue) -> tuple[PersonId, ...]:
    return tuple(PersonId(person) for person in texts(value))


def _vote_from(value: JsonValue) -> Vote:
    data = mapping(value)
    return Vote(
        ApproverId(text(data["approver"])), PersonId(text(data["owner"])), text(data["verdict"]), text(data["envelope"])
    )
