"""A document as elements and links, and back. Nothing is lost but the order within a list of links.

An element's content is what its digest covers: neither its id, nor its source, nor the links that moved to the
manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vdw.artifacts.catalogue import EVIDENCE_FIELD, PLACES, SCHEMA_NAMES, SECTIONS, LinkField, Section
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, number, text
from vdw.domain.ids import DOCUMENT_ID, ElementId, ElementKind, LinkKind
from vdw.domain.manifest import Element, Manifest, Span
from vdw.domain.stages import Phase

_OUTSIDE_CONTENT = ("id", "source")
UNDETERMINED = "und"
"""BCP 47 for a document that names no language."""


@dataclass(frozen=True, slots=True)
class PartElement:
    """An element before it has a salt: content without id, links that moved out, and source."""

    id: ElementId
    kind: ElementKind
    content: JsonObject
    source: Span | None = None


@dataclass(frozen=True, slots=True)
class PartLink:
    source: ElementId
    kind: LinkKind
    target: ElementId


@dataclass(frozen=True, slots=True)
class Parts:
    phase: Phase
    language: str
    """As the document names it; `UNDETERMINED` where it has no such field."""
    elements: tuple[PartElement, ...]
    """In the document's order; element DOC first."""
    links: tuple[PartLink, ...]

    def ids(self) -> set[str]:
        return {element.id for element in self.elements}


def split(phase: Phase, document: JsonObject, evidence: Mapping[str, JsonObject] | None = None) -> Parts:
    """The parts of a document that `reading.read_artifact` has accepted. `evidence` holds the server's records by id,
    for those that a validation document lists."""
    sections = SECTIONS[phase]
    listed = {section.name for section in sections}
    elements: list[PartElement] = []
    links: list[PartLink] = []
    for section in sections:
        for item in items(document.get(section.name, [])):
            element, found = _split_item(section, mapping(item))
            elements.append(element)
            links += found
    if phase is Phase.VALIDATION:
        for evidence_id in items(document[EVIDENCE_FIELD]):
            element, found = _evidence_parts(text(evidence_id), (evidence or {})[text(evidence_id)])
            elements.append(element)
            links += found
        listed = listed | {EVIDENCE_FIELD}
    rest = {name: value for name, value in document.items() if name not in listed and name != "schema"}
    whole = PartElement(DOCUMENT_ID, ElementKind.DOCUMENT, rest)
    language = document.get("language", UNDETERMINED)
    return Parts(phase, text(language), (whole, *elements), tuple(links))


def assemble(phase: Phase, elements: Iterable[PartElement], links: Iterable[PartLink]) -> JsonObject:
    """The document again; lists of links are sorted. An element that is missing (erased) is left out."""
    outgoing: dict[str, list[PartLink]] = {}
    for link in links:
        outgoing.setdefault(link.source, []).append(link)
    document: JsonObject = {"schema": SCHEMA_NAMES[phase]}
    lists: dict[str, list[JsonValue]] = {section.name: [] for section in SECTIONS[phase]}
    if phase is Phase.VALIDATION:
        lists[EVIDENCE_FIELD] = []
    for element in elements:
        if element.kind is ElementKind.DOCUMENT:
            document.update(element.content)
        elif element.kind is ElementKind.EVIDENCE:
            lists[EVIDENCE_FIELD].append(element.id)
        elif element.kind is not ElementKind.SOURCE:
            section = PLACES[element.kind].section
            lists[section.name].append(assemble_item(section, element, outgoing.get(element.id, [])))
    document.update(lists)
    return document


def stored_document(manifest: Manifest, elements: Mapping[str, Element]) -> JsonObject:
    """The document that a manifest and its elements are; an erased element, which is missing, is left out."""
    present = [ref for ref in manifest.elements if ref.id in elements]
    parts = [PartElement(ref.id, ref.kind, elements[ref.id].content, ref.source) for ref in present]
    links = [PartLink(link.source, link.kind, link.target) for link in manifest.links]
    return assemble(manifest.phase, parts, links)


def assemble_item(section: Section, element: PartElement, links: Iterable[PartLink]) -> JsonObject:
    """One element as the document shows it."""
    item: JsonObject = {"id": element.id, **element.content}
    for field in section.links:
        if field.stays:
            continue
        targets = sorted(link.target for link in links if link.kind is field.kind and field.accepts(link.target))
        item[field.name] = (targets[0] if targets else "") if field.single else list[JsonValue](targets)
    if element.source is not None:
        item["source"] = {"src": element.source.src, "start": element.source.start, "end": element.source.end}
    return item


def _split_item(section: Section, item: JsonObject) -> tuple[PartElement, list[PartLink]]:
    element_id = ElementId(text(item["id"]))
    moved = {field.name for field in section.links if not field.stays}
    content = {name: value for name, value in item.items() if name not in _OUTSIDE_CONTENT and name not in moved}
    links = [
        PartLink(element_id, field.kind, ElementId(target))
        for field in section.links
        for target in targets_of(field, item)
    ]
    raw = item.get("source")
    span = _span(mapping(raw)) if raw is not None else None
    return PartElement(element_id, section.kind, content, span), list(dict.fromkeys(links))


def targets_of(field: LinkField, item: JsonObject) -> list[str]:
    """The ids that a link field of an item names."""
    value = item.get(field.name)
    if field.single:
        return [text(value)] if value else []
    return [text(target) for target in items(value)] if value else []


def _evidence_parts(evidence_id: str, record: JsonObject) -> tuple[PartElement, list[PartLink]]:
    element_id = ElementId(evidence_id)
    verified = [ElementId(text(mapping(item)["requirement"])) for item in items(record["verifies"])]
    links = [PartLink(element_id, LinkKind.VERIFIES, requirement) for requirement in verified]
    return PartElement(element_id, ElementKind.EVIDENCE, record), links


def _span(raw: JsonObject) -> Span:
    return Span(ElementId(text(raw["src"])), number(raw["start"]), number(raw["end"]))
