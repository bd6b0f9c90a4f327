"""One project driven step by step through `decide` and `evolve`, as the service would: the walker says what a caller
says, and adds honestly what the service knows (facts, findings, policy, approvers in force)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.policy import Policy
from vdw.domain.stages import GateVerdict, IterationStatus, Lane, Phase, ReviewEnd
from vdw.errors import LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle import phases
from vdw.lifecycle.events import Event
from vdw.lifecycle.state import ProjectState

Decide = Callable[[ProjectState, c.Command], tuple[Event, ...]]
Evolve = Callable[[ProjectState, Event], ProjectState]

AGENT_OWNER = PersonId("ann")
"""Answers for the agents that submit, unless a test says otherwise."""

APPROVERS = tuple(ApproverId(f"key-{name}") for name in ("bob", "cat", "dan", "ann"))
"""Ann is one too, so that separation has somebody to refuse."""


def owner_of(approver: str) -> PersonId:
    """The person behind a key; `key-bob-2` is a second one of Bob's."""
    return PersonId(approver.removeprefix("key-").removesuffix("-2"))


def everybody() -> dict[ApproverId, PersonId]:
    """Approver -> owner."""
    return {approver: owner_of(approver) for approver in APPROVERS}


@dataclass(frozen=True, slots=True)
class Truth:
    """What the service knows at a moment, whatever a caller says."""

    policy: Policy
    entry: str
    facts: str
    blocking: int
    approvers: Mapping[ApproverId, PersonId]


@dataclass(frozen=True, slots=True)
class Step:
    """What one command did. `command` is None for a phase passed by its standing approval."""

    command: c.Command | None
    truth: Truth
    before: ProjectState
    events: tuple[Event, ...]
    after: ProjectState
    refusal: LawRefusal | None = None


