"""From parts to a revision: salts, digests, stamps, the manifest. Nothing is stored here.

A salt is kept while the content equals the current or the last approved version, so that what did not change keeps its
digest; it is new when the content changes. A stamp is the target's digest now, or what it was where an element was
neither set nor kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vdw.artifacts.catalogue import SCHEMA_NAMES
from vdw.artifacts.parts import PartElement, PartLink, Parts
from vdw.domain.canonical import Digest
from vdw.domain.ids import ElementId, PersonId, ProjectId, TenantId
from vdw.domain.manifest import Element, ElementRef, Link, Manifest, Span, sorted_links
from vdw.domain.stages import Lane
from vdw.errors import VdwError, invalid


@dataclass(frozen=True, slots=True)
class Heading:
    """What a manifest says beside elements and links."""

    tenant: str
    project: str
    iteration: int
    revision: int
    lane: Lane
    contributors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What the project holds already. `known`: earlier versions of this phase's elements, the current one first, by id.
    `outside`: present digests of the elements of other phases. `stamps`: of the base revision, by link."""

    known: Mapping[str, tuple[Element, ...]]
    outside: Mapping[str, Digest]
    stamps: Mapping[PartLink, Digest]


@dataclass(frozen=True, slots=True)
class Revised:
    manifest: Manifest
    elements: tuple[Element, ...]


def revise(
    parts: Parts,
    heading: Heading,
    before: Before,
    random_salt: Callable[[], str],
    *,
    stamped: frozenset[str] | None = None,
    extra: tuple[Element, ...] = (),
) -> Revised:
    """The next revision. `stamped` None stamps every link anew (a whole artifact was submitted); `extra` elements stand first
    and have a salt already (the vibe). Raises `VdwError` (invalid_input) for a link to an element that is not there."""
    made = tuple(_salted(part, parts, before, random_salt) for part in parts.elements)
    elements = (*extra, *made)
    digests: dict[str, Digest] = {element.id: element.digest() for element in elements}
    sources: dict[str, Span | None] = {part.id: part.source for part in parts.elements}
    refs = tuple(
        ElementRef(element.id, element.kind, digests[element.id], sources.get(element.id)) for element in elements
    )
    targets: dict[str, Digest] = {**before.outside, **digests}
    links = sorted_links([_stamped(link, targets, before, stamped) for link in parts.links])
    manifest = Manifest(
        tenant=TenantId(heading.tenant),
        project=ProjectId(heading.project),
        iteration=heading.iteration,
        phase=parts.phase,
        revision=heading.revision,
        lane=heading.lane,
        contributors=tuple(PersonId(person) for person in heading.contributors),
        language=parts.language,
        elements=refs,
        links=links,
    )
    return Revised(manifest, elements)


def _salted(part: PartElement, parts: Parts, before: Before, random_salt: Callable[[], str]) -> Element:
    schema = SCHEMA_NAMES[parts.phase]
    for known in before.known.get(part.id, ()):
        if (known.kind, known.schema, known.content) == (part.kind, schema, part.content):
            return known
    return Element(part.id, part.kind, schema, random_salt(), part.content)


def _stamped(link: PartLink, targets: Mapping[str, Digest], before: Before, stamped: frozenset[str] | None) -> Link:
    present = targets.get(link.target)
    if present is None:
        raise _dangling(link.source, link.target)
    old = before.stamps.get(link)
    keeps = stamped is not None and link.source not in stamped and old is not None
    return Link(link.source, link.kind, link.target, old if keeps and old is not None else present)


def _dangling(source: ElementId, target: ElementId) -> VdwError:
    return invalid(source, f"names {target}, which is in no current artifact of this project")
