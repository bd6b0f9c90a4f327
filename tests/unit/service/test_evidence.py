"""Evidence: trust comes from the channel, it counts for one commit of a clean tree, and what is not proven is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from tests.unit.bundle.exports import export_of
from tests.unit.service.changes import change_policy
from tests.unit.service.walking import (
    COMMIT,
    OTHER_COMMIT,
    REPOSITORY,
    Tenant,
    Walk,
    red_beside,
    refusal,
    report,
    waive,
)
from vdw.artifacts.verified import CLAIMS_ONLY
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items
from vdw.domain.stages import Lane, Phase
from vdw.domain.trust_level import Trust
from vdw.errors import VdwError
from vdw.service.answers import RecordedEvidence, SubmittedArtifact
from vdw.service.approvers import current_trust
from vdw.service.evidencing import EvidenceOffer, submit_evidence
from vdw.service.project_views import list_projects

JUNIT_BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><testsuite name="&b;"/>'


async def test_a_run_that_a_runner_observed_is_run(tenant: Tenant) -> None:
    walk = await _built(tenant)

    recorded = await walk.record(report())

    assert (recorded.evidence, recorded.trust, recorded.outcome) == ("EVD-001", "run", "passed")
    assert recorded.verifies == [
        {"requirement": "REQ-001", "outcome": "passed"},
        {"requirement": "REQ-002", "outcome": "passed"},
    ]


async def test_what_an_agent_says_of_a_run_is_only_reported(tenant: Tenant) -> None:
    walk = await _built(tenant)

    recorded = await walk.record(report(), by=tenant.agent)

    assert recorded.trust == "reported"


async def test_a_dirty_tree_or_no_commit_is_only_reported(tenant: Tenant) -> None:
    walk = await _built(tenant)

    dirty = await walk.record(report(), dirty=True)
    homeless = await walk.record(report(), commit="")

    assert (dirty.trust, homeless.trust) == ("reported", "reported")


async def test_words_alone_are_claimed_whoever_says_them(tenant: Tenant) -> None:
    walk = await _built(tenant)

    agents = await _claim(walk)
    runners = await submit_evidence(tenant.env, tenant.runner, walk.project, _claimed())

    assert (agents.trust, runners.trust) == ("claimed", "claimed")


async def test_a_trust_from_outside_is_refused(tenant: Tenant) -> None:
    walk = await _built(tenant)
    claim = {"requirements": ["REQ-001"], "outcome": "passed", "trust": "run"}

    with pytest.raises(VdwError) as caught:
        await submit_evidence(tenant.env, tenant.agent, walk.project, EvidenceOffer("claim", claim=claim))

    assert refusal(caught) == "invalid_input"
    assert walk.brief().basis["evidence"] == []


async def test_a_command_that_failed_fails_a_report_that_says_otherwise(tenant: Tenant) -> None:
    walk = await _built(tenant)

    recorded = await walk.record(report(), exit_code=1)

    submitted = await _validate(walk, recorded)
    assert (recorded.outcome, recorded.trust) == ("failed", "reported")
    assert {finding.rule for finding in submitted.findings} >= {"evidence_failed"}


async def test_a_report_with_failures_of_a_command_that_went_well_is_only_reported(tenant: Tenant) -> None:
    walk = await _built(tenant)

    recorded = await walk.record(report(failing=("REQ-001",)), exit_code=0)

    assert (recorded.outcome, recorded.trust) == ("failed", "reported")


@pytest.mark.parametrize(("exit_code", "trust"), [(0, "reported"), (1, "run")])
async def test_a_failure_that_a_suite_tells_of_and_no_case_fails_them_all(
    tenant: Tenant, exit_code: int, trust: str
) -> None:
    walk = await _built(tenant)

    recorded = await walk.record(report().replace("</testsuite>", "<error/></testsuite>"), exit_code=exit_code)

    assert (recorded.outcome, recorded.trust) == ("failed", trust)
    assert {item["outcome"] for item in recorded.verifies} == {"failed"}


async def test_a_failing_run_still_shows_which_requirements_passed(tenant: Tenant) -> None:
    walk = await _built(tenant)

    recorded = await walk.record(report(failing=("REQ-001",)), exit_code=1)

    assert recorded.trust == "run"
    assert [item["outcome"] for item in recorded.verifies] == ["failed", "passed"]


async def test_evidence_for_the_head_commit_verifies(tenant: Tenant) -> None:
    walk = await _built(tenant)

    submitted = await _validate(walk, await walk.record(report()))

    assert (submitted.allowed, submitted.findings) == (True, [])


async def test_evidence_for_another_commit_verifies_nothing(tenant: Tenant) -> None:
    walk = await _built(tenant)

    submitted = await _validate(walk, await walk.record(report(), commit=OTHER_COMMIT))

    assert not submitted.allowed
    assert {finding.rule for finding in submitted.findings} == {"evidence_not_for_head"}


async def test_evidence_of_a_dirty_tree_verifies_nothing(tenant: Tenant) -> None:
    walk = await _built(tenant)

    submitted = await _validate(walk, await walk.record(report(), dirty=True))

    assert not submitted.allowed
    assert {finding.rule for finding in submitted.findings} == {"evidence_not_clean"}


async def test_evidence_below_the_policys_trust_verifies_nothing(tenant: Tenant) -> None:
    walk = await _built(tenant)

    submitted = await _validate(walk, await _claim(walk))

    assert not submitted.allowed
    assert {finding.rule for finding in submitted.findings} == {"evidence_below_trust"}


async def test_a_claim_without_a_commit_takes_one_waiver_a_requirement(tenant: Tenant) -> None:
    walk = await _built(tenant)
    claim = {"requirements": ["REQ-001", "REQ-002"], "outcome": "passed"}
    recorded = await submit_evidence(tenant.env, tenant.agent, walk.project, EvidenceOffer("claim", claim=claim))
    submitted = await _validate(walk, recorded)
    today = tenant.clock().date().isoformat()

    for finding in submitted.findings:
        await waive(
            tenant.env, tenant.operator, tenant.signer, walk.project, finding=finding.key, until=today, reason="Tried."
        )

    assert [finding.key for finding in submitted.findings] == [
        "evidence_below_trust:REQ-001,EVD-001",
        "evidence_below_trust:REQ-002,EVD-001",
    ]
    assert (await walk.ask()).outcome == "waiting"


async def test_a_failed_test_blocks_whatever_else_passed(tenant: Tenant) -> None:
    walk = await _built(tenant)
    passed = await walk.record(report())
    failed = await walk.record(report(failing=("REQ-002",)))

    submitted = await _validate(walk, passed, failed)

    assert not submitted.allowed
    assert ["REQ-002", failed.evidence] in [finding.subjects for finding in submitted.findings]


async def test_a_requirement_that_no_evidence_names_is_unverified(tenant: Tenant) -> None:
    walk = await _built(tenant)

    submitted = await _validate(walk, await walk.record(report("REQ-001")))

    assert [finding.key for finding in submitted.findings] == ["unverified:REQ-002"]


async def test_evidence_that_was_never_recorded_cannot_be_listed(tenant: Tenant) -> None:
    walk = await _built(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.submit({**walk.draft(), "evidence": ["EVD-001"]})

    assert (refusal(caught), caught.value.details["path"]) == ("invalid_input", "evidence[0]")


async def test_evidence_of_an_earlier_iteration_cannot_be_listed_again(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).complete()
    await walk.next_iteration()
    await walk.to(Phase.VALIDATION)

    with pytest.raises(VdwError) as caught:
        await walk.submit({**walk.draft(), "evidence": ["EVD-001"]})

    assert caught.value.details["path"] == "evidence[0]"


async def test_evidence_is_recorded_from_implementation_on(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.record(report())

    assert caught.value.details["law"] == 1


async def test_a_project_completed_on_claims_says_so_everywhere(tenant: Tenant) -> None:
    policy = replace(current_trust(tenant.env, tenant.operator).policy, evidence_trust=Trust.CLAIMED)
    await change_policy(tenant.env, tenant.operator, policy, tenant.signer)
    walk = await _built(tenant)
    await _validate(walk, await _claim(walk))
    await walk.ask()

    await walk.decide()

    listed = list_projects(tenant.env, tenant.agent).projects[0]
    assert (walk.view().status, walk.view().verified) == ("completed", "no (claims only)")
    assert listed.verified == "no (claims only)"


async def test_a_requirement_that_failed_somewhere_is_not_verified_whatever_was_waived(tenant: Tenant) -> None:
    walk = await _built(tenant)
    records = await walk.record(report()), await walk.record(report(failing=("REQ-002",)))
    blocked, today = await _validate(walk, *records), tenant.clock().date().isoformat()
    for finding in blocked.findings:
        await waive(
            tenant.env, tenant.operator, tenant.signer, walk.project, finding=finding.key, until=today, reason="Flaky."
        )
    await walk.ask()

    await walk.decide()

    listed = list_projects(tenant.env, tenant.agent).projects[0]
    assert (walk.view().status, walk.view().verified, listed.verified) == ("completed", CLAIMS_ONLY, CLAIMS_ONLY)


async def test_a_build_that_was_red_verifies_nothing_in_any_view_whatever_was_waived(
    tenant: Tenant, tmp_path: Path
) -> None:
    walk = await _built(tenant)
    await _validate(walk, await walk.record(red_beside(report()), exit_code=1))
    finding, today = "evidence_run_failed:EVD-001", tenant.clock().date().isoformat()
    await waive(tenant.env, tenant.operator, tenant.signer, walk.project, finding=finding, until=today, reason="Flaky.")
    await walk.ask()

    await walk.decide()

    listed = list_projects(tenant.env, tenant.agent).projects[0]
    assert (walk.view().status, walk.view().verified, listed.verified) == ("completed", CLAIMS_ONLY, CLAIMS_ONLY)
    exported = export_of(tenant, walk.project).verify(tmp_path)
    assert exported.summary[0].endswith(f"verified: {CLAIMS_ONLY}")


async def test_a_row_that_calls_claims_verified_is_not_believed(tenant: Tenant) -> None:
    policy = replace(current_trust(tenant.env, tenant.operator).policy, evidence_trust=Trust.CLAIMED)
    await change_policy(tenant.env, tenant.operator, policy, tenant.signer)
    walk = await _built(tenant)
    await _validate(walk, await _claim(walk))
    await walk.ask()
    await walk.decide()

    with apsw.Connection(str(tenant.store_file)) as connection:
        connection.execute("UPDATE project SET state = json_set(state, '$.verified', json('true'))")

    assert walk.view().verified == CLAIMS_ONLY


@pytest.mark.parametrize(
    "junit",
    ["", "   ", "not xml", "<testsuite/>", "<html/>", JUNIT_BOMB, "<testsuite>" + "<testsuite>" * 1000],
    ids=["empty", "blank", "no xml", "no case", "other xml", "entities", "cut off"],
)
async def test_a_report_that_is_none_is_refused_and_nothing_is_recorded(tenant: Tenant, junit: str) -> None:
    walk = await _built(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.record(junit)

    assert refusal(caught) == "invalid_input"
    assert walk.brief().basis["evidence"] == []


async def test_a_report_without_an_executed_test_verifies_nothing(tenant: Tenant) -> None:
    walk = await _built(tenant)

    recorded = await walk.record(
        '<testsuite><testcase name="test_req_001"><skipped/></testcase></testsuite>', exit_code=0
    )

    assert recorded.outcome == "not_run"


@pytest.mark.parametrize("commit", ["main", "a" * 39, "A" * 40, "a" * 40 + "\n"])
async def test_a_commit_is_named_whole(tenant: Tenant, commit: str) -> None:
    walk = await _built(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.record(report(), commit=commit)

    assert caught.value.details["path"] == "commit"


async def test_a_head_of_a_repository_without_a_change_is_told_and_opens_its_gate_all_the_same(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.IMPLEMENTATION)
    draft = walk.draft()
    heads: list[JsonValue] = [*items(draft["heads"]), {"repository": "trials", "commit": OTHER_COMMIT}]

    submitted = await walk.submit({**draft, "heads": heads})

    assert submitted.allowed
    assert [finding.key for finding in submitted.findings] == ["head_without_change:implementation"]
    assert "trials" in submitted.findings[0].reason


async def _built(tenant: Tenant) -> Walk:
    """A small project, built at `COMMIT`, whose validation has begun."""
    return await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.VALIDATION)


def _claimed() -> EvidenceOffer:
    claim = {"requirements": ["REQ-001", "REQ-002"], "outcome": "passed", "note": "tried by hand"}
    return EvidenceOffer("claim", claim=claim, repository=REPOSITORY, commit=COMMIT)


async def _claim(walk: Walk) -> RecordedEvidence:
    return await submit_evidence(walk.tenant.env, walk.tenant.agent, walk.project, _claimed())


async def _validate(walk: Walk, *recorded: RecordedEvidence) -> SubmittedArtifact:
    artifact: JsonObject = {**walk.draft(), "evidence": [item.evidence for item in recorded]}
    return await walk.submit(artifact)
