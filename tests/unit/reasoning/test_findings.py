"""Findings in words, and the waivers that hold them off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.reasoning.cases import shown
from tests.unit.reasoning.engines import EngineInProcess
from tests.unit.reasoning.sketch import HEAD, REPOSITORY, TODAY, Sketch, digest_at, sound
from vdw.domain.finding import Finding, Subject, Verdict
from vdw.domain.stages import Phase
from vdw.reasoning.facts import ProjectFacts, WaiverFact
from vdw.reasoning.service import Reasoner


async def verdict_of(facts: ProjectFacts) -> Verdict:
    return await Reasoner(engine=EngineInProcess()).evaluate(facts)


async def only_finding(sketch: Sketch) -> Finding:
    (finding,) = (await verdict_of(sketch.facts())).findings
    return finding


def one_uncovered() -> Sketch:
    return sound().add("REQ-003").add("CMP-003").link("CMP-003", "satisfies", "REQ-001").at(Phase.ARCHITECTURE)


WAIVER = WaiverFact("wvr_1", "uncovered", (Subject("REQ-003", digest_at("REQ-003", 1)),), TODAY)


async def test_a_finding_names_its_subjects_with_their_digests_and_says_why() -> None:
    finding = await only_finding(one_uncovered())

    assert finding.key() == "uncovered:REQ-003"
    assert finding.subjects == (Subject("REQ-003", digest_at("REQ-003", 1)),)
    assert finding.reason == "No component satisfies REQ-003."
    assert finding.blocks


async def test_a_finding_about_a_phase_names_it_with_its_current_digest() -> None:
    finding = await only_finding(sound().phase(Phase.MOOD, 2, approved=1))

    assert finding.subjects == (Subject("mood", digest_at("mood", 2)),)
    assert not finding.waivable


async def test_what_is_gone_has_no_digest() -> None:
    sketch = sound().link("CMP-001", "depends_on", "INT-009")
    finding = await only_finding(sketch)

    assert finding.subjects == (Subject("CMP-001", digest_at("CMP-001", 1)), Subject("INT-009", ""))


async def test_witnesses_are_named_once_each_and_a_long_list_is_cut_in_the_sentence_alone() -> None:
    sketch = sound().add("SPC-003")
    requirements = [f"REQ-{number:03}" for number in range(1, 13)]
    for name in requirements:
        sketch.add(name).link("SPC-003", "satisfies", name)
    verdict = await verdict_of(sketch.at(Phase.SPECIFICATION).facts())
    (finding,) = [found for found in verdict.findings if found.rule == "contract_without_task"]

    assert tuple(subject.id for subject in finding.witnesses) == tuple(requirements)
    assert finding.reason.endswith("REQ-010 and 2 more.")


async def test_words_of_a_user_stand_in_the_sentence_as_they_are() -> None:
    verdict = await verdict_of(shown(commit="0ddba11").facts())

    assert verdict.findings[0].reason == (f"EVD-002 passed for REQ-001 at 0ddba11; the head of {REPOSITORY} is {HEAD}.")


async def test_what_a_claim_does_not_name_is_said_to_be_unnamed() -> None:
    verdict = await verdict_of(shown(repository="", commit="").facts())

    assert verdict.findings[0].reason == (
        "EVD-002 passed for REQ-001 in an unnamed repository, of which the implementation names no head."
    )


async def test_findings_come_in_the_order_of_rule_and_subjects() -> None:
    keys = [finding.key() for finding in (await verdict_of(sound().change("REQ-001").add("REQ-003").facts())).findings]

    assert keys == sorted(keys)
    assert len(keys) > 5


async def test_what_blocks_comes_before_what_warns() -> None:
    sketch = sound().add("REQ-001", free=True).add("REQ-002", acceptance=0).at(Phase.MOOD)

    verdict = await verdict_of(sketch.facts())

    assert [finding.key() for finding in verdict.findings] == ["missing_acceptance:REQ-002", "free_pattern:REQ-001"]
    assert [finding.blocks for finding in verdict.findings] == [True, False]


async def test_a_waiver_holds_off_the_finding_that_it_names() -> None:
    sketch = one_uncovered()
    sketch.waivers = [WAIVER, replace(WAIVER, id="wvr_0")]
    verdict = await verdict_of(sketch.facts())

    assert verdict.allowed
    assert verdict.findings[0].waived_by == ("wvr_0", "wvr_1")


@pytest.mark.parametrize(
    "waiver",
    [
        replace(WAIVER, rule="unverified"),
        replace(WAIVER, subjects=(Subject("REQ-001", digest_at("REQ-001", 1)),)),
        replace(WAIVER, subjects=(Subject("REQ-003", digest_at("REQ-003", 2)),)),
        replace(WAIVER, subjects=(*WAIVER.subjects, Subject("REQ-001", digest_at("REQ-001", 1)))),
        replace(WAIVER, subjects=()),
        replace(WAIVER, until=TODAY - timedelta(days=1)),
    ],
    ids=["another rule", "another subject", "the subject as it was", "more subjects", "no subject", "over"],
)
async def test_a_waiver_of_anything_else_holds_off_nothing(waiver: WaiverFact) -> None:
    sketch = one_uncovered()
    sketch.waivers = [waiver]

    assert not (await verdict_of(sketch.facts())).allowed


async def test_a_waiver_dies_when_any_of_its_subjects_changes() -> None:
    sketch = sound().show("EVD-002", "REQ-001", outcome="failed")
    subjects = (Subject("REQ-001", digest_at("REQ-001", 1)), Subject("EVD-002", digest_at("EVD-002", 1)))
    sketch.waivers = [WaiverFact("wvr_1", "evidence_failed", subjects, TODAY)]
    assert (await verdict_of(sketch.facts())).allowed

    sketch.change("EVD-002")

    assert not (await verdict_of(sketch.facts())).allowed


def waived(sketch: Sketch, rule: str, *names: str) -> Sketch:
    """The sketch with a waiver of the rule's finding that matched these elements and phases, as they are now."""
    versions = {name: fact.version for name, fact in sketch.elements.items()}
    subjects = tuple(Subject(name, digest_at(name, versions.get(name, 1))) for name in names)
    sketch.waivers = [WaiverFact("wvr_1", rule, subjects, TODAY)]
    return sketch


