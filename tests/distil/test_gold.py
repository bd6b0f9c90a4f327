"""The gold labels, checked against their own texts: every quote is there, lies alone, and has a class that there is.

It says nothing about the distiller; whoever scores it reads the same files. `gold/LABELLING.md` says how they were
made.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

GOLD = Path(__file__).parent / "gold"
DEVELOPMENT = ("line.txt", "notes.txt", "specification.md", "seed.md", "mail.txt", "stories.md", "lastenheft.md")
UNSEEN = ("unseen/chat.txt", "unseen/brief.md", "unseen/anforderungen.txt")
TEXTS = DEVELOPMENT + UNSEEN

CLASSES = {"requirement", "constraint", "anti-goal", "metric", "decision", "question"}
KINDS = {"functional", "quality", "interface", "data", "security", "operation"}
PRIORITIES = {"must", "should", "could", "wont"}
FIELDS = {"class", "quote", "nth", "kind", "priority"}

SEED_SHA256 = "ec434a9456c7d3d9f37828d7e6982dacf0d1e9c9accbd6bd3e595fa3c7845f0c"
SIZES = {
    "line.txt": (1, 300),
    "notes.txt": (2_000, 4_500),
    "specification.md": (9_000, 20_000),
    "seed.md": (9_096, 9_096),
    "mail.txt": (2_000, 8_000),
    "stories.md": (2_000, 8_000),
    "lastenheft.md": (3_500, 5_000),
    "unseen/chat.txt": (2_000, 8_000),
    "unseen/brief.md": (3_000, 8_000),
    "unseen/anforderungen.txt": (2_000, 8_000),
}
"""Bytes, from and to: one line, a page, 9 kB or more, a page or two."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label as its file has it. `nth` counts the occurrences of the quote from 1, overlapping ones too."""

    kind_of_statement: str
    quote: str
    nth: int
    kind: str | None
    priority: str | None

    def start_in(self, text: str) -> int:
        """Where the quote begins, in characters; -1 where the text does not hold it so often."""
        start = -1
        for _ in range(self.nth):
            start = text.find(self.quote, start + 1)
            if start < 0:
                return -1
        return start


@pytest.fixture(params=TEXTS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_no_text_and_no_label_file_is_left_unused() -> None:
    texts = {path.relative_to(GOLD).as_posix() for path in GOLD.rglob("*") if path.is_file()} - {"LABELLING.md"}
    assert texts == {*TEXTS, *(_label_path(text).relative_to(GOLD).as_posix() for text in TEXTS)}


def test_every_label_file_names_its_text_and_language(name: str) -> None:
    document = json.loads(_label_path(name).read_text("utf-8"))
    assert set(document) == {"text", "language", "labels"}
    assert document["text"] == Path(name).name
    assert document["language"] in {"en", "de"}
    assert [label for label in document["labels"] if not set(label) <= FIELDS] == []


def test_every_quote_stands_in_its_text_as_often_as_it_says(name: str) -> None:
    text = _text(name)
    missing = [label for label in _labels(name) if label.nth < 1 or label.start_in(text) < 0]
    assert missing == []


def test_no_two_labels_of_a_text_overlap_and_they_stand_in_its_order(name: str) -> None:
    text = _text(name)
    spans = [(label.start_in(text), label.start_in(text) + len(label.quote)) for label in _labels(name)]
    assert spans
    assert [pair for pair in pairwise(spans) if pair[0][1] > pair[1][0]] == []
    assert spans[-1][1] <= len(text)


def test_no_quote_begins_or_ends_with_what_is_no_part_of_a_statement(name: str) -> None:
    labels = _labels(name)
    assert [label.quote for label in labels if label.quote != label.quote.strip()] == []
    assert [label.quote for label in labels if label.quote.startswith(("-", "*", "#", ">", "|", "["))] == []


def test_classes_kinds_and_priorities_are_known(name: str) -> None:
    labels = _labels(name)
    assert {label.kind_of_statement for label in labels} <= CLASSES
    assert {label.kind for label in labels if label.kind_of_statement == "requirement"} <= KINDS
    assert {label.kind for label in labels if label.kind_of_statement != "requirement"} <= {None}
    assert {label.priority for label in labels} <= PRIORITIES | {None}


def test_every_class_is_there_on_both_sides() -> None:
    for side in (DEVELOPMENT, UNSEEN):
        assert {label.kind_of_statement for text in side for label in _labels(text)} == CLASSES


def test_every_text_has_the_size_that_it_stands_for(name: str) -> None:
    smallest, largest = SIZES[name]
    assert smallest <= len((GOLD / name).read_bytes()) <= largest


def test_the_line_is_one_line() -> None:
    assert _text("line.txt").count("\n") == 1


def test_the_seed_document_is_word_for_word_what_it_was() -> None:
    assert hashlib.sha256((GOLD / "seed.md").read_bytes()).hexdigest() == SEED_SHA256


def _label_path(name: str) -> Path:
    return (GOLD / name).with_suffix(".labels.json")


def _text(name: str) -> str:
    return (GOLD / name).read_bytes().decode("utf-8")


def _labels(name: str) -> list[Label]:
    document = json.loads(_label_path(name).read_text("utf-8"))
    return [
        Label(label["class"], label["quote"], label["nth"], label.get("kind"), label.get("priority"))
        for label in document["labels"]
    ]
