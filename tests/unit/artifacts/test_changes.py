"""Element changes: set, remove, keep. Each element once; nothing changes that no change names."""

from __future__ import annotations

import pytest

from tests.unit.artifacts.documents import mood, requirement, whole
from vdw.artifacts.changes import Changed, apply_changes
from vdw.artifacts.reading import read_artifact
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping
from vdw.domain.stages import Lane, Phase
from vdw.errors import ErrorCode, VdwError

BASE = read_artifact(Phase.MOOD, mood(requirement(1), requirement(2), requirement(3)), Lane.FULL)


def change(*changes: JsonObject, phase: Phase = Phase.MOOD, base: JsonObject = BASE) -> Changed:
    return apply_changes(phase, base, changes)


def ids(changed: Changed, section: str = "requirements") -> list[JsonValue]:
    return [mapping(item)["id"] for item in items(changed.document[section])]


def put(name: str, element: JsonObject) -> JsonObject:
    return {"op": "set", "id": name, "element": element}


def test_set_replaces_an_element_where_it_stands() -> None:
    changed = change(put("REQ-002", requirement(2, statement="The system shall wait.")))

    assert ids(changed) == ["REQ-001", "REQ-002", "REQ-003"]
    assert mapping(items(changed.document["requirements"])[1])["statement"] == "The system shall wait."
    assert changed.stamped == {"REQ-002"}


def test_set_adds_an_element_at_the_end_and_gives_it_the_id_of_the_change() -> None:
    element = requirement(9)
    del element["id"]

    assert ids(change(put("REQ-009", element))) == ["REQ-001", "REQ-002", "REQ-003", "REQ-009"]


def test_remove_takes_an_element_out_and_stamps_nothing() -> None:
    changed = change({"op": "remove", "id": "REQ-002"})

    assert ids(changed) == ["REQ-001", "REQ-003"]
    assert changed.stamped == frozenset()


def test_keep_changes_nothing_but_stamps() -> None:
    changed = change({"op": "keep", "id": "REQ-002"})

    assert changed.document == BASE
    assert changed.stamped == {"REQ-002"}


def test_the_base_is_not_touched() -> None:
    before = read_artifact(Phase.MOOD, BASE, Lane.FULL)

    change(put("REQ-001", requirement(1, statement="Other.")), {"op": "remove", "id": "REQ-002"})

    assert before == BASE


def test_fields_of_the_document_are_set_one_by_one() -> None:
    changed = change(put("DOC", {"core_aesthetic": "calm", "id": "DOC"}))

    assert changed.document == {**BASE, "core_aesthetic": "calm"}


def test_evidence_is_set_kept_and_removed_by_its_id() -> None:
    base = whole(Phase.VALIDATION)

    added = change({"op": "set", "id": "EVD-002"}, phase=Phase.VALIDATION, base=base)
    again = change(put("EVD-001", {"id": "EVD-001"}), phase=Phase.VALIDATION, base=base)
    gone = change({"op": "remove", "id": "EVD-001"}, phase=Phase.VALIDATION, base=base)

    assert added.document["evidence"] == ["EVD-001", "EVD-002"]
    assert added.stamped == {"EVD-002"}
    assert again.document == base
    assert gone.document["evidence"] == []


REFUSED: dict[str, tuple[tuple[JsonObject, ...], str]] = {
    "nothing": ((), "changes"),
    "no operation": (({"id": "REQ-001"},), "changes[0].op"),
    "unknown operation": (({"op": "replace", "id": "REQ-001"},), "changes[0].op"),
    "no id": (({"op": "keep"},), "changes[0].id"),
    "an id that is none": (({"op": "keep", "id": "REQ-001\u202e"},), "changes[0].id"),
    "another phase's element": (({"op": "keep", "id": "CMP-001"},), "changes[0].id"),
    "the vibe": (({"op": "remove", "id": "SRC-1"},), "changes[0].id"),
    "evidence before validation": (({"op": "set", "id": "EVD-001"},), "changes[0].id"),
    "keep what is not there": (({"op": "keep", "id": "REQ-009"},), "changes[0].id"),
    "remove what is not there": (({"op": "remove", "id": "REQ-009"},), "changes[0].id"),
    "set without element": (({"op": "set", "id": "REQ-001"},), "changes[0].element"),
    "set with a text": (({"op": "set", "id": "REQ-001", "element": "x"},), "changes[0].element"),
    "set as another": ((put("REQ-001", requirement(2)),), "changes[0].element.id"),
    "keep with an element": (({"op": "keep", "id": "REQ-001", "element": {}},), "changes[0]"),
    "remove the document": (({"op": "remove", "id": "DOC"},), "changes[0].op"),
    "a list by the document": ((put("DOC", {"requirements": []}),), "changes[0].element.requirements"),
    "one element twice": (
        ({"op": "keep", "id": "REQ-001"}, {"op": "remove", "id": "REQ-001"}),
        "changes[1].id",
    ),
}


@pytest.mark.parametrize(("changes", "path"), REFUSED.values(), ids=REFUSED.keys())
def test_a_change_that_cannot_be_made_is_told_by_its_path(changes: tuple[JsonObject, ...], path: str) -> None:
    with pytest.raises(VdwError) as caught:
        change(*changes)

    assert caught.value.code is ErrorCode.INVALID_INPUT
    assert caught.value.details["path"] == path


def test_the_trust_of_evidence_is_not_set_from_outside() -> None:
    with pytest.raises(VdwError) as caught:
        change(put("EVD-001", {"trust": "attested"}), phase=Phase.VALIDATION, base=whole(Phase.VALIDATION))

    assert caught.value.details["path"] == "changes[0].element"


def test_a_list_of_another_phase_is_left_to_the_model_to_refuse() -> None:
    changed = change(put("DOC", {"components": []}))

    with pytest.raises(VdwError) as caught:
        read_artifact(Phase.MOOD, changed.document, Lane.FULL)
    assert caught.value.details["path"] == "mood.components"
