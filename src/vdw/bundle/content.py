"""What an export holds, as values: made by the service from the store, or by verification from a folder. The same either
way, so that what is rendered from it can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vdw.artifacts.parts import PartElement, PartLink, assemble
from vdw.domain.canonical import Digest, JsonObject, JsonValue
from vdw.domain.manifest import Element, Manifest
from vdw.domain.stages import PHASES, Phase
from vdw.store.interface import EntryRow
from vdw.trust.state import TrustState


@dataclass(frozen=True, slots=True)
class ExportedRevision:
    """An approved revision. An element whose bytes were erased is missing from `elements`."""

    digest: Digest
    manifest: Manifest
    elements: Mapping[str, Element]

    def document(self) -> JsonObject:
        present = [ref for ref in self.manifest.elements if ref.id in self.elements]
        elements = [PartElement(ref.id, ref.kind, self.elements[ref.id].content, ref.source) for ref in present]
        links = [PartLink(link.source, link.kind, link.target) for link in self.manifest.links]
        return assemble(self.manifest.phase, elements, links)


@dataclass(frozen=True, slots=True)
class ExportContent:
    """`project` is project.json; `objects` hold every stored document by its digest; `vibes` the text of each source."""

    project: JsonObject
    entries: tuple[EntryRow, ...]
    trust: TrustState
    revisions: Mapping[Phase, ExportedRevision]
    objects: Mapping[Digest, bytes]
    verdicts: Mapping[Phase, JsonObject]
    vibes: Mapping[str, str]

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The exported phases, in order."""
        return tuple(phase for phase in PHASES if phase in self.revisions)


def log_json(entries: tuple[EntryRow, ...]) -> JsonObject:
    """trust-log.json: every entry with its envelope. Ids and keys only; no names."""
    from vdw.domain.canonical import parse_object

    listed: list[JsonValue] = [
        {
            "position": entry.position,
            "prev": entry.prev,
            "hash": entry.hash,
            "accepted_at": entry.accepted_at,
            "envelope": parse_object(entry.envelope),
        }
        for entry in entries
    ]
    return {"schema": "vdw.trust-log/1", "tenant": entries[0].tenant, "entries": listed}
