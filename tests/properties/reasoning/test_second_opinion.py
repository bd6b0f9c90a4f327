"""The rules on Mangle and the same rules in plain Python say the same of every generated project."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.properties.reasoning.generated import generated_project
from tests.properties.reasoning.naive import RULES, Opinion, Project, second_opinion
from tests.unit.reasoning.engines import EngineInProcess
from vdw.domain.finding import Verdict
from vdw.domain.ids import ElementKind
from vdw.domain.stages import Phase
from vdw.reasoning.pool import WorkerPool
from vdw.reasoning.rulebook import load_rulebook
from vdw.reasoning.service import Reasoner

QUICK, ALL = range(60), range(60, 300)

VERIFYING = {
    "unverified",
    "evidence_failed",
    "evidence_not_run",
    "evidence_below_trust",
    "evidence_not_for_head",
    "evidence_without_head",
    "evidence_not_clean",
}
"""Rules that together leave no requirement unverified in silence."""


def opinions(verdict: Verdict) -> set[Opinion]:
    return {
        Opinion(
            finding.rule,
            tuple(subject.id for subject in finding.subjects),
            tuple(subject.id for subject in finding.witnesses if subject.id not in set(Phase)),
        )
        for finding in verdict.findings
    }


async def require_agreement(seed: int) -> None:
    facts = generated_project(seed)
    verdict = await Reasoner(engine=EngineInProcess()).evaluate(facts)
    assert opinions(verdict) == second_opinion(facts)
    assert len(opinions(verdict)) == len(verdict.findings)


@pytest.mark.parametrize("seed", QUICK)
async def test_both_find_the_same(seed: int) -> None:
    await require_agreement(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
async def test_both_find_the_same_in_many_more(seed: int) -> None:
    await require_agreement(seed)


@pytest.mark.parametrize("seed", QUICK)
def test_a_requirement_that_nothing_verifies_is_never_passed_over(seed: int) -> None:
    """However few findings one cause gives, it gives one."""
    facts = replace(generated_project(seed), gate=Phase.VALIDATION)
    project = Project(facts)
    about = {opinion.subjects[0] for opinion in second_opinion(facts) if opinion.rule in VERIFYING}

    unverified = {name for name in project.of(ElementKind.REQUIREMENT) if not project.verified(name)}

    assert unverified <= about


async def test_both_find_the_same_through_the_workers() -> None:
    reasoner = Reasoner(engine=WorkerPool())
    try:
        for seed in QUICK[:10]:
            facts = generated_project(seed)
            assert opinions(await reasoner.evaluate(facts)) == second_opinion(facts)
    finally:
        await reasoner.close()


def test_the_second_opinion_has_every_rule() -> None:
    assert {rule.__name__ for rule, *_ in RULES} == load_rulebook().rules.keys()


def test_the_generated_projects_show_every_rule_both_ways() -> None:
    fired = [{opinion.rule for opinion in second_opinion(generated_project(seed))} for seed in QUICK]
    for rule in load_rulebook().rules:
        assert 5 <= sum(rule in found for found in fired) <= 55, rule
