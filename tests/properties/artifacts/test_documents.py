"""Whatever document is read: its parts make it again, its elements keep their digests, its page holds it whole."""

from __future__ import annotations

from functools import partial
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.properties.artifacts.strategies import drafts, records
from tests.unit.artifacts.documents import refusal_of, seen
from vdw.artifacts.changes import apply_changes
from vdw.artifacts.diff import difference
from vdw.artifacts.evidence import EvidenceRecord, evidence_content, evidence_from_content
from vdw.artifacts.markdown import artifact_markdown
from vdw.artifacts.parts import PartElement, PartLink, Parts, assemble, split
from vdw.artifacts.reading import read_artifact
from vdw.artifacts.revise import Before, Heading, Revised, revise
from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_of, parse_object
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import DOCUMENT_ID, ElementId, ElementKind, ProjectId, TenantId
from vdw.domain.manifest import Element, element_from_body, manifest_from_json
from vdw.domain.stages import Lane, Phase

QUICK = settings(max_examples=100, deadline=None, derandomize=True, database=None)
Draft = tuple[Phase, JsonObject]
READER = MarkdownIt("commonmark").enable("table")


def read(draft: Draft) -> JsonObject:
    return read_artifact(draft[0], draft[1], Lane.FULL)


def parts_of(phase: Phase, document: JsonObject, record: EvidenceRecord) -> Parts:
    listed = items(document["evidence"]) if phase is Phase.VALIDATION else []
    return split(phase, document, {text(name): evidence_content(record) for name in listed})


def revised(parts: Parts, *, after: Revised | None = None, first_salt: int = 0) -> Revised:
    """A revision in a project where every target exists."""
    salts = count(first_salt)
    known: dict[str, tuple[Element, ...]] = {element.id: (element,) for element in after.elements} if after else {}
    outside: dict[ElementId, Digest] = {link.target: digest_of(link.target) for link in parts.links}
    heading = Heading(TenantId("ten_1"), ProjectId("prj_1"), 1, 1, Lane.FULL, ())
    return revise(parts, heading, Before(known, outside, {}), lambda: f"{next(salts):032x}")


def sorted_links(document: JsonObject) -> JsonObject:
    """The document with every list of links in order: all that taking it apart may change."""
    phase = Phase(text(document["schema"]).split(".")[1].split("/")[0])
    parts = split(phase, document, {text(name): {"verifies": []} for name in items(document.get("evidence", []))})
    return assemble(phase, parts.elements, parts.links)


@QUICK
@given(draft=drafts)
def test_reading_what_was_read_changes_nothing(draft: Draft) -> None:
    once = read(draft)

    assert read_artifact(draft[0], once, Lane.FULL) == once


@QUICK
@given(draft=drafts, record=records)
def test_the_parts_of_a_document_make_it_again(draft: Draft, record: EvidenceRecord) -> None:
    phase, document = draft[0], sorted_links(read(draft))
    parts = parts_of(phase, document, record)

    again = assemble(phase, parts.elements, parts.links)

    assert again == document
    assert read_artifact(phase, again, Lane.FULL) == document
    assert parts_of(phase, again, record) == parts


@QUICK
@given(draft=drafts, record=records)
def test_a_stored_revision_makes_its_document_again(draft: Draft, record: EvidenceRecord) -> None:
    phase, document = draft[0], sorted_links(read(draft))
    made = revised(parts_of(phase, document, record))

    manifest = manifest_from_json(parse_object(made.manifest.body()))
    stored = {element.id: element_from_body(element.body()) for element in made.elements}
    elements = [PartElement(ref.id, ref.kind, stored[ref.id].content, ref.source) for ref in manifest.elements]
    links = [PartLink(link.source, link.kind, link.target) for link in manifest.links]

    assert assemble(phase, elements, links) == document
    assert all(stored[ref.id].digest() == ref.digest for ref in manifest.elements)


@QUICK
@given(draft=drafts, record=records)
def test_content_that_stays_keeps_its_digest(draft: Draft, record: EvidenceRecord) -> None:
    parts = parts_of(draft[0], read(draft), record)
    first = revised(parts)

    second = revised(parts, after=first, first_salt=10**9)

    assert second.manifest == first.manifest
    assert difference(seen(first), seen(second)) == []


