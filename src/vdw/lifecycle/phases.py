"""The laws of the lifecycle: pure, without I/O, each with a property test.

1. Phase n+1 is never `drafting` unless phase n holds an approval for its current digest.
2. Only who may decide decides: never an owner of a contributor, unless the policy says so (then `self_approved`);
   who has no owner may read, never submit.
3. A vote names its review and digest and counts only there, while that review is open.
4. A revision with a blocking finding enters no review, and closes none. Some findings cannot be waived.
5. One verdict a review: n different owners approve, or the first rejection ends it. A vote is final.
6. Nothing is deleted: every event adds, and the timeline shows it.
7. The same command again gives the same answer (kept by the service, which knows the caller).
8. Only the current phase is `drafting` or in `review`. Reopening makes an approved phase current; later phases keep
   revision and approval, and pass by a standing approval or are walked again. An ended iteration never changes.
9. Every command in every situation has exactly one answer (`table`), and each refusal names its law.

`decide` says what follows from a command; `evolve` is the only way a state changes.
"""

from __future__ import annotations

from functools import reduce

from vdw.domain.stages import (
    LANE_PHASES,
    GateVerdict,
    Lane,
    Phase,
    ReviewEnd,
    Stage,
    next_phase,
    phase_number,
)
from vdw.domain.statement import Policy, policy_from_json
from vdw.errors import ErrorCode, LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import Event, EventType
from vdw.lifecycle.evolution import created, evolve
from vdw.lifecycle.state import PhaseWork, ProjectState, Review
from vdw.lifecycle.table import TABLE, Refused, situation

__all__ = ["create", "decide", "evolve", "fold", "may_stand", "stands_for"]


def create(tenant: str, project: str, lane: Lane, source_digest: str, policy: Policy) -> Event:
    """The first event of a project. Raises `LawRefusal` (2) if the policy has no such lane."""
    _require_lane(lane, policy)
    return created(tenant, project, lane, source_digest)


