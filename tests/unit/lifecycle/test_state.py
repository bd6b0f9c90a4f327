"""A project's state is JSON and back again, and says the same wherever it is read."""

from __future__ import annotations

import pytest

from tests.unit.lifecycle.places import PLACES
from tests.unit.lifecycle.walk import Walk
from vdw.domain.canonical import canonical_bytes, parse_object
from vdw.domain.ids import PersonId
from vdw.domain.policy import Policy
from vdw.domain.stages import Phase
from vdw.lifecycle.phases import first_state, fold
from vdw.lifecycle.state import state_from_json, state_to_json
from vdw.lifecycle.table import Situation

EVERY_SITUATION = pytest.mark.parametrize("place", Situation, ids=lambda place: place.name.lower())


@EVERY_SITUATION
def test_a_state_survives_being_stored(place: Situation) -> None:
    state = PLACES[place]().state

    stored = canonical_bytes(state_to_json(state))

    assert state_from_json(parse_object(stored)) == state


def test_a_review_with_votes_survives_being_stored() -> None:
    walk = Walk(policy=Policy(quorum=2))
    walk.open_review()
    walk.vote("key-bob")

    again = state_from_json(state_to_json(walk.state))

    assert again.review is not None
    assert again.review == walk.state.review


def test_what_is_remembered_beside_the_phases_survives_being_stored() -> None:
    walk = Walk().complete()
    walk.start_iteration()
    walk.submit("cat")
    walk.request_review()
    walk.vote()
    walk.reopen(Phase.MOOD)
    walk.submit("cat")

    again = state_from_json(state_to_json(walk.state))

    assert again.contributors_with(Phase.MOOD, PersonId("dan")) == ("cat", "dan")
    assert again.next_revision(Phase.MOOD) == 4
    assert again.completed == walk.state.completed
    assert again.covered == walk.state.covered != {}


@EVERY_SITUATION
def test_the_state_is_the_fold_of_its_events_and_its_version_counts_them(place: Situation) -> None:
    walk = PLACES[place]()

    folded = fold(first_state(walk.history[0]), tuple(walk.history[1:]))

    assert folded == walk.state
    assert folded.version == len(walk.history)
