"""Element ids have one grammar, and their prefix says their kind."""

import pytest

from vdw.domain.ids import PREFIXES, ElementKind, element_kind, next_ids, random_id, require_element_id
from vdw.errors import VdwError


@pytest.mark.parametrize(("kind", "prefix"), [item for item in PREFIXES.items() if item[0] is not ElementKind.SOURCE])
def test_the_prefix_says_the_kind(kind: ElementKind, prefix: str) -> None:
    assert element_kind(f"{prefix}-001") is kind


def test_a_source_counts_iterations() -> None:
    assert element_kind("SRC-1") is ElementKind.SOURCE
    assert element_kind("SRC-0") is None


@pytest.mark.parametrize(
    "text", ["REQ-1", "REQ-1234567", "req-001", "REQ-001\n", "REQ\u202e-001", "XYZ-001", "", "REQ-٠٠١"]
)
def test_what_is_no_element_id_is_refused(text: str) -> None:
    assert element_kind(text) is None
    with pytest.raises(VdwError):
        require_element_id(text, "requirements[0].id")


def test_the_next_id_of_each_prefix_stands_behind_all_that_are_used() -> None:
    used = ["REQ-007", "REQ-002", "SRC-1", "MET-1200"]

    assert next_ids(("REQ", "MET", "CON"), used) == {"REQ": "REQ-008", "MET": "MET-1201", "CON": "CON-001"}


@pytest.mark.row(id="E8")
def test_a_random_id_shows_all_its_bytes() -> None:
    assert random_id("prj", bytes(16)) == "prj_" + "a" * 26
    assert random_id("prj", b"\xff" * 16) != random_id("prj", b"\xfe" + b"\xff" * 15)