@dataclass
class Walk:
    lane: Lane = Lane.FULL
    policy: Policy = field(default_factory=Policy)
    decide: Decide = phases.decide
    evolve: Evolve = phases.evolve
    approvers: dict[ApproverId, PersonId] = field(default_factory=everybody)
    blocking: int = 0
    facts: int = 0
    entries: int = 0
    names: int = 0
    lost: frozenset[str] = frozenset()
    """Envelopes signed under roots that were lost since."""
    state: ProjectState = field(init=False)
    history: list[Event] = field(init=False)

    def __post_init__(self) -> None:
        self.history = [phases.create(TenantId("tenant"), ProjectId("project"), self.lane, "vibe", self.policy)]
        self.state = phases.first_state(self.history[0])

    def truth(self) -> Truth:
        return Truth(self.policy, f"policy-{self.entries}", f"facts-{self.facts}", self.blocking, dict(self.approvers))

    def name(self, kind: str) -> str:
        """A name that nothing else has, as random ids and digests have none like them."""
        self.names += 1
        return f"{kind}-{self.names}"

    def do(self, command: c.Command) -> tuple[Event, ...]:
        """Decides and evolves; raises what `decide` raises, after it was recorded."""
        before = self.state
        try:
            events = self.decide(before, command)
        except LawRefusal as refusal:
            self.record(Step(command, self.truth(), before, (), before, refusal))
            raise
        self._happened(command, events)
        if isinstance(command, c.StartIteration):
            self._put_back()
        return events

    def record(self, step: Step) -> None:
        """For a walker that watches its steps."""

    def stand(self) -> list[Phase]:
        """Passes every phase that its standing approval passes now, and returns them: what the service does after a
        command that may have reached a phase."""
        done: list[Phase] = []
        while not self.blocking and (phase := phases.stands_for(self.state, self.policy)):
            self._happened(None, (phases.passed(phase, self.state.work(phase)),))
            done.append(phase)
        return done

    def _happened(self, command: c.Command | None, events: tuple[Event, ...]) -> None:
        before = self.state
        for event in events:
            self.state = self.evolve(self.state, event)
        self.history += events
        self.record(Step(command, self.truth(), before, events, self.state))

    # What a tenant does.

    def change_policy(self, policy: Policy, *, close: bool = True) -> None:
        self.policy = policy
        self.entries += 1
        if close and self.state.review is not None:
            self.do(c.CloseReview(ReviewEnd.POLICY_CHANGED))

    def refound(self) -> None:
        """A new root. An open iteration goes back to its first gate; an ended one stays as it is, and the next one
        starts from what is to be signed again."""
        works = (*self.state.phases.values(), *self.state.completed.values())
        self.lost |= {envelope for work in works if work.approval for envelope in work.approval.envelopes}
        self.entries += 1
        if self.state.current is not None:
            self._put_back()

    def _put_back(self) -> None:
        command = self.refound_command()
        if command.lost or command.review:
            self.do(command)

    def move_facts(self, blocking: int = 0) -> None:
        self.facts += 1
        self.blocking = blocking

    # What callers say. Each may be given other words than the true ones.

    def submit(
        self,
        owner: str = AGENT_OWNER,
        *,
        phase: Phase | None = None,
        template: bool = False,
        withdraw: bool = False,
    ) -> tuple[Event, ...]:
        return self.do(c.Submit(phase or self.here, self.name("digest"), PersonId(owner), template, withdraw))

    def review_command(self, digest: str | None = None) -> c.RequestReview:
        truth = self.truth()
        return c.RequestReview(
            review=self.name("review"),
            digest=self.state.work(self.here).digest if digest is None else digest,
            brief=self.name("brief"),
            facts=truth.facts,
            blocking=truth.blocking,
            policy=truth.policy,
            policy_entry=truth.entry,
            log_head="head",
        )

    def request_review(self, digest: str | None = None) -> tuple[Event, ...]:
        return self.do(self.review_command(digest))

    def reissue(self) -> tuple[Event, ...]:
        review = self.state.review
        return self.do(c.ReissueBrief(review.id if review else "", self.name("brief"), f"facts-{self.facts}"))

    def enrol(self, approver: str) -> None:
        self.approvers[ApproverId(approver)] = owner_of(approver)

    def revoke(self, approver: str) -> None:
        self.approvers.pop(ApproverId(approver), None)

    def ballot(self, approver: str, verdict: GateVerdict = GateVerdict.APPROVE) -> c.CastVote:
        """A vote on what is in review now."""
        review, truth = self.state.review, self.truth()
        return c.CastVote(
            review=review.id if review else "no review",
            digest=review.digest if review else "no digest",
            brief=review.brief if review else "no brief",
            verdict=verdict,
            approver=ApproverId(approver),
            owner=owner_of(approver),
            envelope=self.name("envelope"),
            facts=truth.facts,
            blocking=truth.blocking,
            policy=truth.policy,
            policy_entry=truth.entry,
            approvers_in_force=frozenset(truth.approvers),
        )

    def as_of_now(self, ballot: c.CastVote) -> c.CastVote:
        """The same signed statement, arriving now: what the service adds is of now."""
        truth = self.truth()
        return replace(
            ballot,
            facts=truth.facts,
            blocking=truth.blocking,
            policy=truth.policy,
            policy_entry=truth.entry,
            approvers_in_force=frozenset(truth.approvers),
        )

    def vote(self, approver: str = "key-bob", verdict: GateVerdict = GateVerdict.APPROVE) -> tuple[Event, ...]:
        return self.do(self.ballot(approver, verdict))

    def reject(self, approver: str = "key-bob") -> tuple[Event, ...]:
        return self.vote(approver, GateVerdict.REJECT)

    def waive(self, owner: str = "bob", *, waivable: bool = True) -> tuple[Event, ...]:
        return self.do(self.waiver(owner, waivable=waivable))

    def waiver(self, owner: str = "bob", *, waivable: bool = True) -> c.Waive:
        return c.Waive(
            self.name("waiver"),
            "uncovered",
            ("REQ-001",),
            waivable,
            "2027-01-31",
            ApproverId(f"key-{owner}"),
            PersonId(owner),
            self.name("envelope"),
            self.policy,
        )

    def record_evidence(self) -> tuple[Event, ...]:
        return self.do(c.RecordEvidence(self.name("evidence"), "run"))

    def reopen(self, phase: Phase) -> tuple[Event, ...]:
        return self.do(c.Reopen(phase))

    def resume(self) -> tuple[Event, ...]:
        return self.do(c.Resume())

    def change_lane(self, lane: Lane) -> tuple[Event, ...]:
        return self.do(c.ChangeLane(lane, self.policy))

    def abandon(self, *, by_human: bool = True) -> tuple[Event, ...]:
        return self.do(c.Abandon(by_human))

    def start_iteration(self, lane: Lane = Lane.FULL) -> tuple[Event, ...]:
        number = self.state.iteration + 1
        return self.do(c.StartIteration(lane, f"SRC-{number}", self.name("vibe"), self.policy))

    def refound_command(self) -> c.Refound:
        """What the root that was lost last asks of the project as it is."""
        review = self.state.review
        approvals = {phase: work.approval for phase, work in self.state.phases.items() if work.approval}
        lost = frozenset(phase for phase, given in approvals.items() if self.lost & set(given.envelopes))
        return c.Refound(
            lost=lost,
            made=lost,
            review=review.id if review and review.policy != self.truth().entry else "",
            root="root",
            position=self.entries,
        )

    def one_of_each(self) -> list[c.Command]:
        """A command of every kind, as well meant as one can be here."""
        review, truth = self.state.review, self.truth()
        name = review.id if review else "no review"
        return [
            c.Submit(self.here, self.name("digest"), AGENT_OWNER, withdraw=True),
            self.review_command(),
            c.ReissueBrief(name, self.name("brief"), truth.facts),
            self.ballot("key-bob"),
            c.CloseReview(ReviewEnd.FINDING),
            self.waiver(),
            c.RecordEvidence(self.name("evidence"), "run"),
            c.Reopen(Phase.MOOD),
            c.Resume(),
            c.ChangeLane(Lane.LIGHT if self.state.lane is Lane.FULL else Lane.FULL, truth.policy),
            c.Abandon(by_human=True),
            c.StartIteration(Lane.FULL, f"SRC-{self.state.iteration + 1}", self.name("vibe"), truth.policy),
            self.refound_command(),
        ]

    # Whole stretches of the way.

    @property
    def here(self) -> Phase:
        return self.state.current or Phase.MOOD

    def open_review(self, owner: str = AGENT_OWNER) -> None:
        self.submit(owner)
        self.request_review()

    def pass_gate(self, owner: str = AGENT_OWNER) -> None:
        """Submits, reviews and approves the current phase, then lets standing approvals pass what they pass."""
        self.open_review(owner)
        for approver in ("key-bob", "key-cat", "key-dan")[: self.policy.quorum]:
            self.vote(approver)
        self.stand()

    def go_to(self, phase: Phase) -> Walk:
        while self.here is not phase:
            self.pass_gate()
        return self

    def complete(self) -> Walk:
        while self.state.status is IterationStatus.OPEN:
            self.pass_gate()
        return self
