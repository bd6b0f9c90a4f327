"""The laws of the lifecycle: pure, without I/O, each with a property test.

1. A phase is worked on only when every phase before it in its lane holds an approval for its current digest. Evidence
   is taken from implementation on; only what is approved is exported, and told where it stands no longer.
2. Only an approver in force decides, and never an owner of a contributor, unless the policy says so (then
   `self_approved`). Who has no owner may read, never submit. Only a human abandons. What the policy does not have, a
   lane or template drafts, nobody uses.
3. A review is of the current revision, and that does not move while it is open. A vote names its review, digest, policy
   and brief, and counts only there, while that review is open.
4. A revision with a blocking finding enters no review, and closes none. Without a revision of this iteration there is
   nothing to review and nothing to waive; missing prerequisites and broken signatures are never waived.
5. One verdict a review: n different owners approve, or the first rejection ends it. A vote is final; that of an
   approver no longer in force is void. What was rejected passes by no earlier approval, and nothing passes by one that
   was signed under a lost root.
6. Nothing is deleted: every event adds, and the timeline shows it. No revision number is given twice.
7. The same command again gives the same answer and has no second effect.
8. Only the current phase is `drafting` or in `review`, and it is one of the lane's. Reopening makes an approved phase
   current; later phases keep revision and approval, and pass by a standing approval or are walked again. Light to full
   at any time; full to light only by a new mood decision, and the light lane changes nothing that architecture or
   specification rest on. A project has one open iteration at most; an ended one never changes, and the next starts from
   the last completed one and decides mood and validation anew.
9. Every command in every situation has exactly one answer, and each refusal names its law.

Of 7 the service keeps what it takes to know the caller; `decide` is pure, so the same state gives the same answer. The
answers of 9 stand in `table`. `decide` says what follows from a command (at a gate: `gates`); `evolve` is the only way
a state changes.
"""

from __future__ import annotations

from functools import reduce

from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.policy import Policy, policy_from_json
from vdw.domain.stages import LANE_PHASES, PHASES, Lane, Phase, ReviewEnd, Stage, phase_number
from vdw.errors import ErrorCode, LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle import gates
from vdw.lifecycle.events import Event, EventType, event
from vdw.lifecycle.evolution import created, evolve, first_state
from vdw.lifecycle.state import PhaseWork, ProjectState
from vdw.lifecycle.table import TABLE, Refused, situation

__all__ = [
    "create",
    "current_phase",
    "decide",
    "evolve",
    "first_state",
    "fold",
    "may_stand",
    "passed",
    "require_allowed",
    "stands_for",
]


def create(tenant: TenantId, project: ProjectId, lane: Lane, source_digest: str, policy: Policy) -> Event:
    """The first event of a project. Raises `LawRefusal` (2) if the policy has no such lane."""
    gates.require_lane(lane, policy)
    return created(tenant, project, lane, source_digest)


