"""Reading what an agent submits: the phase's model, then what a model cannot say. Every fault is told at once.

Whether a link's target exists is asked later, when the revision is made: it may stand in another phase.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pydantic import ValidationError

from vdw.artifacts.catalogue import EVIDENCE_FIELD, SECTIONS, Section
from vdw.artifacts.ears import pattern_fault
from vdw.artifacts.faults import fault, model_faults, refusal
from vdw.artifacts.models.by_phase import MODELS
from vdw.artifacts.parts import targets_of
from vdw.domain.canonical import JsonObject, JsonValue, require_plain
from vdw.domain.fields import items, mapping, number, text
from vdw.domain.stages import Lane, Phase

_CRITERION: JsonValue = ["Two items in the wrong order are shown in the right one."]


def read_artifact(phase: Phase, value: JsonObject, lane: Lane) -> JsonObject:
    """The document, complete with defaults. Raises `VdwError` (invalid_input) with up to 20 faults in `details`."""
    require_plain(value)
    try:
        document: JsonObject = MODELS[phase].model_validate(value).model_dump(mode="json", by_alias=True)
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
        raise refusal(phase, model_faults(phase, told)) from None
    found = list(_further_faults(phase, document, lane))
    if found:
        raise refusal(phase, found)
    return _without_empty_spans(document, phase)


def _further_faults(phase: Phase, document: JsonObject, lane: Lane) -> Iterator[JsonObject]:
    yield from _repetitions(phase, document)
    if phase is Phase.MOOD:
        yield from _mood_faults(document)
    if phase is Phase.IMPLEMENTATION:
        yield from _implementation_faults(document, lane)


def _repetitions(phase: Phase, document: JsonObject) -> Iterator[JsonObject]:
    """An id that two elements have; an element that one list of links names twice."""
    seen: dict[str, str] = {}
    for path, item, section in _elements(phase, document):
        element = text(item["id"])
        if element in seen:
            yield fault(f"{path}.id", f"{element} stands at {seen[element]} already; every id is used once")
        seen[element] = path
        for field in section.links:
            yield from _repeated(f"{path}.{field.name}", targets_of(field, item))
    if phase is Phase.VALIDATION:
        yield from _repeated(EVIDENCE_FIELD, [text(listed) for listed in items(document[EVIDENCE_FIELD])])


def _elements(phase: Phase, document: JsonObject) -> Iterator[tuple[str, JsonObject, Section]]:
    """(path, element, its section) over the whole document."""
    for section in SECTIONS[phase]:
        for index, raw in enumerate(items(document[section.name])):
            yield f"{section.name}[{index}]", mapping(raw), section


def _repeated(path: str, named: list[str]) -> Iterator[JsonObject]:
    if len(named) != len(set(named)):
        yield fault(path, "names an element twice", [*sorted(set(named))])


def _mood_faults(document: JsonObject) -> Iterator[JsonObject]:
    language = text(document["language"])
    for index, raw in enumerate(items(document["requirements"])):
        item = mapping(raw)
        wrong = pattern_fault(language, text(item["pattern"]), text(item["statement"]))
        if wrong is not None:
            yield fault(f"requirements[{index}].pattern", *wrong)
        if item["pattern"] == "free" and not items(item["acceptance"]):
            yield fault(
                f"requirements[{index}].acceptance", "a free statement needs an acceptance criterion", _CRITERION
            )
    for path, item, _ in _elements(Phase.MOOD, document):
        span = item.get("source")
        if span is not None and number(mapping(span)["start"]) >= number(mapping(span)["end"]):
            yield fault(f"{path}.source", "start lies before end", {"src": "SRC-1", "start": 0, "end": 9})


def _implementation_faults(document: JsonObject, lane: Lane) -> Iterator[JsonObject]:
    wanted = "REQ" if lane is Lane.LIGHT else "TSK"
    heads = Counter(text(mapping(raw)["repository"]) for raw in items(document["heads"]))
    if any(times > 1 for times in heads.values()):
        yield fault("heads", "names a repository twice; a repository has one head")
    for index, raw in enumerate(items(document["changes"])):
        item = mapping(raw)
        for target in items(item["implements"]):
            if not text(target).startswith(wanted):
                rule = f"in the {lane.value} lane a change implements {wanted} elements"
                yield fault(f"changes[{index}].implements", rule, [f"{wanted}-001"])
        if text(item["repository"]) not in heads:
            rule = "every repository has its head commit under heads"
            yield fault(f"changes[{index}].repository", rule, next(iter(heads), None))


def _without_empty_spans(document: JsonObject, phase: Phase) -> JsonObject:
    """A missing source is no field, so that the same document always has the same content."""
    for _, item, _ in _elements(phase, document):
        if item.get("source", "") is None:
            del item["source"]
    return document
