"""Explanations in words: the finding, then the base facts that it needs."""

from __future__ import annotations

import pytest

from tests.unit.reasoning.cases import OLD, shown
from tests.unit.reasoning.engines import EngineInProcess
from tests.unit.reasoning.sketch import HEAD, REPOSITORY, Sketch, sound
from vdw.domain.finding import Finding, Severity, Subject
from vdw.domain.stages import Phase
from vdw.domain.trust_level import Trust
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.service import Reasoner


async def explained(sketch: Sketch, key: str) -> tuple[str, ...]:
    reasoner = Reasoner(engine=EngineInProcess())
    facts = sketch.facts()
    (finding,) = [found for found in (await reasoner.evaluate(facts)).findings if found.key() == key]
    return (await reasoner.explain(facts, finding)).sentences


async def test_what_is_missing_is_explained_by_what_misses_it() -> None:
    assert await explained(sound().unlink("CMP-001", "REQ-001"), "uncovered:REQ-001") == (
        "No component satisfies REQ-001.",
        "REQ-001 is a requirement, at version 1.",
    )


async def test_a_stale_link_is_explained_by_both_versions() -> None:
    assert await explained(sound().change("REQ-001"), "stale:CMP-001,REQ-001") == (
        "CMP-001 rests on REQ-001, which has changed since.",
        "CMP-001 satisfies REQ-001 as of version 1.",
        "REQ-001 is a requirement, at version 2.",
    )


async def test_staleness_at_a_distance_is_explained_by_the_whole_way() -> None:
    assert await explained(sound().change("REQ-001"), "stale_basis:CHG-001,TSK-001") == (
        "CHG-001 rests on TSK-001, which is stale itself.",
        "CHG-001 (implementation) rests on TSK-001 as of version 1.",
        "TSK-001 (specification) rests on SPC-001 as of version 1.",
        "SPC-001 (specification) rests on REQ-001 as of version 1.",
    )


async def test_what_has_two_reasons_cites_neither_of_them_alone() -> None:
    sketch = sound().link("SPC-001", "satisfies", "REQ-002").change("REQ-001").change("REQ-002")

    assert await explained(sketch, "stale_basis:TSK-001,SPC-001") == (
        "TSK-001 rests on SPC-001, which is stale itself.",
        "TSK-001 (specification) rests on SPC-001 as of version 1.",
    )


async def test_a_cycle_is_explained_by_its_links() -> None:
    sketch = sound().link("TSK-001", "depends_on", "TSK-002").link("TSK-002", "depends_on", "TSK-001")

    assert await explained(sketch, "dependency_cycle:TSK-001") == (
        "TSK-001 depends on itself, by way of TSK-002.",
        "TSK-001 depends on TSK-002.",
        "TSK-002 depends on TSK-001.",
    )


async def test_evidence_that_does_not_count_is_explained_by_what_it_says_and_what_was_asked() -> None:
    assert await explained(shown(trust=Trust.CLAIMED), "evidence_below_trust:REQ-001,EVD-002") == (
        "EVD-002 passed for REQ-001 with trust claimed; the policy demands run.",
        f"EVD-002 says of REQ-001: passed, with trust claimed, at {HEAD} of {REPOSITORY}, on a clean tree.",
        "The policy in force demands evidence of trust run.",
    )
    assert await explained(shown(commit=OLD), "evidence_not_for_head:REQ-001,EVD-002") == (
        f"EVD-002 passed for REQ-001 at {OLD}; the head of {REPOSITORY} is {HEAD}.",
        f"EVD-002 says of REQ-001: passed, with trust run, at {OLD} of {REPOSITORY}, on a clean tree.",
        f"The implementation names {HEAD} as the head of {REPOSITORY}.",
    )


async def test_a_missing_approval_is_explained_by_the_gate_and_the_lane() -> None:
    assert await explained(sound().phase(Phase.MOOD, 1, approved=0), "prerequisite_phase:mood") == (
        "No verified decision approves mood, which comes before this gate.",
        "The gate is validation.",
        "The lane walks through mood.",
    )


@pytest.mark.parametrize(
    "finding",
    [
        Finding("uncovered", Severity.BLOCKING, (Subject("REQ-001", ""),), ""),
        Finding("uncovered", Severity.BLOCKING, (Subject("REQ-999", ""),), ""),
        Finding("nosuch", Severity.BLOCKING, (Subject("REQ-001", ""),), ""),
    ],
    ids=["not found", "not there", "no such rule"],
)
async def test_what_these_facts_do_not_find_is_not_explained(finding: Finding) -> None:
    with pytest.raises(VdwError) as refused:
        await Reasoner(engine=EngineInProcess()).explain(sound().facts(), finding)
    assert refused.value.code is ErrorCode.NOT_FOUND
