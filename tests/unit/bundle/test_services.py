"""Exporting through the services: the folder, the files for an agent, readable artifacts beside the code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.tokens import tokens_of
from tests.unit.bundle.exports import export_of
from tests.unit.service.changes import revoke
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.forging import execute
from tests.unit.service.walking import Tenant, Walk, refusal, waive, without_acceptance
from tests.unit.service.walking import report as report_of_tests
from vdw.bundle.folder import read_folder
from vdw.bundle.verify import verify_folder
from vdw.domain.canonical import JsonObject, JsonValue, digest_bytes, parse_object
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.errors import VdwError
from vdw.service.changing import Change
from vdw.service.exporting import export_project, watch_export, write_export
from vdw.trust.signer import DecisionSigner

MAX_ANSWER_TOKENS = 6_000


async def test_a_written_export_verifies_and_its_last_statement_is_told(tenant: Tenant, tmp_path: Path) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).complete()

    done = write_export(tenant.env, tenant.operator, walk.project, tmp_path / "export")

    report = verify_folder(done.folder, tenant.pin_file)
    assert report.verdict == "PASS"
    assert report.summary[-1] == f"last statement {done.last_statement}"
    assert done.files == sum(path.is_file() for path in done.folder.rglob("*"))


async def test_a_project_with_nothing_approved_is_not_exported(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()

    with pytest.raises(VdwError) as caught:
        write_export(tenant.env, tenant.operator, walk.project, tmp_path / "export")

    assert refusal(caught) == "law"
    assert not (tmp_path / "export").exists()


async def test_a_brief_with_other_bytes_than_were_signed_is_not_exported(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    execute(tenant, "DROP TRIGGER object_is_never_changed")
    execute(tenant, "UPDATE object SET body = ? WHERE instr(body, 'vdw.brief/')", b"{}")

    with pytest.raises(VdwError) as caught:
        write_export(tenant.env, tenant.operator, walk.project, tmp_path / "export")

    assert refusal(caught) == "storage"
    assert not (tmp_path / "export").exists()


async def test_a_draft_is_not_exported(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    await walk.submit()

    files = {str(file["path"]) for file in export_project(tenant.env, tenant.agent, walk.project, path="").files}

    assert "artifacts/mood.md" in files
    assert "artifacts/architecture.md" not in files


async def test_an_agent_reads_every_listed_file_with_its_digest(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()

    listed = export_project(tenant.env, tenant.agent, walk.project, path="").files

    for file in listed:
        (one,) = export_project(tenant.env, tenant.agent, walk.project, path=str(file["path"])).files
        assert digest_bytes(str(one["text"]).encode()) == file["sha256"]


async def test_a_file_that_is_not_in_the_export_is_not_found(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()

    with pytest.raises(VdwError) as caught:
        export_project(tenant.env, tenant.agent, walk.project, path="../trust.json")

    assert refusal(caught) == "not_found"


async def test_the_list_of_a_completed_project_is_a_small_answer(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()

    answer = export_project(tenant.env, tenant.agent, walk.project, path="")

    assert tokens_of(answer.model_dump()) <= MAX_ANSWER_TOKENS


async def test_watching_writes_what_is_approved_and_later_only_what_changed(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant, Lane.LIGHT)
    await walk.pass_gate()
    watched = watch_export(tenant.env, tenant.operator, walk.project, tmp_path)

    first = await anext(watched)
    await walk.pass_gate()
    second = await anext(watched)

    assert (first, second) == (("mood.md", "mood.json"), ("implementation.md", "implementation.json"))
    assert set(read_folder(tmp_path)) == {*first, *second}


async def test_watched_json_has_a_line_for_each_value_and_is_the_artifact(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    watched = watch_export(tenant.env, tenant.operator, walk.project, tmp_path)

    await anext(watched)

    body = (tmp_path / "mood.json").read_bytes()
    exported = export_of(tenant, walk.project)
    assert parse_object(body) == exported.content.revisions[Phase.MOOD].document()
    assert body.count(b"\n") > len(mapping(parse_object(body)))


async def test_two_owners_approve_and_the_export_says_so_of_both(two_owners: TwoOwners, tmp_path: Path) -> None:
    walk = await _approved_by_two(two_owners)
    export = export_of(walk.tenant, walk.project)

    report = export.verify(tmp_path)

    assert report.verdict == "PASS"
    approvals = [line for line in report.summary if line.startswith("mood revision 1: approve by")]
    assert len(approvals) == 2
    assert not any("self-approved" in line for line in approvals)


async def test_one_of_two_approvals_is_no_approval(two_owners: TwoOwners, tmp_path: Path) -> None:
    walk = await _approved_by_two(two_owners)
    export = export_of(walk.tenant, walk.project)
    mood = mapping(mapping(export.content.project["phases"])["mood"])
    envelopes = mood["envelopes"]
    assert isinstance(envelopes, list)
    assert len(envelopes) == 2

    for one in envelopes:
        files = export.with_project(phases={"mood": {**mood, "envelopes": [one]}})
        assert export.verify(tmp_path, files).faults == (
            "project.json: the decisions that it names do not approve the mood phase",
        )


async def test_a_waiver_is_told_with_its_last_day_and_its_subject(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit(without_acceptance(walk.draft()))
    until = timestamp(tenant.clock())[:10]
    for requirement in ("REQ-001", "REQ-002"):
        await waive(
            tenant.env,
            tenant.operator,
            tenant.signer,
            walk.project,
            finding=f"missing_acceptance:{requirement}",
            until=until,
            reason="Later, with a customer.",
        )
    await walk.ask()
    await walk.decide()

    report = export_of(tenant, walk.project).verify(tmp_path)

    assert report.verdict == "PASS"
    waived = [line for line in report.summary if line.startswith(f"waived until {until}: missing_acceptance")]
    assert [line.split("(")[1].split(")")[0] for line in waived] == ["REQ-001", "REQ-002"]
    assert all(line.endswith("; reason: Later, with a customer.") for line in waived)


async def test_a_waiver_with_one_signature_of_two_is_told_as_one_that_never_took_effect(
    two_owners: TwoOwners, tmp_path: Path
) -> None:
    walk = await Walk.begin(two_owners.tenant)
    draft = walk.draft()
    await walk.submit(without_acceptance(draft))
    await _waive(walk, "missing_acceptance:REQ-001", two_owners.ben)
    await _waive(walk, "missing_acceptance:REQ-002", two_owners.ben)
    await _waive(walk, "missing_acceptance:REQ-002", two_owners.carla)
    await walk.submit(draft)
    await walk.ask()
    await walk.decide(signer=two_owners.ben)
    await walk.decide(signer=two_owners.carla)
    export = export_of(walk.tenant, walk.project)

    report, page = export.verify(tmp_path), export.files["report.html"].decode()

    assert report.verdict == "PASS"
    first, second = (line for line in report.summary if "missing_acceptance" in line)
    assert first.startswith(
        "not waived: missing_acceptance (REQ-001): it has 1 of 2 signatures, so it never took effect;"
    )
    assert second.startswith(
        "waived no longer: missing_acceptance (REQ-002): what it was signed for has changed since;"
    )
    assert first in page
    assert "waived until" not in page


async def test_a_waiver_whose_key_was_ended_before_its_quorum_is_told_as_void(
    two_owners: TwoOwners, tmp_path: Path
) -> None:
    walk = await _approved_by_two(two_owners)
    await walk.submit({**walk.draft(), "components": []})
    await _waive(walk, "uncovered:REQ-001", two_owners.ben)
    env, operator = walk.tenant.env, walk.tenant.operator
    await revoke(env, operator, two_owners.ben.keyid, two_owners.ada, two_owners.carla)
    export = export_of(walk.tenant, walk.project)

    (line,) = (line for line in export.verify(tmp_path).summary if "uncovered" in line)

    assert "the keys that signed it were ended before it had its 2 signatures" in line


async def test_the_reason_of_a_waiver_stands_in_the_report_until_it_is_erased(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit(without_acceptance(walk.draft()))
    for requirement in ("REQ-001", "REQ-002"):
        await _waive(walk, f"missing_acceptance:{requirement}", tenant.signer)
    await walk.ask()
    await walk.decide()
    export = export_of(tenant, walk.project)
    erased = {found.reason for tally in export.content.waivers() for found in tally.signed}

    without = export.rebuilt(
        objects={name: body for name, body in export.content.objects.items() if name not in erased}
    )

    assert export.files["report.html"].decode().count("reason: Later, with a customer.") == 2
    assert without["report.html"].decode().count("reason: (erased)") == 2
    report = export.verify(tmp_path, without)
    assert report.verdict == "PASS"
    assert sum("reason of the waiver" in line for line in report.unchecked) == 2


async def test_each_metric_is_told_with_what_was_measured_and_whether_that_is_enough(
    tenant: Tenant, tmp_path: Path
) -> None:
    walk = await Walk.begin(tenant, Lane.LIGHT)
    metric: JsonObject = {"comparison": "at_most", "target": "200", "unit": "ms"}
    metrics: list[JsonValue] = [
        {**metric, "id": f"MET-{number:03}", "name": name} for number, name in ((1, "speed"), (2, "wait"))
    ]
    await walk.pass_gate({**walk.draft(), "metrics": metrics})
    unmeasured = export_of(tenant, walk.project).verify(tmp_path / "early")
    await walk.to(Phase.VALIDATION)
    recorded = (await walk.record(report_of_tests())).evidence
    told: JsonObject = {"unit": "ms", "evidence": [recorded]}
    outcomes: list[JsonValue] = [
        {**told, "id": "OUT-001", "metric": "MET-001", "measured": "120", "met": True},
        {**told, "id": "OUT-002", "metric": "MET-002", "measured": "900", "met": False},
    ]
    await walk.submit({**walk.draft(), "evidence": [recorded], "outcomes": outcomes})
    await _waive(walk, "metric_not_met:MET-002,OUT-002", tenant.signer)
    await walk.ask()
    await walk.decide(GateVerdict.APPROVE)
    export = export_of(tenant, walk.project)

    report, page = export.verify(tmp_path / "late"), export.files["report.html"].decode()

    assert "metric MET-001 speed: wanted at most 200 ms, not measured" in unmeasured.summary
    assert f"metric MET-001 speed: wanted at most 200 ms, measured 120 ms: met ({recorded} (run))" in report.summary
    assert f"metric MET-002 wait: wanted at most 200 ms, measured 900 ms: not met ({recorded} (run))" in report.summary
    assert "<td>900 ms</td><td>not met</td>" in page


async def test_the_verdict_is_the_one_on_which_the_gate_opened_whatever_was_judged_since(
    tenant: Tenant, tmp_path: Path
) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit(without_acceptance(walk.draft()))
    for requirement in ("REQ-001", "REQ-002"):
        await _waive(walk, f"missing_acceptance:{requirement}", tenant.signer)
    await walk.ask()
    await walk.decide()
    opened = export_of(tenant, walk.project).content.verdicts[Phase.MOOD]
    tenant.clock.forward(timedelta(days=2))  # the waivers end, and mood blocks when it is judged again
    await walk.change(Change("reopen", phase=Phase.MOOD))
    with pytest.raises(VdwError):
        await walk.ask()
    await walk.change(Change("resume"))

    export = export_of(tenant, walk.project)
    report = export.verify(tmp_path)

    assert [mapping(found)["waived_by"] != [] for found in items(opened["findings"])] == [True, True]
    assert export.content.verdicts[Phase.MOOD] == opened
    assert report.verdict == "PASS"
    assert (
        "mood revision 1: approved, but no longer standing: the project has to pass this gate again" in report.summary
    )


async def _waive(walk: Walk, finding: str, signer: DecisionSigner) -> None:
    until = timestamp(walk.tenant.clock())[:10]
    await waive(
        walk.tenant.env,
        walk.tenant.operator,
        signer,
        walk.project,
        finding=finding,
        until=until,
        reason="Later, with a customer.",
    )


async def _approved_by_two(two_owners: TwoOwners) -> Walk:
    walk = await Walk.begin(two_owners.tenant)
    await walk.submit()
    await walk.ask()
    await walk.decide(GateVerdict.APPROVE, signer=two_owners.ben)
    await walk.decide(GateVerdict.APPROVE, signer=two_owners.carla)
    return walk
