"""Elements and their digests as whole numbers, which is what rules compare. Numbers only intern what documents say: two
elements, or two digests of one element, never share one, and a store where they do is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest
from vdw.domain.ids import ElementId, ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.service.graph import ProjectGraph
from vdw.store.interface import Reader


@dataclass(frozen=True, slots=True)
class Numbers:
    """Every element's number for life and every digest's version, those not stored yet included (`new`, in order)."""

    elements: Mapping[ElementId, int]
    versions: Mapping[tuple[ElementId, Digest], int]
    new: tuple[tuple[ElementId, Digest], ...]

    @classmethod
    def of(cls, reader: Reader, project: ProjectId, graph: ProjectGraph) -> Numbers:
        """Numbers as `UnitOfWork.number_elements(new)` will give them, as long as the project's version stays.

        Raises `VdwError` (storage) where two elements, or two digests of one, have the same number: rules compare
        numbers.
        """
        elements = reader.element_numbers(project)
        versions = reader.digest_versions(project)
        _require_distinct(elements.values())
        _require_distinct((element_id, version) for (element_id, _), version in versions.items())
        newest: dict[ElementId, int] = {}
        for (element_id, _), version in versions.items():
            newest[element_id] = max(version, newest.get(element_id, 0))
        highest = max(elements.values(), default=0)
        new: list[tuple[ElementId, Digest]] = []
        for element_id, digest in sorted(graph.digests().items()):
            if (element_id, digest) in versions:
                continue
            new.append((element_id, digest))
            if element_id not in elements:
                highest += 1
                elements[element_id] = highest
            newest[element_id] = newest.get(element_id, 0) + 1
            versions[element_id, digest] = newest[element_id]
        return cls(elements, versions, tuple(new))

    def stored(self, revision: Revision) -> bool:
        """Whether all that the revision names has its numbers already, so that they will never be others."""
        new = set(self.new)
        return all((ref.id, ref.digest) not in new for ref in revision.manifest.elements) and all(
            (link.target, link.stamp) in self.versions for link in revision.manifest.links
        )


def _require_distinct(numbers: Iterable[object]) -> None:
    given = list(numbers)
    if len(set(given)) != len(given):
        raise VdwError(
            ErrorCode.STORAGE,
            "Two things of this project have the same number in the store.",
            "Restore the store from a backup.",
        )