def decide(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
    """The events that follow from the command. Raises `LawRefusal` naming the law; changes nothing."""
    require_allowed(state, c.KIND[type(command)])
    if isinstance(command, c.StartIteration):
        return _start_iteration(state, command)
    current = current_phase(state)
    match command:
        case c.Submit():
            return _submit(state, current, command)
        case c.RequestReview():
            return gates.request_review(state, current, command)
        case c.ReissueBrief():
            return gates.reissue_brief(state, command)
        case c.CastVote():
            return gates.vote(state, command)
        case c.CloseReview():
            return gates.close_review(state, command)
        case c.Waive():
            return gates.waive(state, current, command)
        case c.RecordEvidence():
            return _record_evidence(current, command)
        case c.Reopen():
            return _reopen(state, command)
        case c.Resume():
            return (event(EventType.RESUMED, phase=current.value, digest=state.work(current).digest),)
        case c.ChangeLane():
            return _change_lane(state, current, command)
        case c.Abandon():
            return _abandon(state, command)
        case c.Refound():
            return _refound(state, current, command)


def require_allowed(state: ProjectState, kind: c.CommandKind) -> None:
    """Raises the table's refusal, if it has one for this kind of command here (law 9)."""
    answer = TABLE[kind][situation(state)]
    if isinstance(answer, Refused):
        raise LawRefusal(answer.law, answer.public, answer.next_step)


def fold(state: ProjectState, events: tuple[Event, ...]) -> ProjectState:
    """The state after the events, in order."""
    return reduce(evolve, events, state)


def stands_for(state: ProjectState, policy: Policy) -> Phase | None:
    """The current phase if a standing approval could pass it (`may_stand`). To be asked after every command that may
    have reached a phase: vote, resume, change of lane. The caller still evaluates the gate (nothing stale, nothing
    blocking) before it adds the `passed` event, and asks again for the phase that is current then."""
    phase = state.current
    return phase if phase is not None and may_stand(state, phase, policy) else None


def may_stand(state: ProjectState, phase: Phase, policy: Policy) -> bool:
    """Whether the phase is reached with its approved bytes, not suspended, and the policy now in force asks no more
    than the approval had. Mood and validation are decided anew in every iteration; and a mood approved for the full
    lane does not open the light one."""
    work = state.work(phase)
    if work.approval is None or not work.approved_as_is or work.suspended or work.stage is not Stage.DRAFTING:
        return False
    if state.must_be_renewed(phase) or _goes_to_light(state, phase, work):
        return False
    return policy.asks_no_more_than(policy_from_json(work.approval.policy))


def passed(phase: Phase, work: PhaseWork) -> Event:
    """The event by which a standing approval passes a phase; it names the review that gave it (law 8).

    Raises `LawRefusal` (1) where no approval fits the current bytes."""
    if work.approval is None or not work.approved_as_is:
        raise LawRefusal(1, f"The {phase.value} phase has no approval for its current bytes.", "Request a review.")
    return event(EventType.PASSED, phase=phase.value, digest=work.digest, review=work.approval.review)


def _goes_to_light(state: ProjectState, phase: Phase, work: PhaseWork) -> bool:
    return phase is Phase.MOOD and state.lane is Lane.LIGHT and work.lane is Lane.FULL


def _submit(state: ProjectState, current: Phase, command: c.Submit) -> tuple[Event, ...]:
    if not command.owner:
        raise LawRefusal(
            2,
            "This principal has no owner, so it may read but not submit.",
            "Use a key that a person made (vdw key create).",
        )
    if command.phase is not current:
        raise _not_current(state, current, command.phase)
    if state.review is not None and not command.withdraw:
        raise LawRefusal(
            3,
            "The phase is in review; what reviewers see must not move.",
            "Wait for the decision, or submit with withdraw: true to end the review.",
            code=ErrorCode.IN_REVIEW,
        )
    submitted = event(
        EventType.SUBMITTED,
        phase=current.value,
        revision=state.next_revision(current),
        digest=command.digest,
        lane=state.lane.value,
        template=command.template,
        contributors=list(state.contributors_with(current, command.owner)),
    )
    return (*gates.ended(state, ReviewEnd.WITHDRAWN), submitted)


def _record_evidence(current: Phase, command: c.RecordEvidence) -> tuple[Event, ...]:
    if phase_number(current) < phase_number(Phase.IMPLEMENTATION):
        raise LawRefusal(
            1,
            f"Evidence is recorded from the implementation phase on; the current phase is {current.value}.",
            "Finish the phases before it.",
        )
    return (event(EventType.EVIDENCE_RECORDED, evidence=command.evidence, trust=command.trust),)


def _reopen(state: ProjectState, command: c.Reopen) -> tuple[Event, ...]:
    if state.work(command.phase).stage is not Stage.APPROVED:
        raise LawRefusal(
            8,
            f"Only an approved phase can be reopened; {command.phase.value} is not one.",
            "Look at the stages of its phases.",
        )
    return (
        *gates.ended(state, ReviewEnd.REOPENED),
        event(EventType.REOPENED, phase=command.phase.value),
    )


def _change_lane(state: ProjectState, current: Phase, command: c.ChangeLane) -> tuple[Event, ...]:
    gates.require_lane(command.lane, command.policy)
    if command.lane is state.lane:
        raise LawRefusal(8, f"The project is in the {state.lane.value} lane already.", "There is nothing to change.")
    if command.lane is Lane.LIGHT and current is not Phase.MOOD:
        raise LawRefusal(
            8, "Full to light is a mood decision: it can change only while mood is the current phase.", "Reopen mood."
        )
    return (*gates.ended(state, ReviewEnd.WITHDRAWN), event(EventType.LANE_CHANGED, lane=command.lane.value))


def _abandon(state: ProjectState, command: c.Abandon) -> tuple[Event, ...]:
    if not command.by_human:
        raise LawRefusal(2, "Only a human abandons an iteration.", "Ask the owner to run `vdw project abandon`.")
    return (
        *gates.ended(state, ReviewEnd.ABANDONED),
        event(EventType.ABANDONED, iteration=state.iteration),
    )


def _refound(state: ProjectState, current: Phase, command: c.Refound) -> tuple[Event, ...]:
    """Nothing where nothing was signed or in review under the lost root, or where the project is back already."""
    review = state.review if state.review is not None and state.review.id == command.review else None
    again = [
        phase
        for phase in PHASES
        if (phase in command.lost and state.work(phase).approved_as_is) or (review and review.phase is phase)
    ]
    made = [phase for phase in PHASES if phase in command.made and not state.makers_are_listed(phase)]
    if not again and not made:
        return ()
    back = next(phase for phase in state.lane_phases if phase in again or phase is current)
    refounded = event(
        EventType.REFOUNDED,
        phase=back.value,
        phases=[phase.value for phase in again],
        made=[phase.value for phase in made],
        root=command.root,
        position=command.position,
    )
    closed = gates.ended(state, ReviewEnd.REFOUNDED) if again and (review or back is not current) else ()
    return (*closed, refounded)


def _start_iteration(state: ProjectState, command: c.StartIteration) -> tuple[Event, ...]:
    gates.require_lane(command.lane, command.policy)
    started = event(
        EventType.ITERATION_STARTED,
        iteration=state.iteration + 1,
        lane=command.lane.value,
        source=command.source,
        source_digest=command.source_digest,
    )
    return (started,)


def _not_current(state: ProjectState, current: Phase, phase: Phase) -> LawRefusal:
    if phase not in LANE_PHASES[state.lane]:
        return LawRefusal(
            8,
            f"The {state.lane.value} lane has no {phase.value} phase.",
            f"Submit {current.value}, or change to the full lane.",
        )
    if phase_number(phase) > phase_number(current):
        return LawRefusal(
            1, f"The {phase.value} phase is not open: {current.value} has no approval yet.", f"Submit {current.value}."
        )
    return LawRefusal(
        8,
        f"The {phase.value} phase is approved; the current phase is {current.value}.",
        f"Reopen {phase.value} to change it.",
    )


def current_phase(state: ProjectState) -> Phase:
    if state.current is None:
        raise LawRefusal(
            8, "No iteration is open.", "Begin the next one (start_iteration), or have your agent begin it."
        )
    return state.current
