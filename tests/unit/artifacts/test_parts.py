"""Taking a document apart: what is content, what is a link, and that nothing is lost."""

from __future__ import annotations

import pytest

from tests.unit.artifacts.documents import mood, record, requirement, whole
from vdw.artifacts.evidence import Outcome, RequirementResult, evidence_content
from vdw.artifacts.parts import PartElement, PartLink, assemble, split
from vdw.artifacts.reading import read_artifact
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping
from vdw.domain.ids import DOCUMENT_ID, ElementId, ElementKind, LinkKind
from vdw.domain.manifest import Span
from vdw.domain.stages import Lane, Phase

RECORDS: dict[str, JsonObject] = {"EVD-001": evidence_content(record())}


def element(phase: Phase, document: JsonObject, name: str) -> PartElement:
    return next(part for part in split(phase, document, RECORDS).elements if part.id == name)


def links(phase: Phase) -> set[tuple[str, LinkKind, str]]:
    return {(link.source, link.kind, link.target) for link in split(phase, whole(phase), RECORDS).links}


@pytest.mark.parametrize("phase", Phase)
def test_a_document_is_the_sum_of_its_parts(phase: Phase) -> None:
    parts = split(phase, whole(phase), RECORDS)

    assert assemble(phase, parts.elements, parts.links) == whole(phase)


def test_the_document_itself_comes_first_and_holds_what_is_in_no_list() -> None:
    first = split(Phase.MOOD, whole(Phase.MOOD)).elements[0]

    assert (first.id, first.kind) == (DOCUMENT_ID, ElementKind.DOCUMENT)
    assert first.content == {
        "language": "en",
        "drafted_by": "agent",
        "core_aesthetic": "calm",
        "keywords": [],
        "analogies": [],
    }


def test_the_heads_stand_in_the_document_element() -> None:
    document = whole(Phase.IMPLEMENTATION)

    assert element(Phase.IMPLEMENTATION, document, "DOC").content["heads"] == document["heads"]


def test_content_holds_neither_id_nor_source_nor_link() -> None:
    found = element(Phase.MOOD, whole(Phase.MOOD), "REQ-001")

    assert found.source == Span(ElementId("SRC-1"), 0, 40)
    assert not found.content.keys() & {"id", "source"}
    assert "satisfies" not in element(Phase.ARCHITECTURE, whole(Phase.ARCHITECTURE), "CMP-001").content
    assert not element(Phase.SPECIFICATION, whole(Phase.SPECIFICATION), "TSK-001").content.keys() & {
        "specifies",
        "depends_on",
    }


def test_two_links_of_one_kind_stay_in_the_content_as_well() -> None:
    found = element(Phase.ARCHITECTURE, whole(Phase.ARCHITECTURE), "INT-001")

    assert (found.content["provider"], found.content["consumers"]) == ("CMP-001", [])


def test_every_link_of_every_phase_has_its_kind() -> None:
    assert links(Phase.MOOD) == set()
    assert links(Phase.ARCHITECTURE) == {
        ("CMP-001", LinkKind.SATISFIES, "REQ-001"),
        ("INT-001", LinkKind.DEPENDS_ON, "CMP-001"),
        ("FLW-001", LinkKind.DEPENDS_ON, "CMP-001"),
        ("STO-001", LinkKind.DEPENDS_ON, "CMP-001"),
    }
    assert links(Phase.SPECIFICATION) == {
        ("SPC-001", LinkKind.DEPENDS_ON, "CMP-001"),
        ("SPC-001", LinkKind.SATISFIES, "REQ-001"),
        ("TSK-001", LinkKind.SPECIFIES, "SPC-001"),
    }
    assert links(Phase.IMPLEMENTATION) == {
        ("CHG-001", LinkKind.IMPLEMENTS, "TSK-001"),
        ("DEV-001", LinkKind.DEPENDS_ON, "SPC-001"),
    }
    assert links(Phase.VALIDATION) == {
        ("EVD-001", LinkKind.VERIFIES, "REQ-001"),
        ("OUT-001", LinkKind.DEPENDS_ON, "MET-001"),
        ("OUT-001", LinkKind.DEPENDS_ON, "EVD-001"),
    }


def test_evidence_is_listed_by_id_and_holds_the_servers_record() -> None:
    document = whole(Phase.VALIDATION)

    assert document["evidence"] == ["EVD-001"]
    assert element(Phase.VALIDATION, document, "EVD-001").content == evidence_content(record())


def test_evidence_links_to_each_requirement_it_speaks_of() -> None:
    spoken = record(RequirementResult("REQ-001", Outcome.FAILED), RequirementResult("REQ-007", Outcome.SKIPPED))

    parts = split(Phase.VALIDATION, whole(Phase.VALIDATION, outcomes=[]), {"EVD-001": evidence_content(spoken)})

    assert [link.target for link in parts.links] == ["REQ-001", "REQ-007"]


def test_a_document_without_a_language_has_an_undetermined_one() -> None:
    assert split(Phase.MOOD, whole(Phase.MOOD, language="en-GB")).language == "en-GB"
    assert split(Phase.ARCHITECTURE, whole(Phase.ARCHITECTURE)).language == "und"


def test_an_erased_element_is_left_out_and_the_rest_stands() -> None:
    document = read_artifact(Phase.MOOD, mood(requirement(1), requirement(2)), Lane.FULL)
    parts = split(Phase.MOOD, document)

    left = assemble(Phase.MOOD, [part for part in parts.elements if part.id != "REQ-001"], parts.links)

    assert [mapping(item)["id"] for item in items(left["requirements"])] == ["REQ-002"]


def test_a_link_that_two_fields_make_is_one_link() -> None:
    flow = split(Phase.ARCHITECTURE, whole(Phase.ARCHITECTURE)).links

    assert flow.count(PartLink(ElementId("FLW-001"), LinkKind.DEPENDS_ON, ElementId("CMP-001"))) == 1
