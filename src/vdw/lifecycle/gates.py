"""What happens at a gate: reviews open, votes are counted, waivers are signed (laws 2 to 5).

Pure, and called by `phases.decide` alone, after the table has allowed the command.
"""

from __future__ import annotations

from vdw.domain.counting import counted
from vdw.domain.policy import Policy
from vdw.domain.separation import require_may_decide
from vdw.domain.stages import GateVerdict, Lane, Phase, ReviewEnd, next_phase
from vdw.errors import ErrorCode, LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import Event, EventType, event
from vdw.lifecycle.state import ProjectState, Review, Vote


def request_review(state: ProjectState, current: Phase, command: c.RequestReview) -> tuple[Event, ...]:
    work, review = state.work(current), state.review
    if command.digest != work.digest:
        raise LawRefusal(
            3, "This is not the phase's current revision.", "Look at the project again.", code=ErrorCode.CONFLICT
        )
    if review is not None and review.policy == command.policy_entry:
        return ()
    require_lane(state.lane, command.policy)
    if state.lane_moved:
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
            f"No review can open: {counted(command.blocking, 'blocking finding')}.",
            "Mend the findings that block, or have a human waive them.",
            code=ErrorCode.BLOCKED,
        )
    opened = event(
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
    return (*ended(state, ReviewEnd.POLICY_CHANGED), opened)


def reissue_brief(state: ProjectState, command: c.ReissueBrief) -> tuple[Event, ...]:
    review = _require_review(state, command.review)
    return (event(EventType.BRIEF_REISSUED, review=review.id, brief=command.brief, facts=command.facts),)


def close_review(state: ProjectState, command: c.CloseReview) -> tuple[Event, ...]:
    if command.end in (ReviewEnd.APPROVED, ReviewEnd.REJECTED):
        raise LawRefusal(5, "A verdict comes from votes alone.", "Decide at the gate.")
    return ended(state, command.end)


def ended(state: ProjectState, end: ReviewEnd) -> tuple[Event, ...]:
    """The end of the open review; nothing where none is open."""
    review = state.review
    if review is None:
        return ()
    return (event(EventType.REVIEW_ENDED, review=review.id, phase=review.phase.value, end=end.value),)


def vote(state: ProjectState, command: c.CastVote) -> tuple[Event, ...]:
    review = _require_review(state, command.review)
    # 1. The signer saw what is in review now: its digest, under its policy, on its present brief (law 3).
    _require_same_sight(review, command)
    # 2. The signer is an approver in force, and answers for no contributor unless the policy says so (law 2).
    if command.approver not in command.approvers_in_force:
        raise LawRefusal(2, "This approver is no longer in force.", "Ask another approver.")
    itself = require_may_decide(command.policy, command.owner, state.work(review.phase).contributors)
    # 3. A vote is final, and one owner has one; that of an approver no longer in force is void (law 5).
    counted = [given for given in review.votes if given.approver in command.approvers_in_force]
    if any(given.owner == command.owner for given in counted):
        raise LawRefusal(5, "You have decided in this review already; a vote is final.", "Nothing is left to do here.")
    # 4. Approving over a blocking finding is impossible (law 4).
    if command.verdict is GateVerdict.APPROVE and command.blocking:
        raise LawRefusal(
            4,
            "A blocking finding stands now, so the gate cannot open and the review ends.",
            "Have the finding mended or waived, and then the review requested anew.",
            code=ErrorCode.BLOCKED,
        )
    voted = event(
        EventType.VOTED,
        review=review.id,
        phase=review.phase.value,
        approver=command.approver,
        owner=command.owner,
        verdict=command.verdict.value,
        envelope=command.envelope,
        self_approved=itself,
    )
    # 5. The first rejection ends the review, or enough approvals of different owners do (law 5).
    if command.verdict is GateVerdict.REJECT:
        return (voted, *ended(state, ReviewEnd.REJECTED))
    approvals = [*counted, Vote(command.approver, command.owner, command.verdict.value, command.envelope)]
    if len({given.owner for given in approvals}) < review.quorum:
        return (voted,)
    return (voted, *ended(state, ReviewEnd.APPROVED), *_approved(state, review, approvals, command))


def waive(state: ProjectState, current: Phase, command: c.Waive) -> tuple[Event, ...]:
    require_rule_waivable(command.rule, waivable=command.waivable)
    require_may_decide(command.policy, command.owner, state.work(current).contributors)
    waived = event(
        EventType.WAIVED,
        waiver=command.waiver,
        phase=current.value,
        rule=command.rule,
        subjects=list(command.subjects),
        until=command.until,
        approver=command.approver,
        owner=command.owner,
        envelope=command.envelope,
    )
    return (waived,)


def require_rule_waivable(rule: str, *, waivable: bool) -> None:
    """Raises `LawRefusal` (4) for a rule whose findings are only ever mended."""
    if not waivable:
        raise LawRefusal(4, f"A finding of the rule {rule} cannot be waived.", "Mend what it names.")


def require_lane(lane: Lane, policy: Policy) -> None:
    """Raises `LawRefusal` (2) if the policy has no such lane."""
    if lane.value not in policy.lanes:
        raise LawRefusal(
            2, f"The tenant's policy does not have the {lane.value} lane.", f"Use one of: {', '.join(policy.lanes)}."
        )


def _approved(state: ProjectState, review: Review, approvals: list[Vote], command: c.CastVote) -> tuple[Event, ...]:
    """The approval that these votes are, and the end of the iteration if it was its last gate."""
    work = state.work(review.phase)
    approved = event(
        EventType.APPROVED,
        phase=review.phase.value,
        review=review.id,
        digest=review.digest,
        envelopes=[given.envelope for given in approvals],
        policy=command.policy.as_json(),
        self_approved=any(given.owner in work.contributors for given in approvals),
        template=work.template,
    )
    if next_phase(state.lane, review.phase) is not None:
        return (approved,)
    return (approved, event(EventType.COMPLETED, iteration=state.iteration, verified=command.verified))


def _require_review(state: ProjectState, review: str) -> Review:
    if state.review is None or state.review.id != review:
        raise LawRefusal(
            3, "That review has ended; its votes count no more.", "Look at the gate again.", code=ErrorCode.LOOK_AGAIN
        )
    return state.review


def _require_same_sight(review: Review, command: c.CastVote) -> None:
    if command.digest != review.digest:
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
