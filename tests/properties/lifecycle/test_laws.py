"""The laws of the lifecycle hold after every step of every walk, and each of their checks can fail."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.lifecycle.laws import ALL_LAWS, LAWS, LawBroken
from tests.properties.lifecycle.machine import Walks
from tests.properties.lifecycle.mutants import MUTANTS, Mutant
from tests.properties.lifecycle.tour import Tour
from tests.properties.lifecycle.world import World
from vdw.domain.policy import Policy
from vdw.domain.stages import Lane

TWO = Policy(quorum=2)
STEADY = settings(derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
QUICK = settings(STEADY, max_examples=200, stateful_step_count=60)
LONG = settings(STEADY, derandomize=False, max_examples=1000, stateful_step_count=100)
HUNT = settings(STEADY, max_examples=3000, stateful_step_count=60, phases=[Phase.generate])

EVERY_MUTANT = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"law {mutant.law}: {mutant.what}")


def test_every_law_holds_on_random_walks() -> None:
    run_state_machine_as_test(Walks, settings=QUICK)


@pytest.mark.slow
def test_every_law_holds_on_many_long_random_walks() -> None:
    run_state_machine_as_test(Walks, settings=LONG)


def test_every_law_holds_on_the_tour() -> None:
    tour = Tour(World(Lane.FULL, TWO))

    tour.run()

    assert tour.slips == []


@EVERY_MUTANT
def test_the_check_of_a_law_fails_where_the_law_is_broken(mutant: Mutant) -> None:
    check = ALL_LAWS[mutant.law - 1]
    tour = Tour(World(Lane.FULL, TWO, mutant.decide, mutant.evolve, laws=(check,)))

    with pytest.raises(LawBroken, match=f"law {mutant.law}:"):
        tour.run()


def test_every_law_has_a_check_that_was_seen_to_fail() -> None:
    assert {mutant.law for mutant in MUTANTS} == set(LAWS)


@pytest.mark.slow
@EVERY_MUTANT
def test_random_walks_find_the_broken_law_as_well(mutant: Mutant) -> None:
    class Broken(Walks):
        make = partial(World, decide=mutant.decide, evolve=mutant.evolve)

    with pytest.raises(LawBroken):
        run_state_machine_as_test(Broken, settings=HUNT)
