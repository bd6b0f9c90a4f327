"""Artifacts as Markdown: all of the artifact, nothing but the artifact."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from tests.unit.artifacts.documents import mood, requirement, whole
from vdw.artifacts.markdown import artifact_markdown, escaped, visible
from vdw.artifacts.reading import read_artifact
from vdw.domain.canonical import JsonObject, JsonValue, canonical_bytes, parse_object
from vdw.domain.stages import Lane, Phase

READER = MarkdownIt("commonmark").enable("table")


def rendered(statement: str) -> str:
    """HTML of a mood with one free requirement of these words, as its title, its criterion and the whole aesthetic."""
    item = requirement(statement=statement, pattern="free", acceptance=[statement])
    document = read_artifact(Phase.MOOD, mood(item, core_aesthetic=statement), Lane.FULL)
    return str(READER.render(artifact_markdown(Phase.MOOD, document)))


def leaves(value: JsonValue) -> list[str]:
    if isinstance(value, dict):
        return [leaf for name, item in value.items() if name != "schema" for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value] if isinstance(value, str) and value else []


def test_a_mood_reads_like_a_page() -> None:
    page = artifact_markdown(Phase.MOOD, whole(Phase.MOOD, constraints=[], anti_goals=[], metrics=[], questions=[]))

    assert page == (
        "# Mood\n\n**core aesthetic**: calm\n\n**drafted by**: agent\n\n**language**: en\n\n## Requirements\n\n"
        "### REQ-001: When a user asks for the list, the system shall show it sorted by date.\n\n"
        "- acceptance:\n  - Two items in the wrong order are shown in the right one.\n"
        "- kind: functional\n- pattern: event\n- priority: must\n- source: SRC-1, bytes 0 to 40\n"
    )


@pytest.mark.parametrize("phase", Phase)
def test_every_text_of_an_artifact_stands_in_its_markdown(phase: Phase) -> None:
    page = artifact_markdown(phase, whole(phase))

    assert [leaf for leaf in leaves(whole(phase)) if escaped(leaf) not in page] == []


@pytest.mark.parametrize("phase", Phase)
def test_the_same_json_gives_the_same_page_in_whatever_order_it_comes(phase: Phase) -> None:
    stored = parse_object(canonical_bytes(whole(phase)))

    assert artifact_markdown(phase, stored) == artifact_markdown(phase, whole(phase))


def test_heads_are_a_table() -> None:
    page = artifact_markdown(Phase.IMPLEMENTATION, whole(Phase.IMPLEMENTATION))

    assert f"| commit | repository |\n| --- | --- |\n| {'a' * 40} | demo |\n" in page
    assert "<table>" in READER.render(page)


SMUGGLED = {
    "html": "<script>alert(1)</script>",
    "comment": "<!-- hidden -->",
    "entity": "&lt;b&gt;",
    "link": "[approve](http://localhost)",
    "image": "![x](http://localhost)",
    "autolink": "<http://localhost>",
    "heading": "# Approved",
    "heading in the text": "a\n# Approved",
    "underline": "a\n===",
    "rule": "---",
    "list": "- x",
    "other list": "+ x",
    "number": "1. x",
    "other number": "2) x",
    "quote": "> x",
    "code": "`x` ```x```",
    "indented": "a\n\n    x",
    "emphasis": "*x* **x** __x__ ~~x~~",
    "table": "a | b\n--- | ---\nc | d",
    "escape": "\\# \\",
    "reference": "[x]: http://localhost",
}


@pytest.mark.parametrize("words", SMUGGLED.values(), ids=SMUGGLED.keys())
def test_text_is_never_markup(words: str) -> None:
    plain = rendered("PLAIN")
    text = " ".join(words.split())
    encoded = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")

    assert rendered(words) == plain.replace("PLAIN", encoded)


@pytest.mark.parametrize(
    "mark", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x1b", "\x00", "\x07", "\u2028", "\r"]
)
def test_marks_that_hide_or_turn_text_are_shown(mark: str) -> None:
    shown = f"⟨U+{ord(mark):04X}⟩"

    assert visible(f"a{mark}b") == f"a{shown}b"
    assert escaped(f"a{mark}b") == f"a{shown}b"
    assert mark not in rendered(f"a{mark}b")


def test_right_to_left_text_stays_as_it_is() -> None:
    assert visible("יש לי רשימה") == "יש לי רשימה"
    assert visible("two\nlines\tand a tab") == "two\nlines\tand a tab"


def test_an_erased_or_empty_part_leaves_no_trace() -> None:
    bare: JsonObject = {"schema": "vdw.mood/1", "language": "en", "requirements": []}

    assert artifact_markdown(Phase.MOOD, bare) == "# Mood\n\n**language**: en\n"
