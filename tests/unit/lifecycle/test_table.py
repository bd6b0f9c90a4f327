"""Law 9: every command in every situation has exactly one answer, and each refusal names its law and a way on."""

from __future__ import annotations

import pytest

from tests.unit.lifecycle.places import PLACES, eventful
from vdw.errors import LawRefusal
from vdw.lifecycle.commands import KIND, CommandKind
from vdw.lifecycle.events import EventType
from vdw.lifecycle.evolution import evolve
from vdw.lifecycle.phases import decide
from vdw.lifecycle.table import TABLE, Allowed, Refused, Situation, situation

EVERY_KIND = pytest.mark.parametrize("kind", CommandKind, ids=lambda kind: kind.value)
EVERY_SITUATION = pytest.mark.parametrize("place", Situation, ids=lambda place: place.name.lower())

FOLLOWS = {
    CommandKind.SUBMIT: EventType.SUBMITTED,
    CommandKind.REQUEST_REVIEW: EventType.REVIEW_OPENED,
    CommandKind.REISSUE_BRIEF: EventType.BRIEF_REISSUED,
    CommandKind.VOTE: EventType.VOTED,
    CommandKind.CLOSE_REVIEW: EventType.REVIEW_ENDED,
    CommandKind.WAIVE: EventType.WAIVED,
    CommandKind.RECORD_EVIDENCE: EventType.EVIDENCE_RECORDED,
    CommandKind.REOPEN: EventType.REOPENED,
    CommandKind.RESUME: EventType.RESUMED,
    CommandKind.CHANGE_LANE: EventType.LANE_CHANGED,
    CommandKind.ABANDON: EventType.ABANDONED,
    CommandKind.REFOUND: EventType.REFOUNDED,
    CommandKind.START_ITERATION: EventType.ITERATION_STARTED,
}
"""The event that a command is given for."""

WITHOUT_EFFECT = {(CommandKind.REQUEST_REVIEW, Situation.REVIEW)} | {
    (CommandKind.REFOUND, place) for place in Situation if isinstance(TABLE[CommandKind.REFOUND][place], Allowed)
}
"""Who asks again joins the open review; and nothing in these places was signed under a lost root."""


def test_every_kind_of_command_has_one_answer_in_every_situation() -> None:
    assert set(TABLE) == set(CommandKind)
    assert [kind for kind, row in TABLE.items() if set(row) != set(Situation)] == []


def test_every_command_has_a_kind_of_its_own() -> None:
    assert sorted(KIND.values()) == sorted(CommandKind)


def test_every_refusal_of_the_table_names_a_law_and_a_next_step() -> None:
    refusals = [answer for row in TABLE.values() for answer in row.values() if isinstance(answer, Refused)]

    assert refusals
    assert [
        refusal for refusal in refusals if not (1 <= refusal.law <= 9 and refusal.public and refusal.next_step)
    ] == []


@EVERY_SITUATION
def test_every_situation_can_be_reached(place: Situation) -> None:
    assert situation(PLACES[place]().state) is place


@EVERY_KIND
@EVERY_SITUATION
def test_decide_does_what_the_table_allows_and_refuses_what_it_refuses(kind: CommandKind, place: Situation) -> None:
    walk = PLACES[place]()
    command = next(command for command in walk.one_of_each() if KIND[type(command)] is kind)
    answer = TABLE[kind][place]

    if isinstance(answer, Allowed):
        events = [event.type for event in decide(walk.state, command)]
        assert (FOLLOWS[kind] in events) is ((kind, place) not in WITHOUT_EFFECT)
        assert bool(events) is ((kind, place) not in WITHOUT_EFFECT)
    else:
        with pytest.raises(LawRefusal) as refused:
            decide(walk.state, command)
        assert (refused.value.law, refused.value.public, refused.value.next_step) == (
            answer.law,
            answer.public,
            answer.next_step,
        )


def test_every_event_can_be_folded_in_every_situation() -> None:
    """What was stored once can be read for ever, even if a later product would no longer decide it."""
    events = {event.type: event for event in eventful()}
    assert set(events) == set(EventType)

    for make in PLACES.values():
        state = make().state
        for event in events.values():
            if event.type is not EventType.CREATED:
                assert evolve(state, event).version == state.version + 1
