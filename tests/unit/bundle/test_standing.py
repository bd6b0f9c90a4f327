"""A phase that was approved and stands no longer is told as such wherever an export shows it."""

from __future__ import annotations

from pathlib import Path

from tests.unit.bundle.exports import Export, export_of
from tests.unit.service.walking import Tenant, Walk, requirement_changed, waive
from vdw.bundle.standing import standing_of
from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping
from vdw.domain.stages import Phase, Stage
from vdw.service.changing import Change
from vdw.service.exporting import watch_export

NO_LONGER = "approved, but no longer standing: "


def exported(walk: Walk) -> Export:
    return export_of(walk.tenant, walk.project)


async def with_changed_requirement(tenant: Tenant, reached: Phase = Phase.VALIDATION) -> Walk:
    """A project whose REQ-001 says something else since the phases before `reached` were approved."""
    walk = await (await Walk.begin(tenant)).to(reached)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.ask()
    await walk.decide()
    return walk


async def test_every_view_says_of_each_phase_that_it_stands_no_longer_and_what_has_changed(
    tenant: Tenant, tmp_path: Path
) -> None:
    export = exported(await with_changed_requirement(tenant))

    report, page = export.verify(tmp_path), export.files["report.html"].decode()

    assert report.verdict == "PASS"
    told = [line for line in report.summary if NO_LONGER in line]
    assert [line.split(" ")[0] for line in told] == ["architecture", "specification", "implementation"]
    assert "CMP-001 rests on REQ-001, which has changed since" in told[0]
    assert "which is stale itself" in told[2]
    assert page.count("Approved, but no longer standing: ") == 3
    assert "<td>CMP-001 (stale)" in page
    assert "no longer standing" not in export.files["artifacts/mood.md"].decode()
    for phase in ("architecture", "specification", "implementation"):
        assert "**Approved, but no longer standing: " in export.files[f"artifacts/{phase}.md"].decode()


async def test_what_links_say_is_told_though_the_server_says_that_every_gate_is_passed(
    tenant: Tenant, tmp_path: Path
) -> None:
    export = exported(await with_changed_requirement(tenant))
    phases = mapping(export.content.project["phases"])
    passed: JsonObject = {name: {**mapping(told), "stage": Stage.APPROVED.value} for name, told in phases.items()}

    report = export.verify(tmp_path, export.with_project(phases=passed))

    assert report.verdict == "PASS"
    assert sum(NO_LONGER in line for line in report.summary) == 3


async def test_a_gate_that_a_new_requirement_blocks_has_to_be_passed_again(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.IMPLEMENTATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    more: JsonObject = {**mapping(items(walk.brief().basis["requirements"])[0]), "id": "REQ-003"}
    await walk.change_elements({"op": "set", "id": "REQ-003", "element": more})
    await walk.ask()
    await walk.decide()

    assert standing_of(exported(walk).content).words == {
        Phase.ARCHITECTURE: f"{NO_LONGER}the project has to pass this gate again",
        Phase.SPECIFICATION: f"{NO_LONGER}the architecture phase before it stands no longer",
    }


async def test_what_rests_on_a_requirement_that_is_gone_says_so(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements({"op": "remove", "id": "REQ-002"})
    await walk.ask()
    await walk.decide()

    words = standing_of(exported(walk).content).words

    assert "rests on REQ-002, which is gone" in words[Phase.ARCHITECTURE]


async def test_what_comes_after_a_reopened_phase_stands_no_longer_until_that_is_taken_back(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    reopened = standing_of(exported(walk).content).words
    await walk.change(Change("resume"))

    assert reopened == {Phase.ARCHITECTURE: f"{NO_LONGER}the mood phase before it is not approved as it is now"}
    assert standing_of(exported(walk).content).words == {}


async def test_a_stale_element_that_was_waived_keeps_no_phase_from_standing(tenant: Tenant) -> None:
    walk = await with_changed_requirement(tenant, Phase.SPECIFICATION)
    for finding in walk.view().findings:
        await waive(
            tenant.env,
            tenant.operator,
            tenant.signer,
            walk.project,
            finding=finding.key,
            until=timestamp(tenant.clock())[:10],
            reason="It says the same.",
        )
    await walk.ask()
    await walk.decide()

    found = standing_of(exported(walk).content)

    assert found.words == {}
    assert "CMP-001" in found.stale


def test_of_a_completed_project_every_phase_stands(export: Export) -> None:
    found = standing_of(export.content)

    assert (found.words, found.stale) == ({}, set())


async def test_a_watched_artifact_that_stands_no_longer_is_written_again_with_why(
    tenant: Tenant, tmp_path: Path
) -> None:
    walk = await with_changed_requirement(tenant, Phase.SPECIFICATION)

    await anext(watch_export(tenant.env, tenant.operator, walk.project, tmp_path))

    assert "rests on REQ-001, which has changed since" in (tmp_path / "architecture.md").read_text().replace("\\", "")
    assert "no longer standing" not in (tmp_path / "mood.md").read_text()
