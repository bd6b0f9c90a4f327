"""What changed between two revisions, as data."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.artifacts.documents import Bench, architecture, component, digest, mood, requirement, seen
from vdw.artifacts.diff import difference
from vdw.artifacts.revise import Revised
from vdw.domain.canonical import JsonObject, canonical_bytes
from vdw.domain.fields import items, mapping, text
from vdw.domain.stages import Phase


def entries(before: Revised | None, after: Revised) -> dict[str, JsonObject]:
    found = difference(seen(before) if before else None, seen(after))
    assert canonical_bytes(found)
    return {text(mapping(entry)["id"]): mapping(entry) for entry in found}


def test_nothing_changed_between_a_revision_and_itself() -> None:
    made = Bench().submit(mood(requirement(1)))

    assert entries(made, made) == {}


def test_against_nothing_everything_is_added() -> None:
    made = Bench().submit(mood(requirement(1)))

    found = entries(None, made)

    assert {name: entry["change"] for name, entry in found.items()} == {"DOC": "added", "REQ-001": "added"}
    assert mapping(found["REQ-001"]["after"])["statement"] == "The system shall keep list 1."


def test_a_changed_element_tells_each_field_before_and_after() -> None:
    bench = Bench()
    before = bench.submit(mood(requirement(1), requirement(2)))
    after = bench.submit(mood(requirement(1, priority="should"), requirement(2)))

    assert entries(before, after) == {
        "REQ-001": {
            "id": "REQ-001",
            "kind": "requirement",
            "change": "changed",
            "fields": [{"field": "priority", "before": "must", "after": "should"}],
        }
    }


def test_a_removed_element_is_told_with_what_it_said() -> None:
    bench = Bench()
    before = bench.submit(mood(requirement(1), requirement(2)))
    after = bench.submit(mood(requirement(2)))

    found = entries(before, after)

    assert found.keys() == {"REQ-001"}
    assert found["REQ-001"]["change"] == "removed"
    assert mapping(found["REQ-001"]["before"])["statement"] == "The system shall keep list 1."


def test_links_that_came_and_went_are_told() -> None:
    outside = {name: digest(name) for name in ("REQ-001", "REQ-002")}
    bench = Bench(Phase.ARCHITECTURE, outside)
    before = bench.submit(architecture(component(1, "REQ-001")))
    after = bench.submit(architecture(component(1, "REQ-002")))

    assert entries(before, after)["CMP-001"] == {
        "id": "CMP-001",
        "kind": "component",
        "change": "changed",
        "links_added": ["satisfies REQ-002"],
        "links_removed": ["satisfies REQ-001"],
    }


def test_a_link_that_was_kept_for_a_changed_target_is_told() -> None:
    bench = Bench(Phase.ARCHITECTURE, {"REQ-001": digest("first")})
    before = bench.submit(architecture(component(1, "REQ-001")))
    bench.outside = {"REQ-001": digest("second")}
    after = bench.submit(architecture(component(1, "REQ-001")))

    assert entries(before, after)["CMP-001"]["links_stamped"] == ["satisfies REQ-001"]


def test_a_span_that_moved_is_told() -> None:
    bench = Bench()
    before = bench.submit(mood(requirement(1)))
    after = bench.submit(mood(requirement(1, source={"src": "SRC-1", "start": 0, "end": 4})))

    fields = [mapping(field) for field in items(entries(before, after)["REQ-001"]["fields"])]

    assert fields == [{"field": "source", "before": None, "after": {"src": "SRC-1", "start": 0, "end": 4}}]


def test_an_erased_element_is_told_without_its_words() -> None:
    bench = Bench()
    before = bench.submit(mood(requirement(1)))
    after = bench.submit(mood(requirement(1, priority="should")))

    found = difference(seen(before, erased="REQ-001"), seen(after))

    entry = mapping(found[0])
    assert (entry["id"], entry["change"]) == ("REQ-001", "changed")
    assert mapping(entry["after"])["priority"] == "should"


def test_every_difference_of_the_manifests_elements_or_links_is_told() -> None:
    outside = {"REQ-001": digest("REQ-001")}
    made = Bench(Phase.ARCHITECTURE, outside).submit(architecture(component(1, "REQ-001"), component(2, "REQ-001")))

    for position, link in enumerate(made.manifest.links):
        rest = (*made.manifest.links[:position], *made.manifest.links[position + 1 :])
        less = replace(made, manifest=replace(made.manifest, links=rest))
        assert entries(made, less).keys() == {link.source}


def test_fields_are_told_by_name_whatever_order_they_came_in() -> None:
    bench = Bench()
    before = bench.submit(mood(requirement(1)))
    after = bench.submit(mood(requirement(1, statement="The system shall keep it.", priority="could", kind="data")))

    told = items(entries(before, after)["REQ-001"]["fields"])

    assert [mapping(field)["field"] for field in told] == ["kind", "priority", "statement"]
