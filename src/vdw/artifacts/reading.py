"""Reading what an agent submits: the phase's model, then what a model cannot say. Faults come many at a time, each with
its path, the rule, and an example of what would be right."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from vdw.artifacts.catalogue import SECTIONS
from vdw.artifacts.ears import pattern_fault
from vdw.artifacts.models.architecture import Architecture
from vdw.artifacts.models.implementation import Implementation
from vdw.artifacts.models.mood import Mood
from vdw.artifacts.models.specification import Specification
from vdw.artifacts.models.validation import Validation
from vdw.artifacts.parts import targets_of
from vdw.artifacts.schemas import example_of
from vdw.domain.canonical import JsonObject, JsonValue, require_plain
from vdw.domain.fields import items, mapping, text
from vdw.domain.stages import Lane, Phase
from vdw.errors import ErrorCode, VdwError, invalid

MAX_FAULTS = 20
"""Faults of one answer. An agent mends these and submits again."""

MODELS: dict[Phase, type[BaseModel]] = {
    Phase.MOOD: Mood,
    Phase.ARCHITECTURE: Architecture,
    Phase.SPECIFICATION: Specification,
    Phase.IMPLEMENTATION: Implementation,
    Phase.VALIDATION: Validation,
}


def read_artifact(phase: Phase, value: JsonObject, lane: Lane) -> JsonObject:
    """The document, complete with defaults. Raises `VdwError` (invalid_input) with up to 20 faults in `details`."""
    require_plain(value)
    try:
        document: JsonObject = MODELS[phase].model_validate(value).model_dump(mode="json", by_alias=True)
    except ValidationError as error:
        raise _faults(phase, [_fault(phase, fault) for fault in error.errors()]) from None
    found = list(_further_faults(phase, document, lane))
    if found:
        raise _faults(phase, found)
    return _without_empty_spans(document, phase)


def _further_faults(phase: Phase, document: JsonObject, lane: Lane) -> Iterator[JsonObject]:
    seen: dict[str, str] = {}
    for section in SECTIONS[phase]:
        for index, raw in enumerate(items(document[section.name])):
            item = mapping(raw)
            path = f"{section.name}[{index}]"
            element = text(item["id"])
            if element in seen:
                yield _told(f"{path}.id", f"{element} stands at {seen[element]} already; every id is used once", None)
            seen[element] = path
            for field in section.links:
                named = targets_of(field, item)
                if len(named) != len(set(named)):
                    yield _told(f"{path}.{field.name}", "names an element twice", [*sorted(set(named))])
    if phase is Phase.MOOD:
        yield from _mood_faults(document)
    if phase is Phase.IMPLEMENTATION:
        yield from _implementation_faults(document, lane)


def _mood_faults(document: JsonObject) -> Iterator[JsonObject]:
    language = text(document["language"])
    for index, raw in enumerate(items(document["requirements"])):
        item = mapping(raw)
        fault = pattern_fault(language, text(item["pattern"]), text(item["statement"]))
        if fault is not None:
            yield _told(f"requirements[{index}].pattern", *fault)
        if item["pattern"] == "free" and not items(item["acceptance"]):
            yield _told(f"requirements[{index}].acceptance", "a free statement needs an acceptance criterion", ["..."])
        span = item["source"]
        if span is not None and not _ordered(mapping(span)):
            yield _told(
                f"requirements[{index}].source", "start lies before end", {"src": "SRC-1", "start": 0, "end": 9}
            )


def _implementation_faults(document: JsonObject, lane: Lane) -> Iterator[JsonObject]:
    wanted = "REQ" if lane is Lane.LIGHT else "TSK"
    heads = [text(mapping(raw)["repository"]) for raw in items(document["heads"])]
    for repository in {name for name in heads if heads.count(name) > 1}:
        yield _told("heads", f"names {repository} twice; a repository has one head", None)
    for index, raw in enumerate(items(document["changes"])):
        item = mapping(raw)
        for target in items(item["implements"]):
            if not text(target).startswith(wanted):
                rule = f"in the {lane.value} lane a change implements {wanted} elements"
                yield _told(f"changes[{index}].implements", rule, [f"{wanted}-001"])
        if text(item["repository"]) not in heads:
            yield _told(f"changes[{index}].repository", "every repository has its head commit under heads", [*heads])


def _ordered(span: JsonObject) -> bool:
    start, end = span["start"], span["end"]
    return isinstance(start, int) and isinstance(end, int) and start < end


def _fault(phase: Phase, fault: object) -> JsonObject:
    found = dict(fault) if isinstance(fault, dict) else {}
    location = [part for part in found.get("loc", ()) if part != "schema_"]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".") or "$"
    return _told(path, _plain_rule(str(found.get("type", "")), found), _example(phase, location))


def _plain_rule(kind: str, fault: dict[object, object]) -> str:
    context = fault.get("ctx")
    bounds = context if isinstance(context, dict) else {}
    rules = {
        "missing": "is missing",
        "extra_forbidden": "is not a field of this artifact",
        "string_type": "must be text",
        "int_type": "must be a whole number",
        "bool_type": "must be true or false",
        "list_type": "must be a list",
        "model_type": "must be an object",
        "string_too_short": "must not be empty",
        "string_too_long": f"has more than {bounds.get('max_length')} characters",
        "too_long": f"has more than {bounds.get('max_length')} items",
        "string_pattern_mismatch": f"does not match {bounds.get('pattern')}",
        "literal_error": f"must be one of {bounds.get('expected')}",
        "greater_than_equal": f"must be at least {bounds.get('ge')}",
        "less_than_equal": f"must be at most {bounds.get('le')}",
    }
    return rules.get(kind, "is not right")


def _example(phase: Phase, location: list[object]) -> JsonValue:
    """The value at the same place of the phase's example; list places all look at the first item."""
    value: JsonValue = example_of(phase)
    for part in location:
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get(str(part))
    return value


def _told(path: str, rule: str, example: JsonValue) -> JsonObject:
    told: JsonObject = {"path": path, "rule": rule}
    if example is not None:
        told["example"] = example
    return told


def _faults(phase: Phase, found: list[JsonObject]) -> VdwError:
    first = found[0]
    error = invalid(f"{phase.value}.{first['path']}", str(first["rule"]), first.get("example"))
    if len(found) > 1:
        error = VdwError(
            ErrorCode.INVALID_INPUT,
            f"{error.public} (and {len(found) - 1} more faults)",
            "Correct what details.faults lists and submit again.",
            details=error.details,
        )
    error.details["faults"] = list(found[:MAX_FAULTS])
    return error


def _without_empty_spans(document: JsonObject, phase: Phase) -> JsonObject:
    """A missing source is no field, so that the same document always has the same content."""
    for section in SECTIONS[phase]:
        for raw in items(document[section.name]):
            item = mapping(raw)
            if item.get("source", "") is None:
                del item["source"]
    return document
