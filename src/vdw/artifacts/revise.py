"""From parts to a revision: salts, digests, stamps, the manifest. Nothing is stored here.

A salt is kept while the content equals the current or the last approved version, so that what did not change keeps its
digest; it is new when the content changes. A stamp is the target's digest now, or what it was where an element was
neither set nor kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from vdw.artifacts.catalogue import SCHEMA_NAMES
from vdw.artifacts.faults import fault, refusal
from vdw.artifacts.parts import PartElement, PartLink, Parts
from vdw.domain.canonical import Digest
from vdw.domain.ids import ElementId, LinkKind, PersonId, ProjectId, TenantId
from vdw.domain.manifest import Element, ElementRef, Link, Manifest, Span, sorted_links
from vdw.domain.stages import Lane, Phase
from vdw.errors import ErrorCode, VdwError

MAX_LINKS = 60_000
"""Links of one revision: with the most elements that an artifact may have, its manifest stays below the 16 MiB that are
read back."""

_GONE = "names {target}, which is in no current artifact of this project"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a manifest says beside elements and links."""

    tenant: TenantId
    project: ProjectId
    iteration: int
    revision: int
    lane: Lane
    contributors: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What the project holds already. `known`: earlier versions of this phase's elements, the current one first, by id.
    `outside`: present digests of the elements of other phases. `stamps`: of the base revision, by link. `spans`: where
    this phase's elements said before that they came from, by id."""

    known: Mapping[str, tuple[Element, ...]]
    outside: Mapping[ElementId, Digest]
    stamps: Mapping[PartLink, Digest]
    spans: Mapping[str, frozenset[Span]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revised:
    manifest: Manifest
    elements: tuple[Element, ...]
    fresh: tuple[Element, ...]
    """Those of the elements that got a new salt, so are not stored yet."""


def revise(
    parts: Parts,
    heading: Heading,
    before: Before,
    random_salt: Callable[[], str],
    *,
    stamped: frozenset[str] | None = None,
    extra: tuple[Element, ...] = (),
) -> Revised:
    """The next revision. `stamped` None stamps every link anew (a whole artifact was submitted); `extra` elements stand
    first and have a salt already (the vibe). Raises `VdwError`: invalid_input for links to elements that are not there,
    too_large for more than `MAX_LINKS`."""
    if len(parts.links) > MAX_LINKS:
        raise VdwError(ErrorCode.TOO_LARGE, f"An artifact has at most {MAX_LINKS} links.", "Link what is direct.")
    made = tuple(_salted(part, parts, before, random_salt) for part in parts.elements)
    elements = (*extra, *made)
    digests: dict[ElementId, Digest] = {element.id: element.digest() for element in elements}
    sources: dict[ElementId, Span | None] = {part.id: part.source for part in parts.elements}
    refs = tuple(
        ElementRef(element.id, element.kind, digests[element.id], sources.get(element.id)) for element in elements
    )
    targets: dict[ElementId, Digest] = {**before.outside, **digests}
    links = _stamped(parts.phase, parts.links, targets, before, stamped)
    manifest = Manifest(
        tenant=heading.tenant,
        project=heading.project,
        iteration=heading.iteration,
        phase=parts.phase,
        revision=heading.revision,
        lane=heading.lane,
        contributors=heading.contributors,
        language=parts.language,
        elements=refs,
        links=links,
    )
    fresh = tuple(element for element in made if element not in before.known.get(element.id, ()))
    return Revised(manifest, elements, fresh)


def _salted(part: PartElement, parts: Parts, before: Before, random_salt: Callable[[], str]) -> Element:
    schema = SCHEMA_NAMES[parts.phase]
    for known in before.known.get(part.id, ()):
        if (known.kind, known.schema, known.content) == (part.kind, schema, part.content):
            return known
    return Element(part.id, part.kind, schema, random_salt(), part.content)


def _stamped(
    phase: Phase,
    links: Iterable[PartLink],
    targets: Mapping[ElementId, Digest],
    before: Before,
    stamped: frozenset[str] | None,
) -> tuple[Link, ...]:
    """Sorted. A test report may name what this project does not ask; that makes no link. Any other target has to
    exist."""
    made: list[Link] = []
    dangling: list[PartLink] = []
    for link in links:
        present = targets.get(link.target)
        if present is not None:
            kept = before.stamps.get(link) if stamped is not None and link.source not in stamped else None
            made.append(Link(link.source, link.kind, link.target, kept or present))
        elif link.kind is not LinkKind.VERIFIES:
            dangling.append(link)
    if dangling:
        raise refusal(phase, [fault(link.source, _GONE.format(target=link.target)) for link in dangling])
    return sorted_links(made)
