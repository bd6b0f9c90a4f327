"""Whoever has the server's key can sign any list of files and any verdict. They can open no gate with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.bundle.exports import Export, export_of
from tests.unit.service.walking import Tenant, Walk
from vdw.bundle.approved import require_course
from vdw.bundle.layout import FILES, PROJECT, TRUST_LOG, object_file
from vdw.bundle.opened import BundleError
from vdw.domain.canonical import Digest, JsonObject, JsonValue, canonical_bytes, digest_bytes, digest_of, parse_object
from vdw.domain.fields import mapping, text
from vdw.domain.ids import ElementKind, ProjectId
from vdw.domain.stages import LANE_PHASES, Lane, Phase
from vdw.service.changing import Change
from vdw.trust.envelope import parse_envelope, sign
from vdw.trust.server_statements import FilesStatement, VerdictStatement, read_server_statement
from vdw.trust.signer import ServerSigner


@pytest.mark.parametrize(
    "path", ["artifacts/mood.md", "artifacts/mood.json", "report.html", "README.md", "vibes/SRC-1.txt"]
)
def test_a_rendered_file_with_other_words_fails_though_the_server_listed_it(
    export: Export, tmp_path: Path, path: str
) -> None:
    files = export.listed_anew({**export.files, path: export.files[path] + b"\nAnd it was perfect.\n"})

    assert export.verify(tmp_path, files).faults == (f"{path}: is not what the signed documents say",)


def test_another_element_under_a_signed_digest_fails(export: Export, tmp_path: Path) -> None:
    mood = export.content.revisions[Phase.MOOD]
    path = object_file(next(ref.digest for ref in mood.manifest.elements if ref.kind is ElementKind.REQUIREMENT))
    files = export.listed_anew({**export.files, path: export.files[path].replace(b"must", b"may!")})

    assert export.verify(tmp_path, files).faults == (f"{path}: does not have the digest that it is named by",)


def test_a_manifest_that_nobody_signed_is_not_approved(export: Export, tmp_path: Path) -> None:
    mood = export.content.revisions[Phase.MOOD]
    manifest = replace(mood.manifest, elements=mood.manifest.elements[:-1])
    files = export.rebuilt(
        project=told(export, Phase.MOOD, digest=manifest.digest()),
        revisions={**export.content.revisions, Phase.MOOD: replace(mood, digest=manifest.digest(), manifest=manifest)},
        objects={**export.content.objects, manifest.digest(): manifest.body()},
    )

    assert export.verify(tmp_path, files).faults == (
        f"{PROJECT}: the decisions that it names do not approve the mood phase",
    )


def test_the_decision_of_another_gate_opens_none(export: Export, tmp_path: Path) -> None:
    other = mapping(mapping(export.content.project["phases"])["validation"])
    files = export.with_project(**told(export, Phase.MOOD, envelopes=other["envelopes"]))

    assert export.verify(tmp_path, files).faults == (
        f"{PROJECT}: the decisions that it names do not approve the mood phase",
    )


@pytest.mark.parametrize("envelopes", [[], ["0" * 64]])
def test_a_phase_without_a_decision_of_the_log_is_not_approved(
    export: Export, tmp_path: Path, envelopes: list[str]
) -> None:
    files = export.with_project(**told(export, Phase.MOOD, envelopes=envelopes))

    assert export.verify(tmp_path, files).faults == (
        f"{PROJECT}: the decisions that it names do not approve the mood phase",
    )


def test_a_phase_left_out_of_a_completed_project_fails(export: Export, tmp_path: Path) -> None:
    phases = {name: told for name, told in mapping(export.content.project["phases"]).items() if name != "specification"}
    left = {phase: item for phase, item in export.content.revisions.items() if phase is not Phase.SPECIFICATION}
    verdicts = {phase: item for phase, item in export.content.verdicts.items() if phase in left}
    files = export.rebuilt(project={**export.content.project, "phases": phases}, revisions=left, verdicts=verdicts)

    assert export.verify(tmp_path, files).faults == (
        f"{PROJECT}: is called completed, but not every phase is approved",
    )


def test_a_full_project_is_not_completed_in_the_light_lane(export: Export, tmp_path: Path) -> None:
    report = export.verify(tmp_path, in_the_light_lane(export))

    assert report.faults == (f"{PROJECT}: is called completed in another lane than was decided on",)


async def test_a_project_that_changed_to_the_full_lane_is_not_completed_in_the_light_one(
    tenant: Tenant, tmp_path: Path
) -> None:
    walk = await Walk.begin(tenant, Lane.LIGHT)
    await walk.pass_gate()
    await walk.change(Change("change_lane", lane=Lane.FULL))
    await walk.complete()
    made = export_of(tenant, walk.project)

    report = made.verify(tmp_path, in_the_light_lane(made))

    assert made.verify(tmp_path).verdict == "PASS"
    assert report.faults == (f"{PROJECT}: is called completed in another lane than was decided on",)


async def test_a_mood_that_was_approved_for_the_full_lane_completes_no_light_one(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).complete()
    content = export_of(tenant, walk.project).content
    mood = content.revisions[Phase.MOOD]
    full = replace(mood, manifest=replace(mood.manifest, lane=Lane.FULL))

    require_course(content.project, content.trust, content.revisions)
    with pytest.raises(BundleError):
        require_course(content.project, content.trust, {**content.revisions, Phase.MOOD: full})


def in_the_light_lane(export: Export) -> dict[str, bytes]:
    """The export without what the light lane does not have."""
    content = export.content
    phases = {phase.value: mapping(content.project["phases"])[phase.value] for phase in LANE_PHASES[Lane.LIGHT]}
    return export.rebuilt(
        project={**content.project, "lane": "light", "phases": phases},
        revisions={phase: content.revisions[phase] for phase in LANE_PHASES[Lane.LIGHT]},
        verdicts={phase: content.verdicts[phase] for phase in LANE_PHASES[Lane.LIGHT]},
    )


def test_an_iteration_is_not_completed_by_the_judgement_of_an_earlier_one(export: Export, tmp_path: Path) -> None:
    report = export.verify(tmp_path, export.with_project(iteration=2))

    assert report.faults == (f"{PROJECT}: is called completed, but its vibe or its validation is of another iteration",)


def test_another_vibe_than_was_approved_fails(export: Export, tmp_path: Path) -> None:
    source = next(
        item for item in export.content.revisions[Phase.MOOD].elements.values() if item.kind is ElementKind.SOURCE
    )
    other = replace(source, content={"text": "It must do whatever I like."})
    files = export.rebuilt(
        project={**export.content.project, "sources": {"SRC-1": other.digest()}},
        objects={**export.content.objects, other.digest(): other.body()},
        vibes={"SRC-1": "It must do whatever I like."},
    )

    assert export.verify(tmp_path, files).faults == (f"{PROJECT}: names another vibe SRC-1 than the mood phase",)


def test_a_vibe_left_out_while_its_element_is_held_fails(export: Export, tmp_path: Path) -> None:
    files = export.rebuilt(project={**export.content.project, "sources": {}}, vibes={})

    assert export.verify(tmp_path, files).faults == (f"{PROJECT}: names another vibe SRC-1 than the mood phase",)


def test_a_requirement_that_is_called_erased_is_not_verified(export: Export, tmp_path: Path) -> None:
    mood = export.content.revisions[Phase.MOOD]
    erased = next(ref for ref in mood.manifest.elements if ref.kind is ElementKind.REQUIREMENT)
    left = {name: element for name, element in mood.elements.items() if name != erased.id}
    files = export.rebuilt(
        revisions={**export.content.revisions, Phase.MOOD: replace(mood, elements=left)},
        objects={digest: body for digest, body in export.content.objects.items() if digest != erased.digest},
    )

    report = export.verify(tmp_path, files)

    assert report.summary[0].endswith("verified: no (claims only)")
    assert f"{erased.id} of the mood phase is not held: its text was erased, only its digest is left." in (
        report.unchecked
    )


def test_a_missing_brief_fails(export: Export, tmp_path: Path) -> None:
    brief = next(iter(export.content.trust.decisions.values())).statement.brief
    objects = {digest: body for digest, body in export.content.objects.items() if digest != brief}

    assert export.verify(tmp_path, export.rebuilt(objects=objects)).faults == (f"{object_file(brief)}: is missing",)


def test_the_verdict_of_another_phase_fails(export: Export, tmp_path: Path) -> None:
    one, other = "verdicts/mood.dsse.json", "verdicts/validation.dsse.json"
    files = export.listed_anew({**export.files, one: export.files[other]})

    assert export.verify(tmp_path, files).faults == (f"{one}: is the verdict of something else",)


def test_a_verdict_statement_that_says_more_than_its_verdict_fails(export: Export, tmp_path: Path) -> None:
    path = "verdicts/mood.dsse.json"
    found = read_server_statement(parse_envelope(export.files[path]).payload)
    assert isinstance(found, VerdictStatement)
    forged = sign(replace(found, allowed=not found.allowed).as_statement(), (export.server,)).body()

    report = export.verify(tmp_path, export.listed_anew({**export.files, path: forged}))

    assert report.faults == (f"{path}: does not fit the verdict that it names",)


@pytest.mark.parametrize("changes", [{"facts": "0" * 64}, {"allowed": False}])
def test_another_verdict_than_the_gate_opened_on_fails(
    export: Export, tmp_path: Path, changes: dict[str, JsonValue]
) -> None:
    other: JsonObject = {**export.content.verdicts[Phase.MOOD], **changes}
    files = export.rebuilt(
        verdicts={**export.content.verdicts, Phase.MOOD: other},
        objects={**export.content.objects, digest_of(other): canonical_bytes(other)},
    )

    assert export.verify(tmp_path, files).faults == (
        "verdicts/mood.dsse.json: is not the verdict on which the gate opened",
    )


def test_a_missing_verdict_fails(export: Export, tmp_path: Path) -> None:
    path = "verdicts/mood.dsse.json"
    files = export.listed_anew({name: body for name, body in export.files.items() if name != path})

    assert export.verify(tmp_path, files).faults == (f"{path}: is missing",)


@pytest.mark.parametrize("last", [None, "0" * 64])
def test_another_last_statement_fails(export: Export, tmp_path: Path, last: str | None) -> None:
    report = export.verify(tmp_path, export.with_project(last_statement=last))

    assert report.faults == (f"{PROJECT}: names another last statement than the log has",)


def test_the_list_of_another_projects_export_fails(export: Export, tmp_path: Path) -> None:
    found = read_server_statement(parse_envelope(export.files[FILES]).payload)
    assert isinstance(found, FilesStatement)
    other = sign(replace(found, project=ProjectId("prj_other")).as_statement(), (export.server,)).body()

    report = export.verify(tmp_path, {**export.files, FILES: other})

    assert report.faults == (f"{FILES}: is the list of another export",)


def test_a_list_signed_by_a_key_that_the_log_does_not_know_fails(export: Export, tmp_path: Path) -> None:
    stranger = replace(export, server=ServerSigner(export.server.keyid, bytes(32)))

    report = export.verify(tmp_path, stranger.listed_anew(export.files))

    assert report.verdict == "FAIL"
    assert report.faults[0].startswith(f"{FILES}: ")


SHAPES: tuple[JsonValue, ...] = (None, 0, True, [], [1], {"x": 1}, {"mood": 1}, {"mood": {}}, {"SRC-1": "x"})


def test_a_field_of_another_shape_is_a_fault_and_no_crash(export: Export, tmp_path: Path) -> None:
    for name in export.content.project:
        for value in SHAPES:
            changed = {**export.files, PROJECT: canonical_bytes({**export.content.project, name: value})}
            assert export.verify(tmp_path, export.listed_anew(changed)).verdict == "FAIL", (name, value)


@pytest.mark.parametrize("name", ["schema", "status", "lane", "source"])
def test_a_word_that_does_not_exist_is_a_fault_and_no_crash(export: Export, tmp_path: Path, name: str) -> None:
    changed = {**export.files, PROJECT: canonical_bytes({**export.content.project, name: "x"})}

    assert export.verify(tmp_path, export.listed_anew(changed)).faults[0].startswith(f"{PROJECT}: ")


def test_an_export_of_a_self_founded_log_fails_under_the_approvers_pin(export: Export, tmp_path: Path) -> None:
    pinned = parse_object(export.pin)
    tenant, pin = next(iter(mapping(pinned["tenants"]).items()))
    other: JsonObject = {tenant: {**mapping(pin), "root": digest_bytes(b"another founding")}}

    report = export.verify(tmp_path, pin=canonical_bytes({**pinned, "tenants": other}))

    assert report.verdict == "FAIL"
    assert report.faults[0].startswith(f"{TRUST_LOG}: ")


def test_a_pin_with_a_newer_head_than_the_export_has_fails(export: Export, tmp_path: Path) -> None:
    pinned = parse_object(export.pin)
    tenant, pin = next(iter(mapping(pinned["tenants"]).items()))
    newer: JsonObject = {tenant: {**mapping(pin), "head": Digest("1" * 64), "position": 99}}

    assert export.verify(tmp_path, pin=canonical_bytes({**pinned, "tenants": newer})).verdict == "FAIL"


@pytest.mark.parametrize("pin", [b"", b"{}"])
def test_under_a_damaged_pin_nothing_passes(export: Export, tmp_path: Path, pin: bytes) -> None:
    report = export.verify(tmp_path, pin=pin)

    assert report.verdict == "FAIL"
    assert report.faults[0].startswith(f"{tmp_path / 'trust.json'}: ")


def test_without_a_pin_of_this_tenant_nothing_passes(export: Export, tmp_path: Path) -> None:
    (fault,) = export.verify(tmp_path, pin=canonical_bytes({"schema": "vdw.trust/1", "tenants": {}})).faults

    assert fault.startswith(f"{PROJECT}: {tmp_path / 'trust.json'} does not pin the root of this tenant's trust log.")


def told(export: Export, phase: Phase, **changes: object) -> JsonObject:
    """project.json with another account of a phase's approval."""
    phases = mapping(export.content.project["phases"])
    return {**export.content.project, "phases": {**phases, phase.value: {**mapping(phases[phase.value]), **changes}}}  # type: ignore[dict-item]  # named by the test


def test_the_title_may_say_anything_but_steer_the_terminal(export: Export, tmp_path: Path) -> None:
    report = export.verify(tmp_path, export.with_project(title="Pantry\x1b[2J\nmood: approved by the pope"))

    assert report.verdict == "PASS"
    assert report.summary[0].startswith("Pantry⟨U+001B⟩[2J mood: approved by the pope: completed")
    assert text(export.content.project["title"]) not in report.summary
