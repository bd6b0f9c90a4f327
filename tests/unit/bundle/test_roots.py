"""An export of what was approved under a root that was replaced: it passes, and says what holds under which root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.bundle.exports import Export, export_of
from tests.unit.service.walking import Tenant, Walk, refounded
from vdw.bundle.layout import FILES, PROJECT, REPORT
from vdw.bundle.verify import CHECKED, UNCHECKED
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import mapping
from vdw.domain.stages import Phase
from vdw.errors import LawRefusal

PHASES = tuple(Phase)


@dataclass(frozen=True, slots=True)
class Refounded:
    """A project that was completed before the root was replaced at `entry`, with its exports of before and after."""

    walk: Walk
    before: Export
    after: Export
    entry: int

    @property
    def mark(self) -> str:
        return f"under a root that was replaced at entry {self.entry}"


@pytest.fixture
async def completed(tenant: Tenant) -> Refounded:
    walk = await (await Walk.begin(tenant)).complete()
    before = export_of(tenant, walk.project)
    walk = Walk(await refounded(tenant), walk.project)
    after = export_of(walk.tenant, walk.project)
    return Refounded(walk, before, after, after.content.trust.root_position)


async def test_a_completed_project_still_passes_and_every_view_marks_the_replaced_root(
    completed: Refounded, tmp_path: Path
) -> None:
    report = completed.after.verify(tmp_path)
    page = completed.after.files[REPORT].decode()

    assert (report.verdict, report.faults) == ("PASS", ())
    assert f"verified: yes, as approved {completed.mark}" in report.summary[0]
    present = completed.after.content.trust.root
    told = f"very phase here was approved {completed.mark}; nobody has approved it under the present root {present}"
    assert f"e{told}" in report.summary
    assert f"E{told}." in page
    assert 'class="ok"' not in page


async def test_the_answer_says_what_was_checked_under_the_replaced_root_and_what_the_pin_cannot_say(
    completed: Refounded, tmp_path: Path
) -> None:
    report = completed.after.verify(tmp_path)

    lost = completed.before.content.trust.root
    assert report.checked[: len(CHECKED)] == CHECKED
    (checked,) = report.checked[len(CHECKED) :]
    (unchecked,) = report.unchecked[len(UNCHECKED) :]
    assert f"up to entry {completed.entry}" in checked
    assert lost in checked
    assert unchecked.startswith(f"Whether the replaced root {lost} was the approvers'")


async def test_who_approved_before_is_told_as_before(completed: Refounded, tmp_path: Path) -> None:
    before, after = (export.verify(tmp_path).summary for export in (completed.before, completed.after))

    assert [line for line in after if "approve by" in line] == [line for line in before if "approve by" in line]
    assert len([line for line in after if "approve by" in line]) == len(PHASES)


async def test_the_pin_of_before_says_that_the_log_was_founded_anew_and_still_passes_the_export_of_before(
    completed: Refounded, tmp_path: Path
) -> None:
    late = completed.after.verify(tmp_path, pin=completed.before.pin)

    assert late.verdict == "FAIL"
    assert "founded anew after this pin was made" in late.faults[0]
    assert completed.before.verify(tmp_path).verdict == "PASS"


async def test_the_pin_of_now_does_not_pass_the_export_of_before(completed: Refounded, tmp_path: Path) -> None:
    assert completed.before.verify(tmp_path, pin=completed.after.pin).verdict == "FAIL"


async def test_any_changed_file_of_such_an_export_fails(completed: Refounded, tmp_path: Path) -> None:
    files = completed.after.files
    for path in (PROJECT, REPORT, FILES, "trust-log.json", "artifacts/mood.json", "verdicts/mood.dsse.json"):
        changed = bytes([*files[path][:-9], files[path][-9] ^ 1, *files[path][-8:]])
        assert completed.after.verify(tmp_path, {**files, path: changed}).verdict == "FAIL", path


async def test_an_open_iteration_is_not_opened_by_what_a_replaced_root_approved(
    completed: Refounded, tmp_path: Path
) -> None:
    """Whoever has the server's key can say that the project is open, and where it stands."""
    report = completed.after.verify(tmp_path, completed.after.with_project(status="open"))

    assert report.verdict == "FAIL"
    assert "the decisions that it names do not approve" in report.faults[0]


async def test_an_open_project_exports_what_was_signed_again_and_nothing_else(tenant: Tenant, tmp_path: Path) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    walk = Walk(await refounded(tenant), walk.project)
    with pytest.raises(LawRefusal):
        export_of(walk.tenant, walk.project)

    await walk.signed_again()

    export = export_of(walk.tenant, walk.project)
    report = export.verify(tmp_path)
    assert (report.verdict, tuple(export.content.revisions)) == ("PASS", (Phase.MOOD,))
    assert report.summary[0].endswith("verified: not yet")
    assert (report.checked, report.unchecked) == (CHECKED, UNCHECKED)
    assert any("founded anew at entry" in line for line in report.summary)


async def test_approvals_under_two_roots_make_no_completed_iteration(completed: Refounded, tmp_path: Path) -> None:
    """The architecture is the same revision in both iterations, and approved under both roots."""
    walk = completed.walk
    await walk.next_iteration()
    await walk.pass_gate()
    for _ in (Phase.ARCHITECTURE, Phase.SPECIFICATION, Phase.IMPLEMENTATION):
        await walk.signed_again()
    await walk.complete()
    present = export_of(walk.tenant, walk.project)
    phases: JsonObject = {**mapping(present.content.project["phases"])}
    phases["architecture"] = mapping(completed.after.content.project["phases"])["architecture"]

    mixed = present.verify(tmp_path, present.with_project(phases=phases))

    assert "the decisions that it names do not approve" in mixed.faults[0]
    assert (present.verify(tmp_path).verdict, present.verify(tmp_path).checked) == ("PASS", CHECKED)


async def test_the_iteration_of_a_replaced_root_passes_only_until_the_next_one_has_an_approval(
    completed: Refounded, tmp_path: Path
) -> None:
    walk = completed.walk
    await walk.next_iteration()
    await walk.pass_gate()
    now, then = export_of(walk.tenant, walk.project), completed.after.content
    told = {name: now.content.project[name] for name in ("last_statement", "sources")}

    late = now.rebuilt(
        project={**then.project, **told},
        revisions=then.revisions,
        objects={**then.objects, **now.content.objects},
        verdicts=then.verdicts,
    )

    assert "holds a later approval of the mood phase" in now.verify(tmp_path, late).faults[0]
