"""Whoever can write the database takes no finding away: what cannot be read counts as the worst that it may have
said."""

from __future__ import annotations

import pytest

from tests.unit.service.forging import delete_element, edited_state, execute
from tests.unit.service.walking import Tenant, Walk, refusal, report, requirement_changed, waive
from vdw.domain.canonical import JsonObject
from vdw.domain.stages import Phase
from vdw.errors import VdwError
from vdw.service.changing import Change

QUESTION: JsonObject = {"id": "QUE-001", "question": "Is it legal?", "blocking": True}


async def test_a_blocking_question_blocks_also_when_its_bytes_are_gone(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    submitted = await walk.submit({**walk.draft(), "questions": [{**QUESTION, "blocking": False}]})
    delete_element(walk, submitted.digest, "QUE-001")

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "blocked"
    assert "blocking_question:QUE-001" in [finding.key for finding in walk.view().findings]


async def test_a_requirement_whose_bytes_are_gone_has_no_acceptance(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    submitted = await walk.submit()
    delete_element(walk, submitted.digest, "REQ-001")

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "blocked"
    assert "missing_acceptance:REQ-001" in [finding.key for finding in walk.view().findings]


async def test_evidence_whose_bytes_are_gone_failed(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.VALIDATION)
    bad = await walk.record(report(failing=("REQ-001",)), exit_code=1)
    good = await walk.record(report())
    submitted = await walk.submit({**walk.draft(), "evidence": [good.evidence, bad.evidence]})
    delete_element(walk, submitted.digest, bad.evidence)

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "blocked"
    found = [finding.key for finding in walk.view().findings]
    assert f"evidence_failed:REQ-001,{bad.evidence}" in found


@pytest.mark.parametrize("element", ["QUE-001", "REQ-001"])
async def test_what_is_erased_after_its_approval_undoes_no_decision(tenant: Tenant, element: str) -> None:
    walk = await Walk.begin(tenant)
    mood = await walk.submit({**walk.draft(), "questions": [{**QUESTION, "answer": "Yes."}]})
    await walk.ask()
    await walk.decide()
    draft = walk.draft()
    delete_element(walk, mood.digest, element)

    submitted = await walk.submit(draft)

    assert submitted.allowed
    assert walk.approved()["mood"] == "self-approved"


async def test_a_project_completed_on_a_waiver_is_not_verified_by_deleting_the_record_that_failed(
    tenant: Tenant,
) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.VALIDATION)
    bad = await walk.record(report(failing=("REQ-001",)), exit_code=1)
    good = await walk.record(report())
    submitted = await walk.submit({**walk.draft(), "evidence": [good.evidence, bad.evidence]})
    (finding,) = (found.key for found in submitted.findings)
    await waive(
        tenant.env, tenant.operator, tenant.signer, walk.project, finding=finding, until="2999-12-31", reason="Flaky."
    )
    await walk.ask()
    await walk.decide()

    delete_element(walk, submitted.digest, bad.evidence)
    with edited_state(walk) as state:
        state["verified"] = True

    assert walk.view().verified == "no (claims only)"


async def test_two_digests_of_an_element_under_one_number_are_refused(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements(requirement_changed(walk.brief()))
    _rebuild_versions(tenant)
    execute(tenant, "UPDATE digest_version SET version = 1")

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "storage"


async def test_numbers_exchanged_between_two_readings_hide_nothing_stale(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements(requirement_changed(walk.brief()))
    _rebuild_versions(tenant)
    execute(tenant, "UPDATE digest_version SET version = 3 - version WHERE element = 'REQ-001'")

    await walk.ask()
    await walk.decide()

    assert walk.view().phase == Phase.ARCHITECTURE
    assert "stale:CMP-001,REQ-001" in [finding.key for finding in walk.view().findings]


def _rebuild_versions(tenant: Tenant) -> None:
    """The table without its triggers and its UNIQUE, with the same rows."""
    columns = "project TEXT, element TEXT, digest TEXT, version INTEGER, PRIMARY KEY (project, element, digest)"
    execute(tenant, f"CREATE TABLE rebuilt ({columns}) STRICT, WITHOUT ROWID")
    execute(tenant, "INSERT INTO rebuilt SELECT project, element, digest, version FROM digest_version")
    execute(tenant, "DROP TABLE digest_version")
    execute(tenant, "ALTER TABLE rebuilt RENAME TO digest_version")
