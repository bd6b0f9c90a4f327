"""Iterations and lanes: what is carried on, what is decided anew, and what each way through leaves out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.lifecycle.walk import Walk
from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.policy import Policy
from vdw.domain.stages import PHASES, IterationStatus, Lane, Phase, Stage
from vdw.errors import LawRefusal
from vdw.lifecycle import phases
from vdw.lifecycle.table import Situation, situation

ARCHITECTURE, SPECIFICATION, IMPLEMENTATION = Phase.ARCHITECTURE, Phase.SPECIFICATION, Phase.IMPLEMENTATION


def second_iteration(lane: Lane = Lane.FULL) -> Walk:
    walk = Walk().complete()
    walk.start_iteration(lane)
    return walk


def digests(walk: Walk) -> dict[Phase, str]:
    return {phase: work.digest for phase, work in walk.state.phases.items()}


# The next iteration.


def test_an_iteration_starts_from_the_last_completed_one_byte_for_byte() -> None:
    walk = Walk().complete()
    before = digests(walk)

    walk.start_iteration()

    assert digests(walk) == before
    assert walk.here is Phase.MOOD
    assert walk.state.iteration == 2


def test_the_mood_of_an_earlier_vibe_is_neither_reviewed_nor_standing() -> None:
    walk = second_iteration()

    assert walk.stand() == []
    assert situation(walk.state) is Situation.DRAFTING_EMPTY
    with pytest.raises(LawRefusal, match="Nothing of this iteration"):
        walk.request_review()


def test_phases_that_nothing_touched_pass_in_a_later_iteration_and_validation_is_decided_anew() -> None:
    walk = second_iteration()

    walk.pass_gate()

    assert walk.here is Phase.VALIDATION
    assert situation(walk.state) is Situation.DRAFTING_EMPTY
    with pytest.raises(LawRefusal, match="Nothing of this iteration"):
        walk.request_review()


def test_an_approval_says_in_which_iteration_it_was_given() -> None:
    walk = second_iteration()

    walk.pass_gate()

    given = {phase: work.approval.iteration for phase, work in walk.state.phases.items() if work.approval}
    assert (given[Phase.MOOD], given[ARCHITECTURE]) == (2, 1)


def test_a_carried_revision_may_be_reviewed_as_it_is_when_its_approval_does_not_stand() -> None:
    walk = second_iteration()
    walk.change_policy(Policy(quorum=2))
    walk.pass_gate()

    walk.request_review()
    walk.vote("key-bob")
    walk.vote("key-cat")

    approval = walk.state.work(ARCHITECTURE).approval
    assert approval is not None
    assert approval.iteration == 2


def test_a_project_has_one_open_iteration_at_most() -> None:
    walk = Walk()

    with pytest.raises(LawRefusal, match="at most one"):
        walk.start_iteration()


def test_what_was_verified_is_told_when_an_iteration_is_completed() -> None:
    walk = Walk().complete()

    assert walk.state.status is IterationStatus.COMPLETED
    assert walk.state.verified is False, "nobody said that it was"


# Abandoning.


def test_only_a_human_abandons() -> None:
    walk = Walk()

    with pytest.raises(LawRefusal) as refused:
        walk.abandon(by_human=False)
    assert refused.value.law == 2


def test_abandoning_ends_the_open_review_and_leaves_nothing_drafting() -> None:
    walk = Walk()
    walk.open_review()

    events = walk.abandon()

    assert events[0].data["end"] == "abandoned"
    assert {work.stage for work in walk.state.phases.values()} == {Stage.PENDING}
    assert walk.state.current is None


def test_after_an_abandoned_iteration_the_next_one_starts_from_the_last_completed_one() -> None:
    walk = second_iteration()
    before = digests(walk)
    walk.pass_gate()
    walk.abandon()

    walk.start_iteration()

    assert digests(walk) == before
    assert walk.state.iteration == 3


def test_after_a_first_iteration_that_was_abandoned_the_next_one_starts_from_nothing() -> None:
    walk = Walk().go_to(SPECIFICATION)
    walk.abandon()

    walk.start_iteration()

    assert set(digests(walk).values()) == {""}


def test_the_number_of_an_abandoned_revision_is_never_given_again() -> None:
    walk = Walk()
    walk.submit()
    walk.abandon()
    walk.start_iteration()

    assert walk.submit()[-1].data["revision"] == 2


def test_who_contributed_to_an_abandoned_revision_decides_on_no_successor_of_it() -> None:
    walk = Walk()
    walk.submit("bob")
    walk.abandon()
    walk.start_iteration()
    walk.open_review("ann")

    with pytest.raises(LawRefusal, match="another person must decide"):
        walk.vote("key-bob")


def test_after_an_approval_the_list_of_contributors_begins_again() -> None:
    walk = Walk()
    walk.submit("bob")
    walk.open_review("ann")
    walk.vote("key-cat")
    walk.reopen(Phase.MOOD)

    assert walk.submit("dan")[-1].data["contributors"] == ["dan"]


def test_a_rejection_in_an_abandoned_iteration_is_not_forgotten() -> None:
    walk = second_iteration()
    walk.pass_gate()
    walk.reopen(ARCHITECTURE)
    walk.request_review()
    walk.reject()
    walk.abandon()
    walk.start_iteration()

    walk.pass_gate()

    assert walk.here is ARCHITECTURE


# Lanes.


def test_the_light_lane_leaves_architecture_and_specification_out() -> None:
    walk = Walk(Lane.LIGHT)
    walk.pass_gate()
    assert walk.here is IMPLEMENTATION

    walk.complete()

    reached = {phase for phase in PHASES if walk.state.work(phase).revision}
    assert reached == {Phase.MOOD, IMPLEMENTATION, Phase.VALIDATION}


def test_a_light_iteration_between_two_full_ones_leaves_their_approvals_standing() -> None:
    walk = second_iteration(Lane.LIGHT).complete()
    walk.start_iteration()

    walk.pass_gate()

    assert walk.here is Phase.VALIDATION
    approval = walk.state.work(ARCHITECTURE).approval
    assert approval is not None
    assert approval.iteration == 1


def test_light_becomes_full_at_any_time_and_the_phases_left_out_come_first() -> None:
    walk = Walk(Lane.LIGHT).go_to(Phase.VALIDATION)
    walk.open_review()

    events = walk.change_lane(Lane.FULL)

    assert events[0].data["end"] == "withdrawn"
    assert walk.here is ARCHITECTURE
    assert walk.state.work(IMPLEMENTATION).stage is Stage.PENDING
    assert walk.state.work(IMPLEMENTATION).approved_as_is


def test_after_light_became_full_the_implementation_passes_by_its_standing_approval() -> None:
    walk = Walk(Lane.LIGHT).go_to(Phase.VALIDATION)
    walk.change_lane(Lane.FULL)

    walk.go_to(SPECIFICATION).pass_gate()

    assert walk.here is Phase.VALIDATION


def test_full_becomes_light_only_at_mood() -> None:
    walk = Walk().go_to(ARCHITECTURE)

    with pytest.raises(LawRefusal, match="mood decision"):
        walk.change_lane(Lane.LIGHT)


def test_a_mood_approved_for_the_full_lane_does_not_open_the_light_one() -> None:
    walk = Walk().go_to(ARCHITECTURE)
    walk.reopen(Phase.MOOD)
    walk.change_lane(Lane.LIGHT)
    walk.resume()

    assert walk.stand() == []
    with pytest.raises(LawRefusal, match="The lane changed"):
        walk.request_review()

    walk.pass_gate()
    assert walk.here is IMPLEMENTATION


def test_a_draft_that_the_light_lane_left_behind_is_not_carried_on() -> None:
    walk = second_iteration()
    approved = digests(walk)[ARCHITECTURE]
    walk.pass_gate()
    walk.reopen(ARCHITECTURE)
    walk.submit()
    walk.reopen(Phase.MOOD)
    walk.change_lane(Lane.LIGHT)
    walk.complete()

    walk.start_iteration()

    assert digests(walk)[ARCHITECTURE] == approved


def test_what_was_approved_under_a_draft_that_the_light_lane_left_behind_is_carried_on() -> None:
    walk = second_iteration()
    walk.pass_gate()
    walk.reopen(ARCHITECTURE)
    walk.pass_gate()
    approved = walk.state.work(ARCHITECTURE)
    walk.reopen(ARCHITECTURE)
    walk.submit()
    walk.submit()
    walk.reopen(Phase.MOOD)
    walk.change_lane(Lane.LIGHT)
    walk.complete()

    walk.start_iteration()

    carried = walk.state.work(ARCHITECTURE)
    assert (carried.digest, carried.revision, carried.approval) == (
        approved.digest,
        approved.revision,
        approved.approval,
    )


def test_what_an_abandoned_iteration_approved_is_not_carried_on_by_the_next_one() -> None:
    walk = second_iteration()
    completed = digests(walk)[ARCHITECTURE]
    walk.pass_gate()
    walk.reopen(ARCHITECTURE)
    walk.pass_gate()
    walk.reopen(ARCHITECTURE)
    walk.submit()
    walk.abandon()
    walk.start_iteration(Lane.LIGHT)
    walk.complete()

    walk.start_iteration()

    assert digests(walk)[ARCHITECTURE] == completed


def test_what_was_rejected_under_a_draft_that_the_light_lane_left_behind_is_not_carried_on() -> None:
    walk = Walk().go_to(SPECIFICATION)
    walk.reopen(ARCHITECTURE)
    walk.request_review()
    walk.reject()
    walk.submit()
    walk.reopen(Phase.MOOD)
    walk.change_lane(Lane.LIGHT)
    walk.complete()

    walk.start_iteration()

    assert digests(walk)[ARCHITECTURE] == ""


def at_specification(walk: Walk) -> Walk:
    return walk.go_to(SPECIFICATION)


def in_a_second_iteration(walk: Walk) -> Walk:
    walk.complete().start_iteration()
    walk.pass_gate()
    return walk


def architecture_approved_anew(walk: Walk) -> None:
    walk.reopen(ARCHITECTURE)
    walk.pass_gate()


def architecture_rejected(walk: Walk) -> None:
    walk.reopen(ARCHITECTURE)
    walk.request_review()
    walk.reject()


def root_lost(walk: Walk) -> None:
    walk.refound()
    walk.pass_gate()


@pytest.mark.parametrize(
    ("begin", "happened"),
    [
        pytest.param(at_specification, (architecture_approved_anew, architecture_rejected), id="of this iteration"),
        pytest.param(
            in_a_second_iteration, (architecture_approved_anew, architecture_rejected), id="of an earlier one"
        ),
        pytest.param(in_a_second_iteration, (architecture_rejected,), id="what the iteration began with"),
        pytest.param(at_specification, (architecture_approved_anew, root_lost), id="lost with its root"),
    ],
)
def test_where_the_last_approval_was_rejected_or_lost_no_earlier_one_is_carried_on(
    begin: Callable[[Walk], Walk], happened: tuple[Callable[[Walk], None], ...]
) -> None:
    walk = begin(Walk())
    for step in happened:
        step(walk)
    walk.submit()
    walk.reopen(Phase.MOOD)
    walk.change_lane(Lane.LIGHT)
    walk.complete()

    walk.start_iteration()

    assert walk.state.work(ARCHITECTURE).digest == ""


def test_a_lane_that_the_policy_does_not_have_is_not_taken() -> None:
    full_only = Policy(lanes=("full",))

    with pytest.raises(LawRefusal, match="light lane"):
        phases.create(TenantId("tenant"), ProjectId("project"), Lane.LIGHT, "vibe", full_only)
    with pytest.raises(LawRefusal, match="light lane"):
        Walk(policy=full_only).change_lane(Lane.LIGHT)
    with pytest.raises(LawRefusal, match="light lane"):
        Walk(policy=full_only).complete().start_iteration(Lane.LIGHT)


def test_a_phase_that_the_lane_does_not_have_is_not_submitted() -> None:
    walk = Walk(Lane.LIGHT)

    with pytest.raises(LawRefusal, match="no architecture phase"):
        walk.submit(phase=ARCHITECTURE)
