"""Manifests and elements: digests depend on content and salt, on nothing else."""

from dataclasses import replace

import pytest

from vdw.domain.canonical import Digest, JsonObject, digest_bytes, parse_object
from vdw.domain.ids import ElementId, ElementKind, LinkKind, PersonId, ProjectId, TenantId
from vdw.domain.manifest import Element, ElementRef, Link, Manifest, Span, element_from_body, manifest_from_json
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError

ELEMENT = Element(ElementId("REQ-001"), ElementKind.REQUIREMENT, "vdw.mood/1", "ab" * 16, {"statement": "größe"})
MANIFEST = Manifest(
    tenant=TenantId("ten_a"),
    project=ProjectId("prj_a"),
    iteration=1,
    phase=Phase.MOOD,
    revision=2,
    lane=Lane.FULL,
    contributors=(PersonId("per_a"),),
    language="en",
    elements=(ElementRef(ELEMENT.id, ELEMENT.kind, ELEMENT.digest(), Span(ElementId("SRC-1"), 3, 9)),),
    links=(Link(ElementId("REQ-001"), LinkKind.DEPENDS_ON, ElementId("REQ-002"), Digest("0" * 64)),),
)


def test_a_manifest_is_read_back_as_it_was_written() -> None:
    assert manifest_from_json(parse_object(MANIFEST.body())) == MANIFEST


def test_an_element_is_read_back_and_its_digest_is_that_of_its_bytes() -> None:
    assert element_from_body(ELEMENT.body()) == ELEMENT
    assert ELEMENT.digest() == digest_bytes(ELEMENT.body())


def test_another_salt_gives_another_digest_so_a_digest_tells_nothing_about_words_that_are_gone() -> None:
    assert replace(ELEMENT, salt="cd" * 16).digest() != ELEMENT.digest()


@pytest.mark.parametrize("field", ["tenant", "project", "iteration", "phase", "revision", "lane", "language"])
def test_every_field_of_a_manifest_is_covered_by_its_digest(field: str) -> None:
    value = MANIFEST.as_json()
    others: JsonObject = {"iteration": 9, "revision": 9, "phase": "validation", "lane": "light"}
    value[field] = others.get(field, "other")
    assert manifest_from_json(value).digest() != MANIFEST.digest()


def test_a_manifest_of_another_schema_is_refused() -> None:
    value = parse_object(MANIFEST.body())
    value["schema"] = "vdw.manifest/2"
    with pytest.raises(VdwError):
        manifest_from_json(value)


def test_a_damaged_manifest_is_refused_without_foreign_words() -> None:
    value = parse_object(MANIFEST.body())
    del value["links"]
    with pytest.raises(VdwError) as refused:
        manifest_from_json(value)
    assert "KeyError" not in refused.value.public
