"""The documents of a project as they stand: manifests of its phases and the elements they name."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from vdw.artifacts.graph import impact_of, outdated_links
from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest, parse_object
from vdw.domain.ids import DOCUMENT_ID, ElementId, ProjectId
from vdw.domain.manifest import Element, ElementRef, Link, element_from_body, manifest_from_json
from vdw.domain.stages import Phase
from vdw.lifecycle.state import ProjectState
from vdw.service.objects import damaged, genuine_object, require_digest
from vdw.store.interface import Reader

MAX_MANIFEST_BYTES = 16 * 1024 * 1024
"""Our own manifests, in bytes: 50,000 elements and their links. Larger ones are never written."""


MAX_KEPT_ELEMENTS = 40_000
"""Elements of parsed revisions that are kept: some 80 MB at worst, and all of 6,000 requirements with what rests on
them."""


@dataclass(frozen=True, slots=True)
class ProjectGraph:
    """The current revision of every phase that has one."""

    revisions: Mapping[Phase, Revision] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Elements."""
        return sum(len(revision.manifest.elements) for revision in self.revisions.values())

    def digests(self, without: Phase | None = None) -> dict[ElementId, Digest]:
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

    def outdated(self) -> frozenset[str]:
        """Elements with a stamp that is no longer the digest of what it names. Where there are none, nothing is
        stale."""
        return frozenset(link.source for link in outdated_links(self.links(), self.digests()))

    def stale(self) -> frozenset[str]:
        """The outdated elements, and all that rests on them."""
        outdated = self.outdated()
        return frozenset({*outdated, *impact_of(self.links(), outdated)}) if outdated else outdated

    def with_revision(self, phase: Phase, revision: Revision) -> ProjectGraph:
        return ProjectGraph({**self.revisions, phase: revision})


def read_graph(reader: Reader, state: ProjectState) -> ProjectGraph:
    """Every phase's current revision. Raises `VdwError` (storage) if stored bytes do not have their digest, or are
    those of another phase or project."""
    revisions: dict[Phase, Revision] = {}
    for phase, work in state.phases.items():
        if work.digest:
            found = read_revision(reader, state.project, Digest(work.digest))
            manifest = found.manifest
            if (manifest.tenant, manifest.project, manifest.phase) != (state.tenant, state.project, phase):
                raise damaged(f"manifest {found.digest} is not of the {phase.value} phase")
            revisions[phase] = found
    return ProjectGraph(revisions)


def read_revision(reader: Reader, project: ProjectId, digest: Digest) -> Revision:
    """One revision by the digest of its manifest. The same object as the last time, as long as it is kept and nothing
    of it was erased; the bytes are read and their digests taken every time."""
    body = genuine_object(reader, project, digest)
    if body is None:
        raise damaged(f"no manifest {digest}")
    kept = _KEPT.get(project, digest)
    manifest = kept.manifest if kept else manifest_from_json(parse_object(body, max_bytes=MAX_MANIFEST_BYTES))
    bodies = reader.objects(project, [ref.digest for ref in manifest.elements])
    for found, stored in bodies.items():
        require_digest(found, stored)
    present = [ref for ref in manifest.elements if ref.digest in bodies]
    if kept is None or kept.elements.keys() != {ref.id for ref in present}:
        kept = Revision(digest, manifest, {ref.id: _element(ref, bodies[ref.digest]) for ref in present})
        _KEPT.put(project, kept)
    return kept


def _element(ref: ElementRef, body: bytes) -> Element:
    found = element_from_body(body)
    if (found.id, found.kind) != (ref.id, ref.kind):
        raise damaged(f"element {ref.digest} is not {ref.id}")
    return found


def keep_revision(project: str, revision: Revision) -> None:
    """Spares the next reader of a revision that was just made to parse it again."""
    _KEPT.put(project, revision)


class _Shelf:
    """Revisions read last, by project and digest, for any thread. Nothing of them is believed: see `read_revision`."""

    def __init__(self, max_elements: int) -> None:
        self._max_elements = max_elements
        self._elements = 0
        self._revisions: OrderedDict[tuple[str, Digest], Revision] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, project: str, digest: Digest) -> Revision | None:
        with self._lock:
            found = self._revisions.get((project, digest))
            if found is not None:
                self._revisions.move_to_end((project, digest))
            return found

    def put(self, project: str, revision: Revision) -> None:
        with self._lock:
            replaced = self._revisions.pop((project, revision.digest), None)
            self._elements += len(revision.elements) - (len(replaced.elements) if replaced else 0)
            self._revisions[project, revision.digest] = revision
            while self._elements > self._max_elements:
                _, oldest = self._revisions.popitem(last=False)
                self._elements -= len(oldest.elements)


_KEPT = _Shelf(MAX_KEPT_ELEMENTS)
