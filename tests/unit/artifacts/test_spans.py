"""Spans point into their vibe, at whole characters."""

from __future__ import annotations

import pytest

from tests.unit.artifacts.documents import faults, mood, requirement
from vdw.artifacts.parts import Parts, split
from vdw.artifacts.reading import read_artifact
from vdw.artifacts.spans import require_spans
from vdw.domain.ids import ElementId, ElementKind
from vdw.domain.manifest import Element, Span
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError

VIBE = "Es muss grün sein."
SIZE = len(VIBE.encode())
SOURCE = Element(ElementId("SRC-2"), ElementKind.SOURCE, "vdw.source/1", "0" * 32, {"text": VIBE})


def parts(start: int, end: int, src: str = "SRC-2") -> Parts:
    item = requirement(source={"src": src, "start": start, "end": end})
    return split(Phase.MOOD, read_artifact(Phase.MOOD, mood(item), Lane.FULL))


@pytest.mark.parametrize(("start", "end"), [(0, SIZE), (8, 13), (0, 10), (10, 12), (SIZE - 1, SIZE)])
def test_a_span_within_its_vibe_is_right(start: int, end: int) -> None:
    require_spans(parts(start, end), SOURCE, {})


@pytest.mark.parametrize(
    ("start", "end", "rule"),
    [
        (0, SIZE + 1, "has 19 bytes"),
        (SIZE, SIZE + 9, "has 19 bytes"),
        (0, 11, "within a character"),
        (11, 13, "within a character"),
    ],
)
def test_a_span_that_is_none_is_told(start: int, end: int, rule: str) -> None:
    with pytest.raises(VdwError) as caught:
        require_spans(parts(start, end), SOURCE, {})

    fault = faults(caught)[0]
    assert fault["path"] == "REQ-001.source"
    assert rule in str(fault["rule"])
    assert fault["example"] == {"src": "SRC-2", "start": 0, "end": SIZE}


@pytest.mark.parametrize("span", [("SRC-1", 0, 9000), ("SRC-1", 0, 4), ("SRC-3", 0, 4)])
def test_a_span_of_another_vibe_is_taken_only_from_an_element_that_had_it(span: tuple[str, int, int]) -> None:
    src, start, end = span
    had = {"REQ-001": frozenset({Span(ElementId(src), start, end)})}

    require_spans(parts(start, end, src), SOURCE, had)

    for before in ({}, {"REQ-002": had["REQ-001"]}, {"REQ-001": frozenset({Span(ElementId(src), start, end + 1)})}):
        with pytest.raises(VdwError) as caught:
            require_spans(parts(start, end, src), SOURCE, before)
        assert f"{src} is not the newest vibe" in str(faults(caught)[0]["rule"])
