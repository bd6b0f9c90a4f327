"""A new root: what was signed under the lost one opens nothing; nothing is deleted, and everything is signed again."""

from __future__ import annotations

import pytest

from tests.unit.lifecycle.walk import Walk
from vdw.domain.stages import IterationStatus, Lane, Phase, Stage
from vdw.errors import LawRefusal
from vdw.lifecycle import phases
from vdw.lifecycle.events import EventType
from vdw.lifecycle.table import Situation, situation


def at_implementation() -> Walk:
    return Walk().go_to(Phase.IMPLEMENTATION)


def sign_again(walk: Walk, approver: str = "key-bob") -> None:
    """The kept revision of the current phase goes into review as it is, and is approved."""
    walk.request_review()
    walk.vote(approver)


def test_an_open_iteration_goes_back_to_its_first_gate_with_everything_kept() -> None:
    walk = at_implementation()
    before = walk.state.phases

    walk.refound()

    assert (walk.here, walk.state.stage) == (Phase.MOOD, Stage.DRAFTING)
    for phase in (Phase.MOOD, Phase.ARCHITECTURE, Phase.SPECIFICATION):
        kept, work = before[phase], walk.state.work(phase)
        assert (work.digest, work.revision, work.approval) == (kept.digest, kept.revision, kept.approval)
        assert work.sign_again


def test_the_timeline_names_the_root_the_gate_and_what_is_signed_again() -> None:
    walk = at_implementation()

    walk.refound()

    refounded = walk.history[-1]
    assert refounded.type is EventType.REFOUNDED
    assert refounded.data == {
        "phase": "mood",
        "phases": ["mood", "architecture", "specification"],
        "made": ["mood", "architecture", "specification"],
        "root": "root",
        "position": 1,
    }


def test_an_open_review_ends_as_refounded_and_its_revision_waits_to_be_signed_again() -> None:
    walk = at_implementation()
    walk.open_review()

    walk.refound()

    ended = walk.history[-2]
    assert (ended.type, ended.data["end"]) == (EventType.REVIEW_ENDED, "refounded")
    assert walk.state.review is None
    assert walk.state.work(Phase.IMPLEMENTATION).sign_again


def test_no_phase_passes_by_what_was_signed_under_the_lost_root_nor_resumes_by_it() -> None:
    walk = at_implementation()
    walk.reopen(Phase.ARCHITECTURE)
    walk.refound()

    assert walk.stand() == []
    with pytest.raises(LawRefusal):
        walk.resume()
    with pytest.raises(LawRefusal):
        phases.passed(Phase.MOOD, walk.state.work(Phase.MOOD))


def test_kept_revisions_are_signed_one_after_the_other_without_a_new_submission() -> None:
    walk = at_implementation()
    walk.open_review()
    revisions = walk.state.last_revision
    walk.refound()

    for phase in (Phase.MOOD, Phase.ARCHITECTURE, Phase.SPECIFICATION, Phase.IMPLEMENTATION):
        assert walk.here is phase
        sign_again(walk)

    assert (walk.here, situation(walk.state)) == (Phase.VALIDATION, Situation.DRAFTING_EMPTY)
    assert walk.state.last_revision == revisions
    assert not any(work.sign_again for work in walk.state.phases.values())


def test_a_blocking_finding_keeps_a_kept_revision_out_of_review_like_any_other() -> None:
    walk = at_implementation()
    walk.refound()
    walk.move_facts(blocking=1)

    with pytest.raises(LawRefusal) as refused:
        walk.request_review()

    assert refused.value.law == 4


def test_who_made_what_a_lost_root_approved_does_not_decide_on_what_is_made_of_it() -> None:
    walk = at_implementation()
    walk.refound()
    walk.submit("cat")
    walk.request_review()

    for contributor in ("key-ann", "key-cat"):
        with pytest.raises(LawRefusal) as refused:
            walk.vote(contributor)
        assert refused.value.law == 2


def test_who_made_what_a_lost_root_approved_contributed_though_it_was_rejected_since() -> None:
    walk = Walk()
    walk.pass_gate()
    walk.reopen(Phase.MOOD)
    walk.request_review()
    walk.reject()
    walk.refound()

    assert walk.submit("cat")[-1].data["contributors"] == ["ann", "cat"]


def test_who_made_what_a_lost_root_approved_contributed_though_a_draft_lies_over_it() -> None:
    walk = Walk()
    walk.pass_gate()
    walk.reopen(Phase.MOOD)
    walk.submit("dan")
    walk.refound()

    assert walk.submit("cat")[-1].data["contributors"] == ["ann", "cat", "dan"]


def test_refounding_again_changes_nothing_more() -> None:
    walk = at_implementation()
    walk.refound()

    assert walk.do(walk.refound_command()) == ()


def test_nothing_happens_where_nothing_was_signed() -> None:
    walk = Walk()
    walk.submit()
    before = walk.state

    walk.refound()

    assert walk.state == before


def test_a_completed_iteration_stays_as_it_is() -> None:
    walk = Walk().complete()
    before = walk.state

    walk.refound()

    assert walk.state == before
    assert walk.state.status is IterationStatus.COMPLETED
    with pytest.raises(LawRefusal) as refused:
        walk.do(walk.refound_command())
    assert refused.value.law == 8


def test_the_iteration_after_a_completed_one_signs_again_what_would_have_stood() -> None:
    walk = Walk().complete()
    walk.refound()
    walk.start_iteration()

    walk.pass_gate()

    assert (walk.here, situation(walk.state)) == (Phase.ARCHITECTURE, Situation.DRAFTING)
    assert walk.stand() == []
    sign_again(walk)
    assert walk.here is Phase.SPECIFICATION


def test_a_rejected_revision_is_not_offered_again() -> None:
    walk = at_implementation()
    walk.refound()
    walk.request_review()

    walk.reject()

    work = walk.state.work(Phase.MOOD)
    assert (work.sign_again, work.approved_as_is) == (False, False)
    assert walk.stand() == []


def test_what_the_light_lane_leaves_out_does_not_stand_after_a_change_to_the_full_one() -> None:
    walk = Walk().complete()
    walk.refound()
    walk.start_iteration(Lane.LIGHT)
    walk.pass_gate()
    walk.change_lane(Lane.FULL)

    assert walk.here is Phase.ARCHITECTURE
    assert walk.stand() == []
