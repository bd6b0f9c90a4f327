"""Law 8: what reopening, resuming and a standing approval do to the phases of an open iteration."""

from __future__ import annotations

import pytest

from tests.unit.lifecycle.walk import Walk
from vdw.domain.policy import Policy
from vdw.domain.stages import Phase, Stage
from vdw.errors import LawRefusal
from vdw.lifecycle import phases
from vdw.lifecycle.events import EventType
from vdw.lifecycle.state import PhaseWork
from vdw.lifecycle.table import Situation, situation

ARCHITECTURE, SPECIFICATION = Phase.ARCHITECTURE, Phase.SPECIFICATION


def at_implementation() -> Walk:
    return Walk().go_to(Phase.IMPLEMENTATION)


def test_reopening_makes_an_approved_phase_current_and_keeps_what_comes_after_it() -> None:
    walk = at_implementation()
    kept = walk.state.work(SPECIFICATION)

    walk.reopen(ARCHITECTURE)

    later = walk.state.work(SPECIFICATION)
    assert walk.here is ARCHITECTURE
    assert (later.digest, later.approval, later.stage) == (kept.digest, kept.approval, Stage.PENDING)


def test_only_an_approved_phase_reopens() -> None:
    walk = at_implementation()

    for phase in (Phase.IMPLEMENTATION, Phase.VALIDATION):
        with pytest.raises(LawRefusal, match="Only an approved phase"):
            walk.reopen(phase)


def test_reopening_an_earlier_phase_ends_the_review_of_a_later_one_and_keeps_its_revision() -> None:
    walk = at_implementation()
    walk.open_review()
    digest = walk.state.work(Phase.IMPLEMENTATION).digest

    events = walk.reopen(Phase.MOOD)

    assert [event.data.get("end") for event in events] == ["reopened", None]
    assert walk.state.review is None
    assert walk.state.work(Phase.IMPLEMENTATION).digest == digest
    assert walk.state.work(Phase.IMPLEMENTATION).stage is Stage.PENDING


def test_a_reopened_phase_does_not_pass_by_the_approval_that_was_suspended() -> None:
    walk = at_implementation()
    walk.reopen(ARCHITECTURE)

    assert walk.stand() == []
    assert situation(walk.state) is Situation.SUSPENDED


def test_resuming_brings_everything_back_to_where_it_was() -> None:
    walk = at_implementation()
    before = walk.state.phases
    walk.reopen(ARCHITECTURE)

    walk.resume()
    passed = walk.stand()

    assert passed == [ARCHITECTURE, SPECIFICATION]
    assert walk.state.phases == before
    assert walk.here is Phase.IMPLEMENTATION


def test_a_phase_resumed_while_a_finding_blocks_it_goes_on_drafting() -> None:
    """Such as one that became stale because an earlier phase was reopened and changed meanwhile."""
    walk = at_implementation()
    walk.reopen(ARCHITECTURE)
    walk.reopen(Phase.MOOD)
    walk.pass_gate()
    walk.move_facts(blocking=1)

    walk.resume()

    assert walk.stand() == []
    assert walk.here is ARCHITECTURE


def test_a_phase_stays_suspended_when_an_earlier_one_is_reopened_and_approved() -> None:
    walk = at_implementation()
    walk.reopen(ARCHITECTURE)
    walk.reopen(Phase.MOOD)

    walk.pass_gate()

    assert situation(walk.state) is Situation.SUSPENDED


def test_nothing_is_resumed_after_a_new_revision() -> None:
    walk = at_implementation()
    walk.reopen(ARCHITECTURE)
    walk.submit()

    with pytest.raises(LawRefusal, match="no untouched approval"):
        walk.resume()


def test_a_rejection_ends_every_earlier_approval_of_the_same_bytes() -> None:
    walk = at_implementation()
    walk.reopen(ARCHITECTURE)
    walk.request_review()

    walk.reject()

    with pytest.raises(LawRefusal, match="no untouched approval"):
        walk.resume()
    assert walk.stand() == []
    approval = walk.state.work(ARCHITECTURE).approval
    assert approval is not None, "what was last approved stays known, to be compared with"


def test_a_rejected_revision_leaves_the_approval_of_another_to_be_compared_with() -> None:
    walk = at_implementation()
    approved = walk.state.work(ARCHITECTURE).digest
    walk.reopen(ARCHITECTURE)
    walk.open_review()

    walk.reject()

    approval = walk.state.work(ARCHITECTURE).approval
    assert approval is not None
    assert approval.digest == approved


def test_later_phases_that_nothing_touched_pass_without_a_decision_and_the_timeline_names_whose() -> None:
    walk = at_implementation()
    approval = walk.state.work(SPECIFICATION).approval
    walk.reopen(ARCHITECTURE)

    walk.pass_gate()

    passed = walk.history[-1]
    assert approval is not None
    assert passed.type is EventType.PASSED
    assert (passed.data["phase"], passed.data["review"]) == ("specification", approval.review)


def test_a_later_phase_that_a_rule_blocks_is_walked_again() -> None:
    walk = at_implementation()
    walk.reopen(ARCHITECTURE)
    walk.open_review()
    walk.vote("key-bob")
    walk.move_facts(blocking=1)

    assert walk.stand() == []
    assert walk.here is SPECIFICATION


@pytest.mark.parametrize(
    ("asked", "stands"),
    [
        (Policy(quorum=2), True),
        (Policy(quorum=1), True),
        (Policy(quorum=3), False),
        (Policy(quorum=2, self_approval=True), True),
        (Policy(quorum=2, lanes=("full",)), False),
    ],
)
def test_an_approval_stands_while_the_policy_asks_no_more_than_it_had(asked: Policy, stands: bool) -> None:
    walk = Walk(policy=Policy(quorum=2)).go_to(Phase.IMPLEMENTATION)
    walk.reopen(ARCHITECTURE)
    walk.resume()

    walk.change_policy(asked)

    assert (phases.stands_for(walk.state, asked) is ARCHITECTURE) == stands


def test_what_an_owner_approved_of_their_own_does_not_stand_once_the_policy_wants_two_people() -> None:
    walk = Walk(policy=Policy(self_approval=True))
    walk.open_review()
    walk.vote("key-ann")
    walk.reopen(Phase.MOOD)
    walk.resume()

    walk.change_policy(Policy())

    assert walk.stand() == []


def test_a_phase_without_a_fitting_approval_cannot_be_passed() -> None:
    with pytest.raises(LawRefusal) as refused:
        phases.passed(Phase.MOOD, PhaseWork(revision=1, digest="digest"))

    assert refused.value.law == 1


def test_a_submission_for_another_phase_is_told_why() -> None:
    walk = Walk().go_to(ARCHITECTURE)

    for phase, why in [(Phase.MOOD, "approved"), (SPECIFICATION, "not open")]:
        with pytest.raises(LawRefusal, match=why):
            walk.submit(phase=phase)


def test_evidence_waits_for_something_to_be_built() -> None:
    walk = Walk().go_to(SPECIFICATION)

    with pytest.raises(LawRefusal) as refused:
        walk.record_evidence()
    assert refused.value.law == 1

    walk.pass_gate()
    walk.record_evidence()
