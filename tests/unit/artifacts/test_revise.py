"""From parts to a revision: which salts are kept, what is stamped, and that a link has a target."""

from __future__ import annotations

import pytest

from tests.unit.artifacts.documents import (
    Bench,
    architecture,
    component,
    digest,
    digests,
    faults,
    mood,
    record,
    requirement,
)
from vdw.artifacts import revise as revising
from vdw.artifacts.evidence import Outcome, RequirementResult
from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.ids import ElementId, LinkKind
from vdw.domain.manifest import Link, Span, element_from_body, manifest_from_json
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError

REQUIREMENTS = {f"REQ-{number:03}": digest(f"REQ-{number:03}") for number in (1, 2)}


def stamps(bench: Bench) -> dict[tuple[str, str], Digest]:
    assert bench.current is not None
    return {(link.source, link.target): link.stamp for link in bench.current.manifest.links}


def test_an_element_whose_content_stays_keeps_its_digest() -> None:
    bench = Bench()
    first = bench.submit(mood(requirement(1), requirement(2)))

    second = bench.submit(mood(requirement(1), requirement(2, statement="The system shall wait.")))

    before, after = digests(first), digests(second)
    assert (before["REQ-001"], before["DOC"]) == (after["REQ-001"], after["DOC"])
    assert before["REQ-002"] != after["REQ-002"]


def test_content_that_comes_back_to_the_approved_version_has_its_digest_again() -> None:
    bench = Bench()
    bench.approved = bench.submit(mood(requirement(1)))
    bench.submit(mood(requirement(1, statement="The system shall wait.")))

    back = bench.submit(mood(requirement(1)))

    assert digests(back) == digests(bench.approved)


def test_content_that_was_neither_current_nor_approved_gets_a_new_salt() -> None:
    bench = Bench()
    first = bench.submit(mood(requirement(1)))
    bench.submit(mood(requirement(1, statement="The system shall wait.")))

    back = bench.submit(mood(requirement(1)))

    assert digests(back)["REQ-001"] != digests(first)["REQ-001"]


def test_same_words_under_two_ids_have_different_digests() -> None:
    words = "The system shall wait."

    made = digests(Bench().submit(mood(requirement(1, statement=words), requirement(2, statement=words))))

    assert made["REQ-001"] != made["REQ-002"]


def test_a_span_that_moves_changes_the_manifest_and_not_the_element() -> None:
    bench = Bench()
    first = bench.submit(mood(requirement(source={"src": "SRC-1", "start": 0, "end": 4})))

    second = bench.submit(mood(requirement(source={"src": "SRC-1", "start": 2, "end": 6})))

    assert digests(first) == digests(second)
    assert first.manifest.digest() != second.manifest.digest()
    found = second.manifest.element("REQ-001")
    assert found is not None
    assert found.source == Span(ElementId("SRC-1"), 2, 6)


def test_the_order_of_elements_is_the_documents() -> None:
    made = Bench().submit(mood(requirement(2), requirement(1)))

    assert [ref.id for ref in made.manifest.elements] == ["DOC", "REQ-002", "REQ-001"]


def test_a_stamp_is_the_targets_digest() -> None:
    bench = Bench(Phase.ARCHITECTURE, REQUIREMENTS)

    made = bench.submit(architecture(component(1, "REQ-002", "REQ-001")))

    assert made.manifest.links == (
        Link(ElementId("CMP-001"), LinkKind.SATISFIES, ElementId("REQ-001"), REQUIREMENTS["REQ-001"]),
        Link(ElementId("CMP-001"), LinkKind.SATISFIES, ElementId("REQ-002"), REQUIREMENTS["REQ-002"]),
    )


def test_a_whole_artifact_stamps_every_link_anew() -> None:
    bench = Bench(Phase.ARCHITECTURE, REQUIREMENTS)
    draft = architecture(component(1, "REQ-001"), component(2, "REQ-001"))
    bench.submit(draft)

    bench.outside = {**REQUIREMENTS, "REQ-001": digest("changed")}
    bench.submit(draft)

    assert set(stamps(bench).values()) == {digest("changed")}


def test_what_is_neither_set_nor_kept_keeps_its_old_stamp() -> None:
    bench = Bench(Phase.ARCHITECTURE, REQUIREMENTS)
    draft = architecture(component(1, "REQ-001"), component(2, "REQ-001"))
    bench.submit(draft)

    bench.outside = {**REQUIREMENTS, "REQ-001": digest("changed")}
    bench.submit(draft, stamped=frozenset({"CMP-002"}))

    assert stamps(bench) == {
        ("CMP-001", "REQ-001"): REQUIREMENTS["REQ-001"],
        ("CMP-002", "REQ-001"): digest("changed"),
    }


def test_every_link_to_nothing_is_told() -> None:
    bench = Bench(Phase.ARCHITECTURE, REQUIREMENTS)

    with pytest.raises(VdwError) as caught:
        bench.submit(architecture(component(1, "REQ-001", "REQ-008"), component(2, "REQ-009")))

    assert [(fault["path"], str(fault["rule"])[:13]) for fault in faults(caught)] == [
        ("CMP-001", "names REQ-008"),
        ("CMP-002", "names REQ-009"),
    ]
    assert caught.value.public.startswith("architecture.CMP-001: names REQ-008")


def test_a_link_within_the_document_needs_its_target_there() -> None:
    bench = Bench(Phase.ARCHITECTURE, REQUIREMENTS)
    draft = architecture(component(1, "REQ-001"))
    store: JsonObject = {"id": "STO-001", "name": "file", "holds": "all", "component": "CMP-002"}

    with pytest.raises(VdwError) as caught:
        bench.submit({**draft, "stores": [store]})

    assert faults(caught)[0]["path"] == "STO-001"


def test_a_report_may_name_what_nobody_asked() -> None:
    spoken = record(RequirementResult("REQ-001", Outcome.PASSED), RequirementResult("REQ-429", Outcome.PASSED))
    bench = Bench(Phase.VALIDATION, REQUIREMENTS, evidence={"EVD-001": spoken})

    made = bench.submit({"schema": "vdw.validation/1", "evidence": ["EVD-001"]})

    assert [link.target for link in made.manifest.links] == ["REQ-001"]


def test_more_links_than_a_manifest_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revising, "MAX_LINKS", 1)
    bench = Bench(Phase.ARCHITECTURE, REQUIREMENTS)

    with pytest.raises(VdwError) as caught:
        bench.submit(architecture(component(1, "REQ-001", "REQ-002")))

    assert caught.value.code is ErrorCode.TOO_LARGE


def test_a_revision_is_read_back_as_it_was_made() -> None:
    made = Bench(Phase.ARCHITECTURE, REQUIREMENTS).submit(architecture(component(1, "REQ-001")))

    assert manifest_from_json(made.manifest.as_json()) == made.manifest
    assert tuple(element_from_body(element.body()) for element in made.elements) == made.elements
    assert [ref.digest for ref in made.manifest.elements] == [element.digest() for element in made.elements]
