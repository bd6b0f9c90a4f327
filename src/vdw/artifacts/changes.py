"""Element changes against a document: set, remove, keep. What is neither set nor kept keeps its old stamps."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.artifacts.catalogue import PLACES
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import DOCUMENT_ID, ElementKind, element_kind, require_element_id
from vdw.domain.stages import Phase
from vdw.errors import VdwError, invalid

_EXAMPLE: JsonObject = {"op": "set", "id": "REQ-001", "element": {"id": "REQ-001"}}


@dataclass(frozen=True, slots=True)
class Changed:
    """The document after the changes, and the ids whose links are stamped anew."""

    document: JsonObject
    stamped: frozenset[str]


def apply_changes(phase: Phase, document: JsonObject, changes: tuple[JsonObject, ...]) -> Changed:
    """Raises `VdwError` (invalid_input) with the path of a change that cannot be made. `set` of DOC takes the document-level
    fields; `keep` says that an element is still right."""
    if not changes:
        raise invalid("changes", "at least one change, or a whole artifact", [_EXAMPLE])
    after: JsonObject = dict(document)
    stamped: set[str] = set()
    for index, change in enumerate(changes):
        path = f"changes[{index}]"
        operation, element_id = _read(change, path)
        if operation == "set":
            _set(phase, after, element_id, change, path)
        elif element_id == DOCUMENT_ID:
            raise invalid(path, "DOC can only be set", _EXAMPLE)
        else:
            _present(phase, after, element_id, path)
        if operation == "remove":
            _remove(phase, after, element_id)
        else:
            stamped.add(element_id)
    return Changed(after, frozenset(stamped))


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


def _set(phase: Phase, after: JsonObject, element_id: str, change: JsonObject, path: str) -> None:
    element = change.get("element")
    if not isinstance(element, dict):
        raise invalid(f"{path}.element", "the whole element", _EXAMPLE)
    if element_id == DOCUMENT_ID:
        lists = {place.section.name for place in PLACES.values()} | {"schema"}
        after.update({name: value for name, value in element.items() if name not in lists and name != "id"})
        return
    if element.get("id", element_id) != element_id:
        raise invalid(f"{path}.element.id", "the same id as the change", element_id)
    name = _section(phase, element_id, path)
    listed = items(after[name])
    whole: JsonValue = {"id": element_id, **element}
    found = [mapping(item)["id"] == element_id for item in listed]
    after[name] = [whole if same else item for item, same in zip(listed, found, strict=True)]
    if not any(found):
        after[name] = [*listed, whole]


def _present(phase: Phase, after: JsonObject, element_id: str, path: str) -> None:
    name = _section(phase, element_id, path)
    if all(_id_of(item) != element_id for item in items(after[name])):
        raise invalid(f"{path}.id", f"{element_id} is not in the base revision")


def _remove(phase: Phase, after: JsonObject, element_id: str) -> None:
    name = _section(phase, element_id, "changes")
    after[name] = [item for item in items(after[name]) if _id_of(item) != element_id]


def _section(phase: Phase, element_id: str, path: str) -> str:
    kind = element_kind(element_id)
    if kind is ElementKind.EVIDENCE and phase is Phase.VALIDATION:
        return "evidence"
    place = PLACES.get(kind) if kind else None
    if place is None or place.phase is not phase:
        raise _misplaced(phase, element_id, path)
    return place.section.name


def _misplaced(phase: Phase, element_id: str, path: str) -> VdwError:
    return invalid(f"{path}.id", f"{element_id} is no element of the {phase.value} artifact")


def _id_of(item: JsonValue) -> str:
    return text(item) if isinstance(item, str) else text(mapping(item)["id"])
