"""An export of every kind of project verifies, says who approved what, and what could not be checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.unit.bundle.exports import Export, export_of, without
from tests.unit.service.walking import Tenant, Walk
from vdw.bundle.layout import object_file
from vdw.bundle.verify import CHECKED, UNCHECKED
from vdw.domain.canonical import canonical_bytes
from vdw.domain.ids import ElementKind
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.service.changing import Change


def test_a_completed_project_passes_and_all_checks_are_named(export: Export, tmp_path: Path) -> None:
    report = export.verify(tmp_path)

    assert (report.verdict, report.faults) == ("PASS", ())
    assert (report.checked, report.unchecked) == (CHECKED, UNCHECKED)


def test_the_summary_says_who_approved_which_phase_with_which_assurance(export: Export, tmp_path: Path) -> None:
    lines = export.verify(tmp_path).summary

    assert lines[0].endswith("completed, full lane, iteration 1, verified: yes")
    for line, phase in zip(lines[1:6], Phase, strict=True):
        assert line.startswith(f"{phase.value} revision 1: approve by apr_")
        assert "(demo, self-approved)" in line
    assert "a demo tenant: its signatures prove nothing about a person" in lines
    assert lines[-1] == f"last statement {export.content.project['last_statement']}"


def test_the_same_content_gives_the_same_bytes(export: Export) -> None:
    assert export.rebuilt() == export.files


def test_files_and_artifacts_are_in_canonical_form_and_the_vibe_is_byte_for_byte(export: Export) -> None:
    assert export.files["vibes/SRC-1.txt"] == export.content.vibes["SRC-1"].encode()
    assert export.files["artifacts/mood.json"] == canonical_bytes(export.content.revisions[Phase.MOOD].document())


async def test_an_export_passes_at_every_turn_of_a_project(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant, Lane.LIGHT)
    found: dict[str, str] = {}

    def note(turn: str) -> None:
        found[turn] = export_of(tenant, walk.project).verify(tmp_path).verdict

    await walk.pass_gate()
    note("one gate open")
    await walk.complete()
    note("completed")
    await walk.next_iteration("The helper must add an item with a date.\n\nIt must be quick.")
    await walk.submit()
    note("a draft in the next iteration")
    await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("REQ-001", "Say what quick is."))
    await walk.pass_gate()
    note("approved after a rejection")
    await walk.change(Change("reopen", phase=Phase.MOOD, reason="look again"))
    note("reopened")
    await walk.change(Change("resume"))
    await walk.complete()
    note("completed again")

    assert set(found.values()) == {"PASS"}
    assert len(found) == 6


async def test_a_vibe_of_an_earlier_iteration_is_told_as_vouched_for_by_the_server_alone(
    tenant: Tenant, tmp_path: Path
) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).complete()
    await walk.next_iteration("It must be quick.")
    await walk.pass_gate()

    report = export_of(tenant, walk.project).verify(tmp_path)

    assert "vibes/SRC-1.txt hangs from no approved phase; the server alone vouches for it." in report.unchecked


def test_an_erased_element_is_told_and_fails_nothing(export: Export, tmp_path: Path) -> None:
    mood = export.content.revisions[Phase.MOOD]
    erased = next(ref for ref in mood.manifest.elements if ref.kind is ElementKind.REQUIREMENT)
    left = {name: element for name, element in mood.elements.items() if name != erased.id}
    files = export.rebuilt(
        revisions={**export.content.revisions, Phase.MOOD: replace(mood, elements=left)},
        objects={digest: body for digest, body in export.content.objects.items() if digest != erased.digest},
    )

    report = export.verify(tmp_path, files)

    assert (report.verdict, report.faults) == ("PASS", ())
    assert (
        f"{erased.id} of the mood phase is not held: its text was erased, only its digest is left." in report.unchecked
    )
    assert b"(erased)" in files["report.html"]


def test_evidence_whose_report_is_not_held_is_told(export: Export, tmp_path: Path) -> None:
    validation = export.content.revisions[Phase.VALIDATION]
    evidence = next(item for item in validation.elements.values() if item.kind is ElementKind.EVIDENCE)
    missing = str(evidence.content["report"])
    objects = {digest: body for digest, body in export.content.objects.items() if digest != missing}

    report = export.verify(tmp_path, export.rebuilt(objects=objects))

    assert report.verdict == "PASS"
    assert f"The report of {evidence.id} is not held, only its digest." in report.unchecked


def test_the_report_of_each_evidence_record_is_exported(export: Export) -> None:
    validation = export.content.revisions[Phase.VALIDATION]
    records = [item.content for item in validation.elements.values() if item.kind is ElementKind.EVIDENCE]

    assert records
    assert all(f"objects/{record['report']}" in export.files for record in records)


async def test_an_export_of_an_earlier_approval_than_the_log_holds_fails(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant, Lane.LIGHT)
    await walk.pass_gate()
    older = export_of(tenant, walk.project)
    await walk.change(Change("reopen", phase=Phase.MOOD, reason="look again"))
    await walk.pass_gate({**walk.draft(), "anti_goals": [{"id": "ANT-001", "statement": "It must not nag."}]})
    newer = export_of(tenant, walk.project)
    files = newer.rebuilt(
        project={**newer.content.project, "phases": older.content.project["phases"]},
        revisions=older.content.revisions,
        verdicts=older.content.verdicts,
        objects={**newer.content.objects, **older.content.objects},
    )

    report = newer.verify(tmp_path, files)

    assert report.faults == (
        "project.json: the log holds a later approval of the mood phase than the one that it names",
    )
    assert newer.verify(tmp_path).verdict == "PASS"


def test_what_is_missing_is_missing_by_name(export: Export, tmp_path: Path) -> None:
    gone = object_file(export.content.revisions[Phase.MOOD].digest)

    report = export.verify(tmp_path, without(export.files, [gone]))

    assert (report.verdict, report.faults) == ("FAIL", (f"{gone}: is missing",))
    assert (report.checked, report.summary) == ((), ())
