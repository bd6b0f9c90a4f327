"""What did not pass at a head commit stands in the brief that is signed, whether or not the agent lists it."""

from __future__ import annotations

import pytest

from tests.unit.service.conftest import TwoOwners
from tests.unit.service.forging import edited_state, execute
from tests.unit.service.walking import COMMIT, OTHER_COMMIT, REPOSITORY, Tenant, Walk, refusal, report
from vdw.artifacts.unlisted import MAX_UNLISTED
from vdw.domain.canonical import JsonObject, canonical_bytes, digest_bytes
from vdw.domain.fields import items, mapping
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError
from vdw.service.changing import Change
from vdw.service.evidencing import EvidenceOffer, submit_evidence

SKIPPED = '<testsuite><testcase name="test_req_001"><skipped/></testcase><testcase name="test_req_002"/></testsuite>'


async def test_a_failing_run_that_the_artifact_leaves_out_stands_in_the_brief(tenant: Tenant) -> None:
    walk = await _built(tenant)
    failed = await walk.record(report(failing=("REQ-002",)), exit_code=1)

    await _in_review(walk)

    unlisted = mapping((await walk.look()).brief["unlisted"])
    (shown,) = map(mapping, items(unlisted["records"]))
    assert unlisted["count"] == 1
    assert (shown["id"], shown["outcome"], shown["trust"], shown["commit"]) == (
        failed.evidence,
        "failed",
        "run",
        COMMIT,
    )
    assert shown["results"] == [{"requirement": "REQ-002", "outcome": "failed"}]


async def test_a_requirement_that_was_skipped_in_a_run_that_is_left_out_stands_in_the_brief(tenant: Tenant) -> None:
    walk = await _built(tenant)
    await walk.record(SKIPPED)

    await _in_review(walk)

    (shown,) = await _unlisted(walk)
    assert (shown["outcome"], shown["results"]) == ("passed", [{"requirement": "REQ-001", "outcome": "skipped"}])


async def test_what_passed_or_is_of_another_commit_is_no_part_of_the_brief(tenant: Tenant) -> None:
    walk = await _built(tenant)
    await walk.record(report())
    await walk.record(report(failing=("REQ-002",)), exit_code=1, commit=OTHER_COMMIT)

    await _in_review(walk)

    assert "unlisted" not in (await walk.look()).brief


async def test_another_name_of_the_repository_hides_no_failure_of_its_head(tenant: Tenant) -> None:
    walk = await _built(tenant)
    claim = {"requirements": ["REQ-001"], "outcome": "failed"}
    offer = EvidenceOffer("claim", claim=claim, repository=f"{REPOSITORY}-2", commit=COMMIT)
    recorded = await submit_evidence(tenant.env, tenant.agent, walk.project, offer)

    await _in_review(walk)

    assert [shown["id"] for shown in await _unlisted(walk)] == [recorded.evidence]


async def test_a_failure_of_an_abandoned_iteration_is_not_hidden_by_the_next_one(tenant: Tenant) -> None:
    walk = await _built(tenant)
    failed = await walk.record(report(failing=("REQ-002",)), exit_code=1)
    await walk.change(Change("abandon", reason="Again."), tenant.operator)
    await walk.next_iteration()
    await walk.to(Phase.IMPLEMENTATION)
    draft = walk.draft()
    await walk.pass_gate({**draft, "changes": [{**mapping(item), "id": "CHG-002"} for item in items(draft["changes"])]})

    await _in_review(walk, "REQ-003", "REQ-004")

    assert [shown["id"] for shown in await _unlisted(walk)] == [failed.evidence]


async def test_a_failure_that_comes_after_the_brief_takes_another_look(tenant: Tenant) -> None:
    walk = await _built(tenant)
    await _in_review(walk)
    sight = await walk.look()
    failed = await walk.record(report(failing=("REQ-002",)), exit_code=1)

    with pytest.raises(VdwError) as caught:
        await walk.decide(sight=sight)

    assert (refusal(caught), walk.view().stage) == ("look_again", "review")
    assert [shown["id"] for shown in await _unlisted(walk)] == [failed.evidence]
    assert (await walk.decide()).outcome == "approved"


async def test_the_agent_is_warned_of_what_it_leaves_out_and_the_gate_still_opens(tenant: Tenant) -> None:
    walk = await _built(tenant)
    passed = await walk.record(report())
    await walk.record(report(failing=("REQ-002",)), exit_code=1)

    submitted = await walk.submit({**walk.draft(), "evidence": [passed.evidence]})

    assert submitted.allowed
    assert [finding.key for finding in submitted.findings] == ["evidence_unlisted:REQ-002"]
    assert submitted.findings[0].reason.startswith("EVD-002 says of REQ-002 at a head commit: failed")


async def test_of_two_approvers_the_second_is_shown_what_came_after_the_first_vote(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant, Lane.LIGHT)
    while walk.view().phase != Phase.VALIDATION:
        await walk.submit()
        await walk.ask()
        await walk.decide(signer=two_owners.ben)
        await walk.decide(signer=two_owners.carla)
    await _in_review(walk)
    await walk.decide(signer=two_owners.ben)

    failed = await walk.record(report(failing=("REQ-002",)), exit_code=1)

    assert [shown["id"] for shown in await _unlisted(walk)] == [failed.evidence]
    assert (await walk.decide(signer=two_owners.carla)).outcome == "approved"


async def test_a_pass_that_comes_after_the_brief_takes_no_other_look(tenant: Tenant) -> None:
    walk = await _built(tenant)
    await _in_review(walk)
    sight = await walk.look()
    await walk.record(report())

    assert (await walk.decide(sight=sight)).outcome == "approved"


async def test_of_many_that_are_left_out_the_most_trusted_are_named_and_all_are_counted(tenant: Tenant) -> None:
    walk = await _built(tenant)
    observed = await walk.record(report(failing=("REQ-002",)), exit_code=1)
    failing = report(failing=("REQ-001",))
    told = [await walk.record(f"{failing}<!--{run}-->", by=tenant.agent) for run in range(MAX_UNLISTED)]

    await _in_review(walk)

    named = [shown["id"] for shown in await _unlisted(walk)]
    assert (len(named), named[:2]) == (MAX_UNLISTED, [observed.evidence, told[-1].evidence])
    assert mapping((await walk.look()).brief["unlisted"])["count"] == MAX_UNLISTED + 1


async def test_a_brief_that_was_made_to_leave_it_out_too_is_shown_to_nobody(tenant: Tenant) -> None:
    walk = await _built(tenant)
    await walk.record(report(failing=("REQ-002",)), exit_code=1)
    await _in_review(walk)
    true = (await walk.look()).brief
    forged = canonical_bytes({name: value for name, value in true.items() if name != "unlisted"})
    insert = "INSERT INTO object (project, digest, body) VALUES (?, ?, ?)"
    execute(tenant, insert, walk.project, digest_bytes(forged), forged)
    with edited_state(walk) as state:
        state["review"]["brief"] = digest_bytes(forged)

    shown = (await walk.look()).brief

    assert shown["unlisted"] == true["unlisted"]


async def _built(tenant: Tenant) -> Walk:
    return await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.VALIDATION)


async def _in_review(walk: Walk, *requirements: str) -> None:
    """The validation lists one run that passed, and nothing else."""
    passed = await walk.record(report(*requirements))
    await walk.submit({**walk.draft(), "evidence": [passed.evidence]})
    await walk.ask()


async def _unlisted(walk: Walk) -> list[JsonObject]:
    return [mapping(item) for item in items(mapping((await walk.look()).brief["unlisted"])["records"])]
