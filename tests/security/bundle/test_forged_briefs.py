"""A human was shown other words than the documents hold, and signed: no export of that passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.bundle.exports import Export, export_of
from tests.unit.service.forging import approval_on, enter, execute
from tests.unit.service.walking import Tenant, Walk, report
from vdw.bundle.layout import object_file
from vdw.domain.canonical import JsonObject, canonical_bytes, digest_bytes, parse_object
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.service.changing import Change

FORGERIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "changes": lambda brief: brief["changes"].pop(),
    "comments": lambda brief: brief["comments"].clear(),
    "questions": lambda brief: brief["questions"].append({"id": "QUE-009", "question": "All well?"}),
    "policy": lambda brief: brief["policy"].update(quorum=9),
    "basis": lambda brief: brief.update(basis=brief["digest"]),
    "revision": lambda brief: brief.update(revision=7),
}


@pytest.mark.parametrize("field", FORGERIES)
async def test_an_approval_that_was_signed_on_a_forged_brief_fails(tenant: Tenant, tmp_path: Path, field: str) -> None:
    export, path = await _signed_on_forged(tenant, FORGERIES[field])

    assert export.verify(tmp_path).faults == (f"{path}: says other {field} than the signed documents",)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda brief: brief.update(note="approve it"), "is no brief of this log"),
        (lambda brief: brief.update(log_head="0" * 64), "does not have the form of an export"),
        (lambda brief: brief.update(contributors=[]), "is the brief of something else than was decided on it"),
    ],
    ids=["another field", "another log", "other contributors"],
)
async def test_a_brief_of_another_form_fails(
    tenant: Tenant, tmp_path: Path, change: Callable[[dict[str, Any]], object], fault: str
) -> None:
    export, path = await _signed_on_forged(tenant, change)

    assert export.verify(tmp_path).faults == (f"{path}: {fault}",)


async def test_a_true_brief_of_a_second_revision_passes_with_what_it_changed(tenant: Tenant, tmp_path: Path) -> None:
    export, _ = await _signed_on_forged(tenant, _unchanged)

    assert export.verify(tmp_path).faults == ()


async def test_the_basis_of_an_exported_revision_cannot_be_left_out(tenant: Tenant, tmp_path: Path) -> None:
    export, path = await _signed_on_forged(tenant, _unchanged)
    basis = str(parse_object(export.files[path])["basis"])
    objects = {digest: body for digest, body in export.content.objects.items() if digest != basis}

    report = export.verify(tmp_path, export.rebuilt(objects=objects))

    assert report.faults == (f"objects/{basis}: is missing",)


async def test_what_the_artifact_left_out_is_verified_and_stands_in_the_report(tenant: Tenant, tmp_path: Path) -> None:
    export = await _signed_with_unlisted(tenant)

    page = export.files["report.html"].decode()

    assert export.verify(tmp_path).faults == ()
    assert "1 record did not wholly pass at a head commit." in page
    assert "REQ-002 failed" in page


@pytest.mark.parametrize(
    "change", [lambda told: told.update(records=[]), lambda told: told.update(count=7)], ids=["records", "count"]
)
async def test_a_report_that_says_other_things_of_what_was_left_out_fails(
    tenant: Tenant, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    export = await _signed_with_unlisted(tenant)
    brief = export.content.decisions(Phase.VALIDATION)[-1].statement.brief
    told: dict[str, Any] = parse_object(export.content.objects[brief])
    change(told["unlisted"])
    objects = {**export.content.objects, brief: canonical_bytes(told)}

    other = export.rebuilt(objects=objects)["report.html"]
    report = export.verify(tmp_path, export.listed_anew({**export.files, "report.html": other}))

    assert report.faults == ("report.html: is not what the signed documents say",)


async def test_a_brief_that_calls_left_out_what_the_artifact_lists_fails(tenant: Tenant, tmp_path: Path) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).complete_but_the_last()
    await walk.ask()
    export, path = await _approved_on(walk, lambda brief: brief.update(unlisted=_naming("EVD-001")))

    assert export.verify(tmp_path).faults == (f"{path}: names evidence as left out that is not",)


async def test_a_brief_of_another_gate_that_names_evidence_fails(tenant: Tenant, tmp_path: Path) -> None:
    export, path = await _signed_on_forged(tenant, lambda brief: brief.update(unlisted=_naming("EVD-009")))

    assert export.verify(tmp_path).faults == (f"{path}: names evidence as left out that is not",)


def _unchanged(_: dict[str, Any]) -> None:
    """Leaves the brief as it is."""


async def _signed_with_unlisted(tenant: Tenant) -> Export:
    """The export of a validation that leaves out a run that failed."""
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.VALIDATION)
    await walk.record(report(failing=("REQ-002",)), exit_code=1)
    await walk.pass_gate()
    return export_of(tenant, walk.project)


def _naming(evidence: str) -> JsonObject:
    return {"count": 1, "records": [{"id": evidence, "results": []}]}


async def _approved_on(walk: Walk, change: Callable[[dict[str, Any]], object]) -> tuple[Export, str]:
    tenant, sight = walk.tenant, await walk.look()
    brief: dict[str, Any] = parse_object(canonical_bytes(sight.brief))
    owners = tuple(brief["contributors"])
    change(brief)
    body = canonical_bytes(brief)
    insert = "INSERT OR IGNORE INTO object (project, digest, body) VALUES (?, ?, ?)"
    execute(tenant, insert, walk.project, digest_bytes(body), body)
    await enter(walk, approval_on(walk, sight, tenant.signer, brief, owners=owners))
    return export_of(tenant, walk.project), object_file(digest_bytes(body))


async def _signed_on_forged(tenant: Tenant, change: Callable[[dict[str, Any]], object]) -> tuple[Export, str]:
    """The export of a mood that was approved, changed, rejected, and approved on a changed brief; and that brief's
    file."""
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    await walk.change(Change("reopen", phase=Phase.MOOD))
    goal: JsonObject = {"id": "ANT-001", "statement": "It must not nag."}
    await walk.change_elements({"op": "set", "id": "ANT-001", "element": goal})
    await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("ANT-001", "Why?"))
    await walk.ask()
    return await _approved_on(walk, change)
