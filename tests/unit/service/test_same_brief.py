"""A brief is a function of what is stored: whoever makes it, in whatever process, makes the same bytes."""

from __future__ import annotations

import pytest

from tests.unit.service.walking import Tenant, Walk
from vdw.domain.canonical import JsonObject, canonical_bytes
from vdw.domain.fields import items, mapping
from vdw.domain.stages import Phase
from vdw.service import graph
from vdw.service.changing import Change

CHANGED: dict[Phase, tuple[str, JsonObject]] = {
    Phase.MOOD: ("requirements", {"statement": "The helper must add two items.", "priority": "could", "subject": "it"}),
    Phase.ARCHITECTURE: ("components", {"name": "shelf", "responsibility": "Keeps what is in."}),
    Phase.SPECIFICATION: ("tasks", {"title": "build it anew", "done_when": ["A person saw it."]}),
    Phase.IMPLEMENTATION: (
        "changes",
        {"title": "built anew", "files": [{"path": "shelf.py", "sha256": "0" * 64, "lines": 9}]},
    ),
}
"""For each phase several fields of one element, in another order than that of their names."""


def of_a_fresh_process(patch: pytest.MonkeyPatch) -> None:
    """What a process keeps in memory of the documents it read or made is gone."""
    patch.setattr(graph, "_KEPT", graph._Shelf(graph.MAX_KEPT_ELEMENTS))


def with_fields(document: JsonObject, section: str, fields: JsonObject) -> JsonObject:
    first, *others = items(document[section])
    return {**document, section: [{**mapping(first), **fields}, *others]}


@pytest.mark.parametrize("phase", CHANGED)
async def test_a_brief_made_where_its_revision_was_submitted_is_that_of_any_other_process(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, phase: Phase
) -> None:
    walk = await (await Walk.begin(tenant)).to(phase)
    section, fields = CHANGED[phase]
    draft = walk.draft()
    await walk.pass_gate(draft)
    await walk.change(Change("reopen", phase=phase))
    await walk.submit(with_fields(draft, section, fields))
    await walk.ask()

    here = (await walk.look()).brief
    of_a_fresh_process(monkeypatch)
    there = (await walk.look()).brief

    assert canonical_bytes(there) == canonical_bytes(here)