def decide(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
    """The events that follow from the command. Raises `LawRefusal` naming the law; changes nothing."""
    answer = TABLE[c.KIND[type(command)]][situation(state)]
    if isinstance(answer, Refused):
        raise LawRefusal(answer.law, answer.public, answer.next_step)
    match command:
        case c.Submit():
            return _submit(state, command)
        case c.RequestReview():
            return _request_review(state, command)
        case c.ReissueBrief():
            review = _require_review(state, command.review)
            return (_event(EventType.BRIEF_REISSUED, review=review.id, brief=command.brief, facts=command.facts),)
        case c.CastVote():
            return _vote(state, command)
        case c.CloseReview():
            return (_ended(_open_review(state), command.end),)
        case c.Waive():
            return _waive(state, command)
        case c.RecordEvidence():
            return _record_evidence(state, command)
        case c.Reopen():
            return _reopen(state, command)
        case c.Resume():
            return _resume(state)
        case c.ChangeLane():
            return _change_lane(state, command)
        case c.Abandon():
            return _abandon(state, command)
        case c.StartIteration():
            return _start_iteration(state, command)


def fold(state: ProjectState, events: tuple[Event, ...]) -> ProjectState:
    """The state after the events, in order."""
    return reduce(evolve, events, state)


def stands_for(state: ProjectState, policy: Policy) -> Phase | None:
    """The current phase if a standing approval could pass it: reached with its approved bytes, not reopened, and the
    policy now in force asks no more than the approval had. The caller still evaluates the gate (nothing stale, nothing
    blocking) before it adds the `PASSED` event. Mood of a new iteration and every validation are decided anew."""
    phase = state.current
    return phase if phase is not None and may_stand(state, phase, policy) else None


def may_stand(state: ProjectState, phase: Phase, policy: Policy) -> bool:
    """See `stands_for`; for any phase of the open iteration."""
    work = state.work(phase)
    approval = work.approval
    if approval is None or not work.approved_as_is or work.suspended or work.stage is not Stage.DRAFTING:
        return False
    if phase is Phase.VALIDATION or (phase is Phase.MOOD and approval.iteration != state.iteration):
        return False
    return policy.asks_no_more_than(policy_from_json(approval.policy)) and (
        policy.self_approval or not approval.self_approved
    )


def passed(phase: Phase, work: PhaseWork) -> Event:
    """The event by which a standing approval passes a phase (law 8)."""
    return _event(EventType.PASSED, phase=phase.value, digest=work.digest)


def _submit(state: ProjectState, command: c.Submit) -> tuple[Event, ...]:
    current = _current(state)
    if not command.owner:
        raise LawRefusal(
            2,
            "This principal has no owner, so it may read but not submit.",
            "Use a key that a person made (vdw key create).",
        )
    if command.phase is not current:
        raise _not_current(state, command.phase)
    work = state.work(current)
    ending: tuple[Event, ...] = ()
    if work.stage is Stage.REVIEW:
        if not command.withdraw:
            raise LawRefusal(
                3,
                "The phase is in review; what reviewers see must not move.",
                "Wait for the decision, or submit with withdraw: true to end the review.",
                code=ErrorCode.IN_REVIEW,
            )
        ending = (_ended(_open_review(state), ReviewEnd.WITHDRAWN),)
    submitted = _event(
        EventType.SUBMITTED,
        phase=current.value,
        revision=state.next_revision(current),
        digest=command.digest,
        lane=state.lane.value,
        template=command.template,
        contributors=list(state.contributors_with(current, command.owner)),
    )
    return (*ending, submitted)


def _request_review(state: ProjectState, command: c.RequestReview) -> tuple[Event, ...]:
    current = _current(state)
    work = state.work(current)
    if work.stage is Stage.REVIEW:
        return ()
    if command.digest != work.digest:
        raise LawRefusal(
            3, "This is not the phase's current revision.", "Look at the project again.", code=ErrorCode.CONFLICT
        )
    if current is Phase.MOOD and work.lane is not state.lane:
        raise LawRefusal(8, "The lane changed after this revision was submitted.", "Submit the mood artifact again.")
    if work.template and not command.policy.template_drafts:
        raise LawRefusal(
            2,
            "This revision came from the template drafter, which the tenant's policy does not accept.",
            "Submit a written artifact.",
        )
    if command.blocking:
        raise LawRefusal(
            4,
            f"{command.blocking} blocking finding(s) stand, so no review can open.",
            "Mend what get_project lists under findings, or have a human waive it.",
            code=ErrorCode.BLOCKED,
        )
    opened = _event(
        EventType.REVIEW_OPENED,
        review=command.review,
        phase=current.value,
        digest=command.digest,
        brief=command.brief,
        facts=command.facts,
        policy=command.policy_entry,
        log_head=command.log_head,
        quorum=command.policy.quorum,
    )
    return (opened,)


def _vote(state: ProjectState, command: c.CastVote) -> tuple[Event, ...]:
    # 1. The vote names the open review, its digest and the brief now issued for it (law 3).
    review = _require_review(state, command.review)
    work = state.work(review.phase)
    if command.digest != review.digest or work.digest != review.digest:
        raise LawRefusal(
            3,
            "The decision is for other bytes than those in review.",
            "Look at the gate again and decide on what it shows.",
            code=ErrorCode.LOOK_AGAIN,
        )
    if command.policy_entry != review.policy:
        raise LawRefusal(
            3,
            "The tenant's policy changed after this review opened.",
            "Request a new review.",
            code=ErrorCode.LOOK_AGAIN,
        )
    if command.brief != review.brief or command.facts != review.facts:
        raise LawRefusal(
            3,
            "The facts changed after this brief was shown.",
            "Look at the gate again: it shows what changed.",
            code=ErrorCode.LOOK_AGAIN,
        )
    # 2. Not the owner of a contributor, unless the policy says so in writing (law 2).
    itself = command.owner in work.contributors
    if itself and not command.policy.self_approval:
        raise LawRefusal(
            2,
            "You answer for an agent that contributed to this revision, so another person must decide.",
            "Ask another approver.",
        )
    # 3. A vote is final, and one owner has one (law 5).
    if any(vote.owner == command.owner for vote in review.votes):
        raise LawRefusal(5, "You have decided in this review already; a vote is final.", "Nothing is left to do here.")
    # 4. Approving over a blocking finding is impossible (law 4).
    if command.verdict is GateVerdict.APPROVE and command.blocking:
        raise LawRefusal(
            4,
            "A blocking finding stands now, so the gate cannot open.",
            "Reject, or have the finding mended or waived.",
            code=ErrorCode.BLOCKED,
        )
    voted = _event(
        EventType.VOTED,
        review=review.id,
        phase=review.phase.value,
        approver=command.approver,
        owner=command.owner,
        verdict=command.verdict.value,
        envelope=command.envelope,
        self_approved=itself,
    )
    after = evolve(state, voted)
    return (voted, *_closing(after, command))


def _closing(state: ProjectState, command: c.CastVote) -> tuple[Event, ...]:
    """What ends the review after a vote: the first rejection, or enough approvals of different owners (law 5)."""
    review = _open_review(state)
    votes = [vote for vote in review.votes if vote.approver in command.approvers_in_force]
    if any(vote.verdict == GateVerdict.REJECT for vote in votes):
        return (_ended(review, ReviewEnd.REJECTED),)
    if len({vote.owner for vote in votes}) < max(review.quorum, 1):
        return ()
    work = state.work(review.phase)
    approved = _event(
        EventType.APPROVED,
        phase=review.phase.value,
        review=review.id,
        digest=review.digest,
        envelopes=[vote.envelope for vote in votes],
        policy=command.policy.as_json(),
        self_approved=any(vote.owner in work.contributors for vote in votes),
        template=work.template,
    )
    after = (_ended(review, ReviewEnd.APPROVED), approved)
    if next_phase(state.lane, review.phase) is None:
        return (*after, _event(EventType.COMPLETED, iteration=state.iteration, verified=command.verified))
    return after


def _waive(state: ProjectState, command: c.Waive) -> tuple[Event, ...]:
    if not command.waivable:
        raise LawRefusal(4, f"A finding of the rule {command.rule} cannot be waived.", "Mend what it names.")
    work = state.work(_current(state))
    if command.owner in work.contributors and not command.policy.self_approval:
        raise LawRefusal(
            2,
            "You answer for an agent that contributed to this revision, so another person must waive.",
            "Ask another approver.",
        )
    return (
        _event(
            EventType.WAIVED,
            waiver=command.waiver,
            phase=_current(state).value,
            rule=command.rule,
            subjects=list(command.subjects),
            until=command.until,
            approver=command.approver,
            owner=command.owner,
            envelope=command.envelope,
        ),
    )


def _record_evidence(state: ProjectState, command: c.RecordEvidence) -> tuple[Event, ...]:
    if phase_number(_current(state)) < phase_number(Phase.IMPLEMENTATION):
        raise LawRefusal(
            1,
            "Nothing is built yet: evidence is recorded from the implementation phase on.",
            "Finish the phases before it.",
        )
    return (_event(EventType.EVIDENCE_RECORDED, evidence=command.evidence, trust=command.trust),)


def _reopen(state: ProjectState, command: c.Reopen) -> tuple[Event, ...]:
    if command.phase not in state.lane_phases or state.work(command.phase).stage is not Stage.APPROVED:
        raise LawRefusal(
            8,
            f"Only an approved phase can be reopened; {command.phase.value} is not one.",
            "Look at get_project for the phases.",
        )
    ending = (_ended(state.review, ReviewEnd.REOPENED),) if state.review else ()
    return (*ending, _event(EventType.REOPENED, phase=command.phase.value))


def _resume(state: ProjectState) -> tuple[Event, ...]:
    current = _current(state)
    resumed = _event(EventType.RESUMED, phase=current.value, digest=state.work(current).digest)
    return (resumed,)


def _change_lane(state: ProjectState, command: c.ChangeLane) -> tuple[Event, ...]:
    _require_lane(command.lane, command.policy)
    if command.lane is state.lane:
        raise LawRefusal(8, f"The project is in the {state.lane.value} lane already.", "There is nothing to change.")
    if command.lane is Lane.LIGHT and state.current is not Phase.MOOD:
        raise LawRefusal(
            8, "Full to light is a mood decision: it can change only while mood is drafting.", "Reopen mood first."
        )
    return (_event(EventType.LANE_CHANGED, lane=command.lane.value),)


def _abandon(state: ProjectState, command: c.Abandon) -> tuple[Event, ...]:
    if not command.by_human:
        raise LawRefusal(2, "Only a human abandons an iteration.", "Ask the owner to run `vdw project abandon`.")
    ending = (_ended(state.review, ReviewEnd.ABANDONED),) if state.review else ()
    return (*ending, _event(EventType.ABANDONED, iteration=state.iteration))


def _start_iteration(state: ProjectState, command: c.StartIteration) -> tuple[Event, ...]:
    _require_lane(command.lane, command.policy)
    return (
        _event(
            EventType.ITERATION_STARTED,
            iteration=state.iteration + 1,
            lane=command.lane.value,
            source=command.source,
            source_digest=command.source_digest,
        ),
    )


def _not_current(state: ProjectState, phase: Phase) -> LawRefusal:
    current = _current(state)
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


def _require_lane(lane: Lane, policy: Policy) -> None:
    if lane.value not in policy.lanes:
        raise LawRefusal(
            2, f"The tenant's policy does not have the {lane.value} lane.", f"Use one of: {', '.join(policy.lanes)}."
        )


def _require_review(state: ProjectState, review: str) -> Review:
    opened = _open_review(state)
    if opened.id != review:
        raise LawRefusal(
            3, "That review has ended; its votes count no more.", "Look at the gate again.", code=ErrorCode.LOOK_AGAIN
        )
    return opened


def _open_review(state: ProjectState) -> Review:
    if state.review is None:
        raise LawRefusal(3, "No review is open.", "Call request_review first.")
    return state.review


def _current(state: ProjectState) -> Phase:
    if state.current is None:
        raise LawRefusal(8, "No iteration is open.", "Begin one with change_project start_iteration.")
    return state.current


def _ended(review: Review, end: ReviewEnd) -> Event:
    return _event(EventType.REVIEW_ENDED, review=review.id, phase=review.phase.value, end=end.value)


def _event(kind: EventType, **data: object) -> Event:
    return Event(kind, dict(data))  # type: ignore[arg-type]  # every value above is JSON
