"""The documents of a project as they stand: manifests of its phases and the elements they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vdw.domain.canonical import Digest, digest_bytes, parse_object
from vdw.domain.ids import DOCUMENT_ID
from vdw.domain.manifest import Element, Link, Manifest, element_from_body, manifest_from_json
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError
from vdw.lifecycle.state import ProjectState
from vdw.store.interface import Reader

MAX_MANIFEST_BYTES = 16 * 1024 * 1024
"""Our own manifests, in bytes: 50,000 elements and their links. Larger ones are never written."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One manifest with its elements, by id. An element whose bytes were erased is missing."""

    digest: Digest
    manifest: Manifest
    elements: Mapping[str, Element]


@dataclass(frozen=True, slots=True)
class ProjectGraph:
    """The current revision of every phase that has one."""

    revisions: Mapping[Phase, Revision] = field(default_factory=dict)

    def digests(self, without: Phase | None = None) -> dict[str, Digest]:
        """Element id → present digest over all phases (document-level elements left out)."""
        return {
            ref.id: ref.digest
            for phase, revision in self.revisions.items()
            if phase is not without
            for ref in revision.manifest.elements
            if ref.id != DOCUMENT_ID
        }

    def links(self) -> tuple[Link, ...]:
        return tuple(link for revision in self.revisions.values() for link in revision.manifest.links)

    def element(self, element_id: str) -> Element | None:
        for revision in self.revisions.values():
            if element_id in revision.elements and element_id != DOCUMENT_ID:
                return revision.elements[element_id]
        return None

    def phase_of(self, element_id: str) -> Phase | None:
        for phase, revision in self.revisions.items():
            if element_id != DOCUMENT_ID and revision.manifest.element(element_id) is not None:
                return phase
        return None

    def with_revision(self, phase: Phase, revision: Revision) -> ProjectGraph:
        return ProjectGraph({**self.revisions, phase: revision})


def read_graph(reader: Reader, state: ProjectState) -> ProjectGraph:
    """Every phase's current revision. Raises `VdwError` (storage) if stored bytes do not have their digest."""
    return ProjectGraph(
        {
            phase: read_revision(reader, state.project, Digest(work.digest))
            for phase, work in state.phases.items()
            if work.digest
        }
    )


def read_revision(reader: Reader, project: str, digest: Digest) -> Revision:
    """One revision by the digest of its manifest."""
    body = reader.object(project, digest)
    if body is None or digest_bytes(body) != digest:
        raise _damaged(f"manifest {digest}")
    manifest = manifest_from_json(parse_object(body, max_bytes=MAX_MANIFEST_BYTES))
    bodies = reader.objects(project, [ref.digest for ref in manifest.elements])
    elements: dict[str, Element] = {}
    for ref in manifest.elements:
        stored = bodies.get(ref.digest)
        if stored is None:
            continue
        if digest_bytes(stored) != ref.digest:
            raise _damaged(f"element {ref.id} {ref.digest}")
        elements[ref.id] = element_from_body(stored)
    return Revision(digest, manifest, elements)


def _damaged(what: str) -> VdwError:
    return VdwError(
        ErrorCode.STORAGE,
        "A stored document does not have the bytes it was stored with.",
        "Restore the store from a backup.",
        reason=what,
    )
