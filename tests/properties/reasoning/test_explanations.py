"""Every fact that an explanation cites is needed: without it, a second opinion no longer has the finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.properties.reasoning.generated import generated_project
from tests.properties.reasoning.naive import second_opinion
from tests.unit.reasoning.engines import EngineInProcess
from tests.unit.reasoning.sketch import recast
from vdw.domain.ids import LinkKind
from vdw.reasoning.explain import CitedFact
from vdw.reasoning.facts import ElementFact, LinkFact, ProjectFacts
from vdw.reasoning.relations import LINK_RELATIONS, RELATION
from vdw.reasoning.service import Reasoner

QUICK, ALL = range(0, 60, 3), range(60, 120)

LINKS = {"link", "rests_on", "depends_on", *LINK_RELATIONS.values()}
ELEMENTS = {"requirement", "component", "contract", "task", "change", "evidence", "metric", "question", "stands"}
OF_THE_GATE = {"gate", "walks", "demanded"}
"""Relations whose rows a project cannot lose: every gate has them."""


def without(facts: ProjectFacts, cited: CitedFact) -> ProjectFacts:
    """The facts, less the one that was cited."""
    names = {fact.number: fact.id for fact in facts.elements}
    row, relation = cited.row, cited.relation
    if relation in ELEMENTS:  # an element goes with its own links and with what it shows
        return recast(
            replace(facts, tested=tuple(fact for fact in facts.tested if fact.requirement != names[row[0]])),
            elements=(fact for fact in facts.elements if fact.number != row[0]),
            links=(link for link in facts.links if link.source != names[row[0]]),
            evidence=(fact for fact in facts.evidence if fact.number != row[0]),
        )
    if relation == "outcome":
        return recast(facts, outcomes=(fact for fact in facts.outcomes if fact.number != row[1]))
    if relation in LINKS:
        return recast(facts, links=(link for link in facts.links if not _is(link, cited, names)))
    if relation == "result":
        evidence = (
            replace(fact, verifies=tuple(name for name in fact.verifies if name != names[row[0]]))
            if fact.id == names[row[1]]
            else fact
            for fact in facts.evidence
        )
        return recast(facts, evidence=evidence)
    if relation == "measurement":
        evidence = (
            replace(fact, metrics=tuple(name for name in fact.metrics if name != names[row[0]]))
            if fact.id == names[row[1]]
            else fact
            for fact in facts.evidence
        )
        return recast(facts, evidence=evidence)
    if relation == "unlisted":
        return replace(facts, unlisted=tuple(fact for fact in facts.unlisted if fact.requirement != names[row[0]]))
    if relation == "shown":
        return recast(facts, evidence=(fact for fact in facts.evidence if fact.number != row[0]))
    if relation == "head":
        return replace(facts, heads=())
    if relation in ("approved", "current"):
        return replace(facts, phases=())
    if relation in ("stood", "tested_in"):  # where a file is needed, it is the only one
        return replace(facts, tested=tuple(fact for fact in facts.tested if fact.requirement != names[row[0]]))
    assert relation in ("blocking", "free")
    return recast(facts, elements=(_plain(fact) if fact.number == row[0] else fact for fact in facts.elements))


def _plain(fact: ElementFact) -> ElementFact:
    return replace(fact, blocking=False, free=False)


def _is(link: LinkFact, cited: CitedFact, names: dict[int, str]) -> bool:
    """Whether the link gives the cited row. A target that is gone has a number below zero and no name."""
    target = (
        cited.row[RELATION[cited.relation].columns.index("Basis")]
        if cited.relation in ("link", "rests_on")
        else cited.row[1]
    )
    same = link.source == names[cited.row[0]] and names.get(target, link.target) == link.target
    if cited.relation == "depends_on":
        return same and link.kind is LinkKind.DEPENDS_ON
    return same and (target > 0 or link.target not in names.values()) and link.stamp_version == cited.row[-1]


async def require_each_is_needed(seed: int) -> None:
    facts = generated_project(seed)
    reasoner = Reasoner(engine=EngineInProcess())
    for finding in (await reasoner.evaluate(facts)).findings:
        explanation = await reasoner.explain(facts, finding)

        assert explanation.sentences[0] == finding.reason
        subjects = tuple(subject.id for subject in finding.subjects)
        for cited in explanation.facts:
            if cited.relation in OF_THE_GATE:
                continue
            left = {(opinion.rule, opinion.subjects) for opinion in second_opinion(without(facts, cited))}
            assert (finding.rule, subjects) not in left, cited


@pytest.mark.parametrize("seed", QUICK)
async def test_without_a_cited_fact_the_finding_is_gone(seed: int) -> None:
    await require_each_is_needed(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
async def test_without_a_cited_fact_the_finding_is_gone_in_many_more(seed: int) -> None:
    await require_each_is_needed(seed)
