"""Walking links: what rests on an element, what it rests on, and what answers for a requirement."""

from __future__ import annotations

from vdw.artifacts.graph import Traces, basis_of, impact_of
from vdw.domain.canonical import ZERO_DIGEST
from vdw.domain.ids import ElementId, LinkKind
from vdw.domain.manifest import Link

L = LinkKind


def link(source: str, kind: LinkKind, target: str) -> Link:
    return Link(ElementId(source), kind, ElementId(target), ZERO_DIGEST)


LINKS = (
    link("CMP-001", L.SATISFIES, "REQ-001"),
    link("CMP-001", L.SATISFIES, "REQ-002"),
    link("SPC-001", L.DEPENDS_ON, "CMP-001"),
    link("SPC-001", L.SATISFIES, "REQ-001"),
    link("SPC-002", L.SATISFIES, "REQ-002"),
    link("SPC-002", L.DEPENDS_ON, "CMP-001"),
    link("TSK-001", L.SPECIFIES, "SPC-001"),
    link("TSK-002", L.SPECIFIES, "SPC-002"),
    link("TSK-002", L.DEPENDS_ON, "TSK-001"),
    link("CHG-001", L.IMPLEMENTS, "TSK-001"),
    link("EVD-001", L.VERIFIES, "REQ-001"),
)


def test_impact_is_everything_that_rests_on_an_element_by_distance() -> None:
    assert impact_of(LINKS, ["SPC-001"]) == {"TSK-001": 1, "CHG-001": 2, "TSK-002": 2}
    assert impact_of(LINKS, ["CHG-001"]) == {}


def test_a_distance_is_the_shortest_way() -> None:
    assert impact_of(LINKS, ["REQ-001"])["SPC-001"] == 1


def test_the_basis_is_everything_an_element_rests_on() -> None:
    assert basis_of(LINKS, ["TSK-001"]) == {"SPC-001": 1, "CMP-001": 2, "REQ-001": 2, "REQ-002": 3}


def test_impact_and_basis_say_the_same_from_both_ends() -> None:
    names = {name for found in LINKS for name in (found.source, found.target)}

    for name in names:
        for other, distance in impact_of(LINKS, [name]).items():
            assert basis_of(LINKS, [other])[name] == distance


def test_a_cycle_is_walked_once() -> None:
    cycle = (link("TSK-001", L.DEPENDS_ON, "TSK-002"), link("TSK-002", L.DEPENDS_ON, "TSK-001"))

    assert impact_of(cycle, ["TSK-001"]) == {"TSK-002": 1}


def test_what_merely_shares_a_component_does_not_answer_for_a_requirement() -> None:
    found = Traces(LINKS).of("REQ-002")

    assert (found.components, found.contracts, found.tasks) == (("CMP-001",), ("SPC-002",), ("TSK-002",))
    assert (found.changes, found.evidence) == ((), ())


def test_a_requirement_is_traced_down_to_its_evidence() -> None:
    found = Traces(LINKS).of("REQ-001")

    assert (found.contracts, found.tasks, found.changes) == (("SPC-001",), ("TSK-001",), ("CHG-001",))
    assert found.evidence == ("EVD-001",)


def test_in_the_light_lane_a_change_answers_directly() -> None:
    light = (link("CHG-001", L.IMPLEMENTS, "REQ-001"),)

    assert Traces(light).of("REQ-001").changes == ("CHG-001",)
