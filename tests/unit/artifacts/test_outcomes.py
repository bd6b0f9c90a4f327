"""An outcome is met as the comparison of its metric says, and a comparison that is none says nothing."""

from __future__ import annotations

import pytest

from vdw.artifacts.outcomes import require_agreeing
from vdw.domain.canonical import JsonObject
from vdw.domain.ids import ElementId, ElementKind
from vdw.domain.manifest import Element
from vdw.errors import ErrorCode, VdwError


def outcome(measured: str, *, met: bool) -> JsonObject:
    return {"outcomes": [{"metric": "MET-001", "unit": "ms", "measured": measured, "met": met}]}


def metric(comparison: str) -> dict[str, Element]:
    content: JsonObject = {"comparison": comparison, "target": "200", "unit": "ms"}
    return {"MET-001": Element(ElementId("MET-001"), ElementKind.METRIC, "vdw.mood/1", "0" * 32, content)}


@pytest.mark.parametrize(
    ("comparison", "below", "same", "above"),
    [("at_least", False, True, True), ("at_most", True, True, False), ("exactly", False, True, False)],
)
def test_a_number_meets_its_target_as_the_comparison_says(
    comparison: str, *, below: bool, same: bool, above: bool
) -> None:
    for measured, met in (("199.9", below), ("200.0", same), ("200.1", above)):
        require_agreeing(outcome(measured, met=met), metric(comparison))
        with pytest.raises(VdwError, match=r"must be what the number measured and the target of MET-001 say"):
            require_agreeing(outcome(measured, met=not met), metric(comparison))


def test_by_a_comparison_that_nobody_knows_nothing_is_met() -> None:
    with pytest.raises(VdwError) as caught:
        require_agreeing(outcome("200", met=True), metric("about"))

    assert caught.value.code is ErrorCode.STORAGE