async def test_a_waiver_ends_when_more_is_matched_than_was_waived() -> None:
    sketch = waived(sound().remove("TSK-001"), "contract_without_task", "SPC-001", "REQ-001")
    sketch.at(Phase.SPECIFICATION)
    assert (await verdict_of(sketch.facts())).allowed

    sketch.link("SPC-001", "satisfies", "REQ-002")

    assert not (await verdict_of(sketch.facts())).allowed


async def test_a_waiver_ends_when_a_witness_changes() -> None:
    sketch = waived(sound().remove("TSK-001"), "contract_without_task", "SPC-001", "REQ-001")
    sketch.at(Phase.SPECIFICATION).change("REQ-001").link("SPC-001", "satisfies", "REQ-001", made_for=2)
    sketch.link("CMP-001", "satisfies", "REQ-001", made_for=2)

    assert [finding.key() for finding in (await verdict_of(sketch.facts())).blocking] == [
        "contract_without_task:SPC-001"
    ]


async def test_a_waiver_of_evidence_for_another_commit_ends_with_the_implementation_that_named_the_head() -> None:
    sketch = sound().remove("EVD-001").show("EVD-001", "REQ-001", "REQ-002", commit="older")
    sketch.show("EVD-002", metrics=["MET-001"])
    names = ("REQ-001", "EVD-001", "implementation"), ("REQ-002", "EVD-001", "implementation")
    sketch.waivers = [waived(sketch, "evidence_not_for_head", *each).waivers[0] for each in names]
    assert (await verdict_of(sketch.facts())).allowed

    sketch.phase(Phase.IMPLEMENTATION, 2, approved=2)

    assert len((await verdict_of(sketch.facts())).blocking) == 2


async def test_a_missing_signature_cannot_be_waived() -> None:
    sketch = sound().phase(Phase.MOOD, 1, approved=0)
    sketch.waivers = [WaiverFact("wvr_1", "prerequisite_phase", (Subject("mood", digest_at("mood", 1)),), TODAY)]
    verdict = await verdict_of(sketch.facts())

    assert not verdict.allowed
    assert verdict.findings[0].waived_by == ()
