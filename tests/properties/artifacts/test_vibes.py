"""Whatever the vibe: the draft can be read, points at its words, and says nothing that nobody said."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.artifacts.strategies import NO_SURROGATE
from tests.unit.artifacts.documents import refusal_of
from vdw.artifacts.reading import read_artifact
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping, number, text
from vdw.domain.stages import Lane, Phase
from vdw.errors import ErrorCode
from vdw.lifecycle.distiller import Draft, distil, require_vibe
from vdw.lifecycle.drafter import skeleton
from vdw.lifecycle.segments import segments

QUICK = settings(max_examples=300, deadline=None, derandomize=True, database=None)

PIECES = [
    "must", "shall", "should", "will", "can", "muss", "soll", "wird", "darf nicht", "must not", "never", "no", "kein",
    "when", "if", "while", "where", "wenn", "falls", "the", "der", "list", "Liste", "grün", "🌱", "ß", "e.g.", "z.B.",
    ".", "!", "?", ",", "\n", "\n\n", "\r\n", "\u2028", "\t", "- ", "* ", "1. ", "# ", "```", "~~~", "> ", "[ ] ",
    "~~", "<!--", "-->", "<del>", "</del>", "\n---\n", "\n===\n", "**", "*",
    "non-goals", "TBD", "יש", "\u202e", "\x00", "\x1f", "\u00a0",
]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40)
vibes = (
    pieces.map(" ".join) | pieces.map("".join) | st.text(st.characters(exclude_categories=NO_SURROGATE), max_size=80)
).map(lambda found: found + "a")


def drafted(draft: Draft) -> list[tuple[str, JsonObject]]:
    fields = {"requirements": "statement", "anti_goals": "statement", "questions": "question"}
    return [
        (text(mapping(item)[field]), mapping(item))
        for name, field in fields.items()
        for item in items(draft.artifact[name])
    ]


def said(words: str) -> list[str]:
    return words.casefold().split()


@QUICK
@given(vibe=vibes)
def test_every_vibe_gives_a_draft_that_can_be_read(vibe: str) -> None:
    require_vibe(vibe)

    assert read_artifact(Phase.MOOD, distil(vibe).artifact, Lane.FULL)


@QUICK
@given(vibe=vibes)
def test_every_statement_says_the_words_it_points_at_and_no_other(vibe: str) -> None:
    raw = vibe.encode()
    for statement, item in drafted(distil(vibe)):
        span = mapping(item["source"])
        words = raw[number(span["start"]) : number(span["end"])].decode()
        assert words == words.strip()
        before = said(statement)[: len(said(statement)) - len(said(words))]
        assert said(statement)[len(before) :] == said(words)
        assert " ".join(before) in ("", "the system", "das system") or leads_in(before, vibe)


def leads_in(before: list[str], vibe: str) -> bool:
    """Whether the words are the vibe's own lead-ins and headings, at most with a colon behind a heading."""
    over = [word for part in segments(vibe) for word in said(part.words)]
    return all(word in over or word.removesuffix(":") in over for word in before)


@QUICK
@given(vibe=vibes)
def test_every_segment_is_placed_once_or_told(vibe: str) -> None:
    draft = distil(vibe)
    spans = [mapping(item["source"]) for _, item in drafted(draft)]
    placed = [(number(span["start"]), number(span["end"])) for span in spans]
    parts = list(segments(vibe))
    leads = {over.start for part in parts for over in part.over}
    told = [(part.start in leads, len(vibe[: part.start].encode()), len(vibe[: part.end].encode())) for part in parts]

    found = sorted([*placed, *draft.unplaced])
    assert [(start, end) for lead, start, end in told if not lead or (start, end) in found] == found


@QUICK
@given(vibe=vibes)
def test_segments_come_in_order_and_do_not_overlap(vibe: str) -> None:
    found = list(segments(vibe))

    for part in found:
        assert part.words.split() == vibe[part.start : part.end].split()
    assert all(before.end <= after.start for before, after in pairwise(found))


@QUICK
@given(vibe=vibes)
def test_every_vibe_has_a_skeleton_that_can_be_read(vibe: str) -> None:
    draft = skeleton(Phase.MOOD, Lane.FULL, vibe, "SRC-1", {})

    read = read_artifact(Phase.MOOD, draft, Lane.FULL)

    assert items(read["requirements"]) or not distil(vibe).wanted
    assert all(items(mapping(item)["acceptance"]) for item in items(read["requirements"]))


@QUICK
@given(vibe=st.text(max_size=30))
def test_a_vibe_is_taken_or_refused_in_our_words(vibe: str) -> None:
    error = refusal_of(partial(require_vibe, vibe))

    assert error is None or error.code is ErrorCode.INVALID_INPUT
    has_word = any(character.isalnum() for character in vibe)
    is_unicode = vibe.isascii() or vibe.encode("utf-8", "replace").decode() == vibe
    assert (error is None) == (has_word and is_unicode)
