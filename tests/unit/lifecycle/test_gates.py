"""Laws 2 to 5 at a gate: who decides, on what, over which findings, and when it is decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.lifecycle.walk import Walk
from vdw.domain.ids import NOBODY, PersonId
from vdw.domain.policy import Policy
from vdw.domain.stages import GateVerdict, Phase, ReviewEnd, Stage
from vdw.errors import ErrorCode, LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import EventType


def in_review(policy: Policy | None = None) -> Walk:
    walk = Walk(policy=policy or Policy())
    walk.open_review()
    return walk


def refused(walk: Walk, command: c.Command) -> LawRefusal:
    with pytest.raises(LawRefusal) as refusal:
        walk.do(command)
    return refusal.value


# Who.


def test_the_owner_of_a_contributor_does_not_decide() -> None:
    walk = in_review()

    assert refused(walk, walk.ballot("key-ann")).law == 2


def test_an_earlier_contributor_does_not_decide_on_anothers_last_revision() -> None:
    walk = Walk()
    walk.submit("bob")
    walk.open_review("ann")

    assert refused(walk, walk.ballot("key-bob")).law == 2


def test_the_owner_of_a_contributor_decides_where_the_policy_says_so_and_the_record_says_it() -> None:
    walk = in_review(Policy(self_approval=True))

    events = walk.vote("key-ann")

    assert [event.type for event in events] == [EventType.VOTED, EventType.REVIEW_ENDED, EventType.APPROVED]
    assert events[0].data["self_approved"] is True
    assert events[2].data["self_approved"] is True


def test_an_approver_who_is_not_in_force_does_not_decide() -> None:
    walk = in_review()

    assert refused(walk, walk.ballot("key-eve")).law == 2


def test_a_contributor_does_not_waive() -> None:
    walk = Walk()
    walk.submit("bob")

    assert refused(walk, walk.waiver("bob")).law == 2


def test_who_has_no_owner_does_not_submit() -> None:
    walk = Walk()

    assert refused(walk, c.Submit(Phase.MOOD, "digest", owner=NOBODY)).law == 2


# On what.


def test_a_decision_for_another_digest_does_not_count() -> None:
    walk = in_review()

    refusal = refused(walk, replace(walk.ballot("key-bob"), digest="another"))

    assert (refusal.law, refusal.code) == (3, ErrorCode.LOOK_AGAIN)


def test_a_decision_on_a_brief_whose_facts_have_moved_does_not_count() -> None:
    walk = in_review()
    ballot = walk.ballot("key-bob")
    walk.move_facts()

    assert refused(walk, walk.as_of_now(ballot)).code is ErrorCode.LOOK_AGAIN

    walk.reissue()
    assert refused(walk, walk.as_of_now(ballot)).code is ErrorCode.LOOK_AGAIN
    walk.vote("key-bob")
    assert walk.here is Phase.ARCHITECTURE


def test_a_vote_of_an_ended_review_never_counts_in_a_later_one_of_the_same_digest() -> None:
    walk = in_review()
    ballot = walk.ballot("key-bob")
    walk.do(c.CloseReview(ReviewEnd.FINDING))
    walk.request_review()

    assert refused(walk, walk.as_of_now(ballot)).code is ErrorCode.LOOK_AGAIN


def test_votes_given_in_an_ended_review_are_not_carried_into_the_next() -> None:
    walk = in_review(Policy(quorum=2))
    walk.vote("key-bob")
    walk.do(c.CloseReview(ReviewEnd.FINDING))
    walk.request_review()

    walk.vote("key-cat")

    assert walk.state.stage is Stage.REVIEW


def test_a_submission_under_review_is_refused_unless_it_withdraws() -> None:
    walk = in_review()

    assert refused(walk, c.Submit(Phase.MOOD, "digest", PersonId("ann"))).code is ErrorCode.IN_REVIEW

    events = walk.submit(withdraw=True)
    assert [event.type for event in events] == [EventType.REVIEW_ENDED, EventType.SUBMITTED]
    assert events[0].data["end"] == "withdrawn"
    assert walk.state.stage is Stage.DRAFTING


def test_a_policy_change_ends_what_was_asked_under_the_old_one() -> None:
    walk = in_review()
    walk.change_policy(Policy(quorum=2), close=False)

    assert refused(walk, walk.ballot("key-bob")).code is ErrorCode.LOOK_AGAIN

    events = walk.request_review()
    assert [event.data.get("end", "opened") for event in events] == ["policy_changed", "opened"]
    assert walk.state.review is not None
    assert walk.state.review.quorum == 2


def test_asking_for_a_review_that_is_open_joins_it() -> None:
    walk = in_review()

    assert walk.request_review() == ()


def test_a_review_is_asked_for_the_current_revision_only() -> None:
    walk = Walk()
    walk.submit()
    old = walk.state.work(Phase.MOOD).digest
    walk.submit()

    assert refused(walk, walk.review_command(old)).code is ErrorCode.CONFLICT


# Over which findings.


def test_a_blocking_finding_keeps_a_revision_out_of_review() -> None:
    walk = Walk()
    walk.submit()
    walk.move_facts(blocking=2)

    refusal = refused(walk, walk.review_command())

    assert (refusal.law, refusal.code) == (4, ErrorCode.BLOCKED)


def test_nobody_approves_over_a_finding_that_came_up_in_review_but_may_reject() -> None:
    walk = in_review()
    walk.move_facts(blocking=1)
    walk.reissue()

    assert refused(walk, walk.ballot("key-bob")).law == 4

    walk.reject("key-bob")
    assert walk.state.stage is Stage.DRAFTING


def test_some_findings_cannot_be_waived() -> None:
    walk = Walk()
    walk.submit()

    assert refused(walk, walk.waiver(waivable=False)).law == 4


def test_a_template_draft_enters_review_only_where_the_policy_accepts_it() -> None:
    walk = Walk()
    walk.submit(template=True)
    assert refused(walk, walk.review_command()).law == 2

    walk.change_policy(Policy(template_drafts=True))
    walk.request_review()
    approved = walk.vote("key-bob")[-1]
    assert approved.data["template"] is True


def test_a_review_does_not_open_in_a_lane_that_the_policy_no_longer_has() -> None:
    walk = Walk()
    walk.submit()
    walk.change_policy(Policy(lanes=("light",)))

    assert refused(walk, walk.review_command()).law == 2


# When it is decided.


def test_a_quorum_takes_as_many_different_owners() -> None:
    walk = in_review(Policy(quorum=2))
    walk.enrol("key-bob-2")
    walk.vote("key-bob")

    assert refused(walk, walk.ballot("key-bob-2")).law == 5
    assert walk.state.stage is Stage.REVIEW

    walk.vote("key-cat")
    assert walk.here is Phase.ARCHITECTURE


def test_a_vote_is_final() -> None:
    walk = in_review(Policy(quorum=2))
    walk.vote("key-bob")

    assert refused(walk, walk.ballot("key-bob", GateVerdict.REJECT)).law == 5


def test_the_first_rejection_ends_the_review() -> None:
    walk = in_review(Policy(quorum=3))
    walk.vote("key-bob")

    events = walk.reject("key-cat")

    assert [event.data.get("end") for event in events] == [None, "rejected"]
    assert walk.state.stage is Stage.DRAFTING
    assert walk.state.work(Phase.MOOD).approval is None


def test_a_pending_vote_of_a_revoked_approver_is_void() -> None:
    walk = in_review(Policy(quorum=2))
    walk.vote("key-bob")
    walk.revoke("key-bob")

    walk.vote("key-cat")
    assert walk.state.stage is Stage.REVIEW

    approved = walk.vote("key-dan")[-1]
    assert approved.type is EventType.APPROVED
    assert approved.data["envelopes"] == [vote["envelope"] for vote in _votes(walk, "key-cat", "key-dan")]


def test_the_owner_of_a_void_vote_may_vote_with_another_key() -> None:
    walk = in_review(Policy(quorum=2))
    walk.vote("key-bob")
    walk.revoke("key-bob")
    walk.enrol("key-bob-2")

    walk.vote("key-bob-2")
    assert walk.state.stage is Stage.REVIEW

    walk.vote("key-cat")
    assert walk.here is Phase.ARCHITECTURE


@pytest.mark.parametrize("end", [ReviewEnd.APPROVED, ReviewEnd.REJECTED])
def test_a_verdict_comes_from_votes_alone(end: ReviewEnd) -> None:
    walk = in_review()

    assert refused(walk, c.CloseReview(end)).law == 5


def test_a_rejected_revision_may_be_reviewed_again() -> None:
    walk = in_review()
    walk.reject()

    walk.request_review()
    walk.vote("key-cat")

    assert walk.here is Phase.ARCHITECTURE


def _votes(walk: Walk, *approvers: str) -> list[dict[str, object]]:
    voted = [event.data for event in walk.history if event.type is EventType.VOTED]
    return [dict(data) for data in voted if data["approver"] in approvers]
