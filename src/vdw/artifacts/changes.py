"""Element changes against a document: set, remove, keep. What is neither set nor kept keeps its old stamps."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.artifacts.catalogue import EVIDENCE_FIELD, PLACES, SECTIONS
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import DOCUMENT_ID, ElementKind, element_kind, require_element_id
from vdw.domain.stages import Phase
from vdw.errors import invalid

_EXAMPLE: JsonObject = {"op": "set", "id": "REQ-001", "element": {"id": "REQ-001"}}

_Sections = dict[str, dict[str, JsonValue]]
"""Section → id → element, in the document's order."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The document after the changes, and the ids whose links are stamped anew."""

    document: JsonObject
    stamped: frozenset[str]


def apply_changes(phase: Phase, document: JsonObject, changes: tuple[JsonObject, ...]) -> Changed:
    """The whole document with these changes made, each element changed at most once; its content is not judged here.

    `set` replaces or adds an element; of DOC it replaces the fields it names. `keep` says that an element is still
    right. Raises `VdwError` (invalid_input) with the path of the first change that cannot be made.
    """
    if not changes:
        raise invalid("changes", "at least one change, or a whole artifact", [_EXAMPLE])
    after: JsonObject = dict(document)
    sections = {name: {_id_of(item): item for item in items(document[name])} for name in _names(phase)}
    done: dict[str, str] = {}
    for index, change in enumerate(changes):
        path = f"changes[{index}]"
        operation, element_id = _read(change, path)
        if element_id in done:
            raise invalid(f"{path}.id", f"{element_id} is changed already; one change an element")
        done[element_id] = operation
        if element_id == DOCUMENT_ID:
            _set_fields(after, sections, operation, change, path)
        else:
            _change(sections[_section(phase, element_id, path)], operation, element_id, change, path)
    after.update({name: list(found.values()) for name, found in sections.items()})
    return Changed(after, frozenset(element_id for element_id, operation in done.items() if operation != "remove"))


def _names(phase: Phase) -> list[str]:
    names = [section.name for section in SECTIONS[phase]]
    return [*names, EVIDENCE_FIELD] if phase is Phase.VALIDATION else names


def _read(change: JsonObject, path: str) -> tuple[str, str]:
    operation = change.get("op")
    if operation not in ("set", "remove", "keep"):
        raise invalid(f"{path}.op", "one of set, remove, keep", "set")
    element_id = change.get("id")
    if not isinstance(element_id, str):
        raise invalid(f"{path}.id", "the id of an element", "REQ-001")
    if element_id != DOCUMENT_ID:
        require_element_id(element_id, f"{path}.id")
    allowed = {"op", "id", "element"} if operation == "set" else {"op", "id"}
    if set(change) - allowed:
        raise invalid(path, f"has only the fields {', '.join(sorted(allowed))}", _EXAMPLE)
    return str(operation), element_id


def _set_fields(after: JsonObject, sections: _Sections, operation: str, change: JsonObject, path: str) -> None:
    """Fields of the document itself. Its elements are set one by one, so that none is lost by leaving it out."""
    if operation != "set":
        raise invalid(f"{path}.op", "DOC can only be set", "set")
    fields = {name: value for name, value in _element(DOCUMENT_ID, change, path).items() if name != "id"}
    listed = sorted(sections.keys() & fields.keys())
    if listed:
        raise invalid(f"{path}.element.{listed[0]}", "is a list of elements; set each of them by its id", _EXAMPLE)
    after.update(fields)


def _change(found: dict[str, JsonValue], operation: str, element_id: str, change: JsonObject, path: str) -> None:
    if operation == "set":
        found[element_id] = _whole(element_id, change, path)
    elif element_id not in found:
        raise invalid(f"{path}.id", f"{element_id} is not in the base revision")
    elif operation == "remove":
        del found[element_id]


def _whole(element_id: str, change: JsonObject, path: str) -> JsonValue:
    """The element as its section lists it. Evidence is listed by id alone: its record is the server's."""
    if element_kind(element_id) is ElementKind.EVIDENCE:
        if change.get("element", {}) not in ({}, {"id": element_id}):
            raise invalid(f"{path}.element", "evidence is named by its id; the server adds its record", {})
        return element_id
    return {"id": element_id, **_element(element_id, change, path)}


def _element(element_id: str, change: JsonObject, path: str) -> JsonObject:
    element = change.get("element")
    if not isinstance(element, dict):
        raise invalid(f"{path}.element", "the whole element", _EXAMPLE)
    if element.get("id", element_id) != element_id:
        raise invalid(f"{path}.element.id", "the same id as the change", element_id)
    return element


def _section(phase: Phase, element_id: str, path: str) -> str:
    kind = element_kind(element_id)
    if kind is ElementKind.EVIDENCE and phase is Phase.VALIDATION:
        return EVIDENCE_FIELD
    place = PLACES.get(kind) if kind else None
    if place is None or place.phase is not phase:
        raise invalid(f"{path}.id", f"{element_id} is no element of the {phase.value} artifact")
    return place.section.name


def _id_of(item: JsonValue) -> str:
    return text(item) if isinstance(item, str) else text(mapping(item)["id"])
