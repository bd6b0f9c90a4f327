"""A success metric is answered in its own unit, as its own numbers say, by evidence that counts."""

from __future__ import annotations

import pytest

from tests.unit.service.walking import OTHER_COMMIT, Tenant, Walk, red_beside, refusal, report
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError
from vdw.service.answers import SubmittedArtifact

METRIC: JsonObject = {"id": "MET-001", "name": "time to list", "comparison": "at_most", "target": "200", "unit": "ms"}


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"unit": "s"}, "validation.outcomes[0].unit"),
        ({"measured": "200.1"}, "validation.outcomes[0].met"),
        ({"measured": "200.0", "met": False}, "validation.outcomes[0].met"),
    ],
    ids=["another unit", "not met", "met after all"],
)
async def test_an_outcome_that_contradicts_its_metric_is_refused(tenant: Tenant, told: JsonObject, path: str) -> None:
    walk = await _measurable(tenant)
    await walk.record(report())

    with pytest.raises(VdwError) as caught:
        await _measured(walk, **told)

    assert (refusal(caught), caught.value.details["path"]) == ("invalid_input", path)


async def test_an_outcome_that_says_honestly_that_its_metric_is_not_met_is_taken_and_blocks(tenant: Tenant) -> None:
    walk = await _measurable(tenant)
    await walk.record(report())

    submitted = await _measured(walk, measured="200.000000001", met=False)

    assert [finding.key for finding in submitted.findings] == ["metric_not_met:MET-001,OUT-001"]
    assert not submitted.allowed


async def test_a_metric_counts_no_evidence_of_another_commit(tenant: Tenant) -> None:
    walk = await _measurable(tenant)
    await walk.record(report())
    await walk.record(report(), commit=OTHER_COMMIT)

    submitted = await _measured(walk, "EVD-001", "EVD-002", evidence=["EVD-002"])

    assert [finding.key for finding in submitted.findings] == ["metric_not_proven:MET-001,EVD-002"]


async def test_a_metric_counts_no_words_where_the_policy_asks_for_a_run(tenant: Tenant) -> None:
    walk = await _measurable(tenant)
    await walk.record(report())
    await walk.record(report(), by=tenant.agent)

    submitted = await _measured(walk, "EVD-001", "EVD-002", evidence=["EVD-002"])

    assert [finding.key for finding in submitted.findings] == ["metric_not_proven:MET-001,EVD-002"]
    assert "with trust reported" in submitted.findings[0].reason


async def test_a_metric_counts_no_run_in_which_something_else_failed(tenant: Tenant) -> None:
    walk = await _measurable(tenant)
    await walk.record(report())
    await walk.record(red_beside(report()), exit_code=1)

    submitted = await _measured(walk, "EVD-001", "EVD-002", evidence=["EVD-002"])

    assert [finding.key for finding in submitted.findings] == [
        "evidence_run_failed:EVD-002",
        "metric_not_proven:MET-001,EVD-002",
    ]
    assert "failed with trust run" in submitted.findings[1].reason


async def _measurable(tenant: Tenant) -> Walk:
    """A small project with a metric, whose validation has begun."""
    walk = await Walk.begin(tenant, Lane.LIGHT)
    await walk.pass_gate({**walk.draft(), "metrics": [METRIC]})
    return await walk.to(Phase.VALIDATION)


async def _measured(walk: Walk, *listed: str, **told: JsonValue) -> SubmittedArtifact:
    """Submits a validation with one outcome, by default a true one on the first evidence."""
    outcome: JsonObject = {
        "id": "OUT-001",
        "metric": "MET-001",
        "measured": "120",
        "unit": "ms",
        "met": True,
        "evidence": ["EVD-001"],
    }
    return await walk.submit(
        {**walk.draft(), "evidence": [*(listed or ("EVD-001",))], "outcomes": [{**outcome, **told}]}
    )


async def test_two_outcomes_of_one_metric_are_refused(tenant: Tenant) -> None:
    walk = await _measurable(tenant)
    await walk.record(report())
    told: JsonObject = {"metric": "MET-001", "unit": "ms", "evidence": ["EVD-001"]}
    outcomes: list[JsonValue] = [
        {**told, "id": "OUT-001", "measured": "120", "met": True},
        {**told, "id": "OUT-002", "measured": "900", "met": False},
    ]

    with pytest.raises(VdwError) as caught:
        await walk.submit({**walk.draft(), "evidence": ["EVD-001"], "outcomes": outcomes})

    assert caught.value.details["path"] == "validation.outcomes[1].metric"
