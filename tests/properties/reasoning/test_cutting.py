"""How a project is cut, pruned, ordered or numbered never shows in what is found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random

import pytest

from tests.properties.reasoning.generated import generated_project
from tests.unit.reasoning.engines import EngineInProcess
from tests.unit.reasoning.everything import derived, unpruned
from tests.unit.reasoning.sketch import recast
from vdw.reasoning.facts import ProjectFacts
from vdw.reasoning.plan import plan_verdict, slice_tasks
from vdw.reasoning.relations import Row
from vdw.reasoning.rows import extract
from vdw.reasoning.rulebook import load_rulebook
from vdw.reasoning.service import Reasoner

SEEDS = range(20)


def found_in_slices(facts: ProjectFacts, size: int) -> dict[str, set[Row]]:
    asked = load_rulebook().asked(facts.gate, facts.lane)
    found: dict[str, set[Row]] = defaultdict(set)
    for task in plan_verdict(facts, asked, slice_size=size).tasks:
        for predicate, rows in derived(task.group, task.rows).items():
            found[predicate].update(rows)
    return found


def found_at_once(facts: ProjectFacts) -> dict[str, set[Row]]:
    asked = load_rulebook().asked(facts.gate, facts.lane)
    rows = unpruned(extract(facts))
    groups = (asked.slices, *asked.across)
    return {predicate: set(found) for group in groups for predicate, found in derived(group, rows).items()}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_slices_of_any_size_find_what_the_whole_finds(seed: int, size: int) -> None:
    facts = generated_project(seed)
    assert found_in_slices(facts, size) == found_at_once(facts)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rule_alone_finds_in_slices_what_it_finds_among_all(seed: int) -> None:
    facts, rulebook = generated_project(seed), load_rulebook()
    extracted = extract(facts)
    for rule in rulebook.rules.values():
        if not rule.across:
            group = rulebook.group((rule,))
            found = [set(derived(group, task.rows)[rule.name]) for task in slice_tasks(extracted, group, 7)]
            assert set().union(*found) == set(derived(group, unpruned(extracted))[rule.name])


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_order_of_facts_means_nothing(seed: int) -> None:
    facts, chance = generated_project(seed), Random(seed)  # noqa: S311 - the same again is what it is for
    elements, links, evidence = list(facts.elements), list(facts.links), list(facts.evidence)
    shuffled = replace(
        recast(
            facts,
            elements=chance.sample(elements, len(elements)),
            links=chance.sample(links, len(links)),
            evidence=chance.sample(evidence, len(evidence)),
        ),
        heads=facts.heads[::-1],
        phases=facts.phases[::-1],
        waivers=facts.waivers[::-1],
    )
    engine = EngineInProcess()
    assert await Reasoner(engine=engine).evaluate(shuffled) == await Reasoner(engine=engine).evaluate(facts)


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_numbers_of_elements_mean_nothing(seed: int) -> None:
    facts = generated_project(seed)
    numbers = {fact.number: place for place, fact in enumerate(facts.elements, start=1)}
    renumbered = recast(
        facts,
        elements=(replace(fact, number=numbers[fact.number]) for fact in facts.elements),
        evidence=(replace(fact, number=numbers[fact.number]) for fact in facts.evidence),
        outcomes=(replace(fact, number=numbers[fact.number]) for fact in facts.outcomes),
    )
    engine = EngineInProcess()
    assert await Reasoner(engine=engine).evaluate(renumbered) == await Reasoner(engine=engine).evaluate(facts)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_remembered_answer_is_the_answer(seed: int) -> None:
    facts, engine = generated_project(seed), EngineInProcess()
    reasoner = Reasoner(engine=engine)
    first = await reasoner.evaluate(facts)
    programs = len(engine.programs)

    assert await reasoner.evaluate(facts) == first
    assert len(engine.programs) == programs
