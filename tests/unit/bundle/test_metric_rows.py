"""Each success metric is one row: what was wanted, what was measured, whether that is enough, on what evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.bundle.exports import export_of
from tests.unit.service.walking import Tenant, Walk, report
from vdw.bundle.content import ExportContent
from vdw.bundle.metrics import metric_lines, metric_rows
from vdw.domain.canonical import JsonValue
from vdw.domain.ids import ElementKind
from vdw.domain.stages import Lane, Phase

COMPARISONS = (("MET-001", "at_least"), ("MET-002", "at_most"), ("MET-003", "exactly"))


@pytest.fixture
async def measured(tenant: Tenant) -> ExportContent:
    """Three metrics, each met on the evidence of one run."""
    walk = await Walk.begin(tenant, Lane.LIGHT)
    metrics: list[JsonValue] = [
        {"id": name, "name": "speed", "comparison": comparison, "target": "200", "unit": "ms"}
        for name, comparison in COMPARISONS
    ]
    await walk.pass_gate({**walk.draft(), "metrics": metrics})
    await walk.to(Phase.VALIDATION)
    recorded = (await walk.record(report())).evidence
    outcomes: list[JsonValue] = [
        {"id": f"OUT-{n:03}", "metric": name, "unit": "ms", "measured": "200", "met": True, "evidence": [recorded]}
        for n, (name, _) in enumerate(COMPARISONS, start=1)
    ]
    await walk.pass_gate({**walk.draft(), "evidence": [recorded], "outcomes": outcomes})
    return export_of(tenant, walk.project).content


def without(content: ExportContent, phase: Phase, kind: ElementKind) -> ExportContent:
    """The content where the bytes of these elements were erased."""
    revision = content.revisions[phase]
    left = {name: element for name, element in revision.elements.items() if element.kind is not kind}
    return replace(content, revisions={**content.revisions, phase: replace(revision, elements=left)})


def values(content: ExportContent, name: str) -> list[JsonValue]:
    return [row[name] for row in metric_rows(content.revisions)]


async def test_the_target_says_how_it_is_compared(measured: ExportContent) -> None:
    assert values(measured, "target") == ["at least 200 ms", "at most 200 ms", "exactly 200 ms"]


async def test_of_an_erased_metric_what_was_wanted_is_said_to_be_erased(measured: ExportContent) -> None:
    erased = without(measured, Phase.MOOD, ElementKind.METRIC)

    assert values(erased, "name") == values(erased, "target") == ["(erased)"] * len(COMPARISONS)


async def test_of_erased_evidence_the_trust_is_said_to_be_erased(measured: ExportContent) -> None:
    (recorded,) = [
        ref.id for ref in measured.revisions[Phase.VALIDATION].manifest.elements if ref.kind is ElementKind.EVIDENCE
    ]

    assert values(measured, "evidence") == [[f"{recorded} (run)"]] * len(COMPARISONS)
    erased = without(measured, Phase.VALIDATION, ElementKind.EVIDENCE)
    assert values(erased, "evidence") == [[f"{recorded} (erased)"]] * len(COMPARISONS)


async def test_an_outcome_that_names_no_evidence_is_said_to_rest_on_none(measured: ExportContent) -> None:
    revision = measured.revisions[Phase.VALIDATION]
    links = tuple(link for link in revision.manifest.links if not link.target.startswith("EVD-"))
    bare = replace(revision, manifest=replace(revision.manifest, links=links))

    lines = metric_lines(replace(measured, revisions={**measured.revisions, Phase.VALIDATION: bare}))

    assert [line.rpartition(", ")[2] for line in lines] == ["measured 200 ms: met (no evidence)"] * len(COMPARISONS)


def test_without_a_mood_there_is_no_row() -> None:
    assert metric_rows({}) == ()