@settings(QUICK, max_examples=30)
@given(phase=st.sampled_from(Phase), record=records, data=st.data())
def test_a_difference_is_the_same_of_a_revision_just_made_and_of_one_read_back(
    phase: Phase, record: EvidenceRecord, data: st.DataObject
) -> None:
    one, other = (data.draw(drafts.filter(lambda draft: draft[0] is phase)) for _ in range(2))
    before = revised(parts_of(phase, read(one), record))
    after = revised(parts_of(phase, read(other), record), after=before, first_salt=10**9)

    made = canonical_bytes(difference(seen(before), seen(after)))

    assert canonical_bytes(difference(read_back(before), read_back(after))) == made
    assert canonical_bytes(difference(read_back(before), seen(after))) == made


def read_back(made: Revised) -> Revision:
    manifest = manifest_from_json(parse_object(made.manifest.body()))
    return Revision(
        manifest.digest(), manifest, {element.id: element_from_body(element.body()) for element in made.elements}
    )


@QUICK
@given(draft=drafts, record=records)
def test_without_what_was_before_every_digest_is_new(draft: Draft, record: EvidenceRecord) -> None:
    parts = parts_of(draft[0], read(draft), record)

    first, second = revised(parts), revised(parts, first_salt=10**9)

    digests = [{element.digest() for element in made.elements} for made in (first, second)]
    assert digests[0] & digests[1] == set()
    assert len(digests[0]) == len(first.elements)


@QUICK
@given(draft=drafts, data=st.data())
def test_setting_every_element_as_it_is_changes_nothing(draft: Draft, data: st.DataObject) -> None:
    phase, document = draft[0], read(draft)
    listed = [
        mapping(item)
        for name, value in document.items()
        if isinstance(value, list)
        for item in value
        if isinstance(item, dict) and "id" in item
    ]
    chosen = data.draw(st.lists(st.sampled_from(listed), unique_by=lambda item: text(item["id"]))) if listed else []
    changes: list[JsonObject] = [{"op": "set", "id": item["id"], "element": item} for item in chosen]
    changes.append({"op": "set", "id": DOCUMENT_ID, "element": {}})

    changed = apply_changes(phase, document, tuple(changes))

    assert changed.document == document
    assert changed.stamped == {text(item["id"]) for item in chosen} | {DOCUMENT_ID}


@QUICK
@given(draft=drafts)
def test_removing_an_element_removes_it_alone(draft: Draft) -> None:
    phase, document = draft[0], read(draft)
    parts = split(phase, document, {text(name): {"verifies": []} for name in items(document.get("evidence", []))})
    for gone in parts.elements:
        if gone.kind is not ElementKind.DOCUMENT:
            left = apply_changes(phase, document, ({"op": "remove", "id": gone.id},)).document
            evidence = {text(name): JsonObject(verifies=[]) for name in items(left.get("evidence", []))}
            assert split(phase, left, evidence).ids() == parts.ids() - {gone.id}


@QUICK
@given(record=records)
def test_a_record_is_read_back_as_it_was_written(record: EvidenceRecord) -> None:
    assert evidence_from_content(parse_object(canonical_bytes(evidence_content(record)))) == record


@QUICK
@given(draft=drafts)
def test_no_text_breaks_the_page(draft: Draft) -> None:
    phase, document = draft[0], read(draft)
    page = artifact_markdown(phase, document)

    tokens = READER.parse(page)

    plain = {"heading", "paragraph", "bullet_list", "list_item", "table", "thead", "tbody", "tr", "th", "td", "inline"}
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= plain
    inside = {child.type for token in tokens for child in token.children or []}
    assert inside <= {"text", "text_special", "strong_open", "strong_close"}
    headings = [token for token in tokens if token.type == "heading_open"]
    count_of_elements = sum(
        1
        for value in document.values()
        if isinstance(value, list)
        for item in value
        if isinstance(item, dict) and "id" in item
    )
    assert len([token for token in headings if token.tag == "h3"]) == count_of_elements


@QUICK
@given(draft=drafts, wrong=st.sampled_from([None, 0, True, "\ud800", 0.5, [], {}, ["x"], {"id": "x"}]), data=st.data())
def test_whatever_is_put_in_place_of_a_field_is_read_or_refused(
    draft: Draft, wrong: object, data: st.DataObject
) -> None:
    phase, sent = draft
    name = data.draw(st.sampled_from(sorted(sent)))

    changed = {**sent, name: wrong}
    error = refusal_of(partial(read_artifact, phase, changed, Lane.FULL))  # type: ignore[arg-type]  # that is the point

    assert error is None or (error.details["path"] and error.details["rule"])
