"""A revision as it is read back, from a store or from an export: its manifest, and those of its elements whose bytes
are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vdw.artifacts.graph import Traces
from vdw.artifacts.parts import stored_document
from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.fields import text
from vdw.domain.ids import ElementKind
from vdw.domain.manifest import Element, ElementRef, Manifest
from vdw.domain.stages import Phase

ERASED = "(erased)"
"""Stands for the statement of a requirement whose bytes were erased."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Revision:
    """One manifest with its elements, by id. An element whose bytes were erased is missing."""

    digest: Digest
    manifest: Manifest
    elements: Mapping[str, Element]

    def document(self) -> JsonObject:
        """The artifact as it was submitted; erased elements are left out."""
        return stored_document(self.manifest, self.elements)

    def sources(self) -> tuple[ElementRef, ...]:
        """The vibes that it rests on."""
        return tuple(ref for ref in self.manifest.elements if ref.kind is ElementKind.SOURCE)


def requirement_rows(revisions: Mapping[Phase, Revision]) -> list[JsonObject]:
    """One row a requirement, in the mood's order: its statement, and what answers for it in each phase, down to
    evidence."""
    mood = revisions.get(Phase.MOOD)
    traces = Traces(link for revision in revisions.values() for link in revision.manifest.links)
    rows: list[JsonObject] = []
    for ref in mood.manifest.elements if mood else ():
        if ref.kind is not ElementKind.REQUIREMENT or mood is None:
            continue
        found = traces.of(ref.id)
        element = mood.elements.get(ref.id)
        row: JsonObject = {
            "id": ref.id,
            "statement": text(element.content["statement"]) if element else ERASED,
            "components": [*found.components],
            "contracts": [*found.contracts],
            "tasks": [*found.tasks],
            "changes": [*found.changes],
            "evidence": [*found.evidence],
        }
        rows.append(row)
    return rows
