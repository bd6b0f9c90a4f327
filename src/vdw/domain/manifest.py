"""A revision is a manifest: which elements it holds, at which digests, linked how.

Formats here are signed for ever. Element digest: SHA-256 over `{salt, id, kind, schema, content}`;
artifact digest: SHA-256 over the manifest; both in RFC 8785 form. A stamp is the digest of a link's
target when the link was made. Text lies only in elements, so a name can be erased by deleting one
element's bytes while every digest and signature still verifies.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vdw.domain.canonical import (
    Digest,
    JsonObject,
    canonical_bytes,
    digest_bytes,
    parse_object,
)
from vdw.domain.fields import items, mapping, number, text
from vdw.domain.ids import (
    ElementId,
    ElementKind,
    LinkKind,
    PersonId,
    ProjectId,
    TenantId,
)
from vdw.domain.kept import kept
from vdw.domain.stages import Lane, Phase
from vdw.errors import ErrorCode, VdwError

MANIFEST_SCHEMA = "vdw.manifest/1"
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Span:
    """Where a statement came from: half-open byte range of the text of a source element."""

    src: ElementId
    start: int
    end: int


@dataclass(frozen=True)  # no slots: the digest is kept
class Element:
    """One stored part of an artifact. `schema` is the artifact's schema name, such as `vdw.mood/1`."""

    id: ElementId
    kind: ElementKind
    schema: str
    salt: str
    content: JsonObject

    def body(self) -> bytes:
        """The bytes that are stored and digested."""
        return canonical_bytes(
            {"salt": self.salt, "id": self.id, "kind": self.kind.value, "schema": self.schema, "content": self.content}
        )

    def digest(self) -> Digest:
        return self._digest

    @kept
    def _digest(self) -> Digest:
        return digest_bytes(self.body())


@dataclass(frozen=True, slots=True)
class ElementRef:
    """An element as a manifest names it. `source` stands outside the digested content."""

    id: ElementId
    kind: ElementKind
    digest: Digest
    source: Span | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """`source` → `target`, with the target's digest when the link was made or last kept."""

    source: ElementId
    kind: LinkKind
    target: ElementId
    stamp: Digest


@dataclass(frozen=True)  # no slots: the digest is kept
class Manifest:
    tenant: TenantId
    project: ProjectId
    iteration: int
    phase: Phase
    revision: int
    lane: Lane
    contributors: tuple[PersonId, ...]
    """Owners of every principal that submitted a revision of this phase since its last approved one; sorted."""
    language: str
    elements: tuple[ElementRef, ...]
    """In the document's order."""
    links: tuple[Link, ...] = field(default=())
    """Sorted by source, kind, target."""

    def as_json(self) -> JsonObject:
        return {
            "schema": MANIFEST_SCHEMA,
            "tenant": self.tenant,
            "project": self.project,
            "iteration": self.iteration,
            "phase": self.phase.value,
            "revision": self.revision,
            "lane": self.lane.value,
            "contributors": list(self.contributors),
            "language": self.language,
            "elements": [_element_json(ref) for ref in self.elements],
            "links": [
                {"from": link.source, "kind": link.kind.value, "to": link.target, "stamp": link.stamp}
                for link in self.links
            ],
        }

    def body(self) -> bytes:
        return canonical_bytes(self.as_json())

    def digest(self) -> Digest:
        return self._digest

    @kept
    def _digest(self) -> Digest:
        return digest_bytes(self.body())

    def element(self, element_id: str) -> ElementRef | None:
        return next((ref for ref in self.elements if ref.id == element_id), None)


def sorted_links(links: list[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (link.source, link.kind.value, link.target)))


def manifest_from_json(value: JsonObject) -> Manifest:
    """Reads a stored manifest. Raises `VdwError` (invalid_input) for another schema or a missing field."""
    if value.get("schema") != MANIFEST_SCHEMA:
        raise VdwError(ErrorCode.INVALID_INPUT, "This manifest has a schema this version does not know.", "Update vdw.")
    try:
        return Manifest(
            tenant=TenantId(text(value["tenant"])),
            project=ProjectId(text(value["project"])),
            iteration=number(value["iteration"]),
            phase=Phase(text(value["phase"])),
            revision=number(value["revision"]),
            lane=Lane(text(value["lane"])),
            contributors=tuple(PersonId(text(item)) for item in items(value["contributors"])),
            language=text(value["language"]),
            elements=tuple(_element_from_json(mapping(item)) for item in items(value["elements"])),
            links=tuple(_link_from_json(mapping(item)) for item in items(value["links"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise VdwError(ErrorCode.INVALID_INPUT, "This manifest is damaged.", reason=repr(error)) from None


def element_from_body(body: bytes) -> Element:
    """Reads stored element bytes; the caller checks the digest."""
    value = parse_object(body)
    try:
        return Element(
            id=ElementId(text(value["id"])),
            kind=ElementKind(text(value["kind"])),
            schema=text(value["schema"]),
            salt=text(value["salt"]),
            content=mapping(value["content"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise VdwError(ErrorCode.INVALID_INPUT, "This element is damaged.", reason=repr(error)) from None


def _element_json(ref: ElementRef) -> JsonObject:
    body: JsonObject = {"id": ref.id, "kind": ref.kind.value, "digest": ref.digest}
    if ref.source is not None:
        body["source"] = {"src": ref.source.src, "start": ref.source.start, "end": ref.source.end}
    return body


def _element_from_json(value: JsonObject) -> ElementRef:
    span: Span | None = None
    if "source" in value:
        raw = mapping(value["source"])
        span = Span(ElementId(text(raw["src"])), number(raw["start"]), number(raw["end"]))
    return ElementRef(
        ElementId(text(value["id"])), ElementKind(text(value["kind"])), Digest(text(value["digest"])), span
    )


def _link_from_json(value: JsonObject) -> Link:
    return Link(
        ElementId(text(value["from"])),
        LinkKind(text(value["kind"])),
        ElementId(text(value["to"])),
        Digest(text(value["stamp"])),
    )
