"""What a signer reads is the whole brief: every leaf of it appears, whatever texts it holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from vdw.artifacts.markdown import visible
from vdw.cli.gate_view import brief_text
from vdw.domain.canonical import JsonObject, JsonValue, digest_of

TEXTS = st.text(max_size=100) | st.text("a \n\u202e\u0007-", max_size=40)
LEAVES = TEXTS | st.integers(-(2**31), 2**31) | st.booleans() | st.none()
FREE = st.dictionaries(
    st.text("abcdefgh_", min_size=1, max_size=12),
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2)),
    max_size=3,
)
_DIGEST = re.compile(r"[0-9a-f]{64}$")
WIDTHS = st.sampled_from([None, 40, 80, 100])
IDS = st.from_regex(r"(REQ|CMP|RSK)-[0-9]{3}", fullmatch=True)


def having(fixed: dict[str, st.SearchStrategy[JsonValue]]) -> st.SearchStrategy[JsonObject]:
    return st.builds(lambda more, own: {**more, **own}, FREE, st.fixed_dictionaries(fixed))


CHANGES = having(
    {"change": st.sampled_from(["added", "changed", "removed"]), "id": IDS, "kind": st.just("requirement")}
)
FINDINGS = having(
    {
        "rule": st.sampled_from(["uncovered", "stale"]),
        "reason": TEXTS,
        "severity": st.sampled_from(["blocking", "warning"]),
        "waived_by": st.lists(st.just("wvr_a"), max_size=1),
    }
)
QUESTIONS = having({"id": IDS, "question": TEXTS, "blocking": st.booleans()})
UNLISTED: st.SearchStrategy[JsonObject] = st.fixed_dictionaries(
    {},
    optional={"unlisted": st.fixed_dictionaries({"count": st.integers(1, 99), "records": st.lists(FREE, max_size=2)})},
)
NAMES = ("schema", "salt", "review", "tenant", "project", "digest", "policy_entry", "log_head", "facts", "rules")


@st.composite
def briefs(draw: st.DrawFn) -> JsonObject:
    """A brief of the stored shape, with anything in it that an artifact may say."""
    return {
        **{name: f"the {name} value" for name in NAMES},
        "engine": "mangle",
        "title": "Kettle",
        "phase": "mood",
        "lane": "full",
        "iteration": 7,
        "revision": 11,
        "template": draw(st.booleans()),
        "basis": None,
        "renderer": {"name": "vdw", "version": "1"},
        "policy": draw(FREE),
        "contributors": ["per_a", "per_b"],
        **{name: list(draw(st.lists(kind, max_size=2))) for name, kind in _SECTIONS},
        **draw(UNLISTED),
    }


_SECTIONS = (
    ("changes", CHANGES),
    ("findings", FINDINGS),
    ("questions", QUESTIONS),
    ("risks", FREE),
    ("evidence", FREE),
    ("comments", FREE),
)


def leaves(value: JsonValue) -> list[str]:
    """Every text and number in a JSON value."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in leaves(item)]
    if isinstance(value, list):
        return [text for item in value for text in leaves(item)]
    return [value] if isinstance(value, str) else [] if value is None or isinstance(value, bool) else [str(value)]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@settings(max_examples=60)
@given(briefs(), WIDTHS)
def test_every_leaf_of_the_brief_appears(brief: JsonObject, width: int | None) -> None:
    shown = squeezed(brief_text(brief, digest_of(brief), width))
    said = [brief["title"], *(brief[name] for name in NAMES), brief["policy"], brief["contributors"]]
    sections = [brief.get(name) for name in (*(name for name, _ in _SECTIONS), "unlisted")]

    missing = [text for text in leaves([*said, *sections]) if squeezed(visible(text)) not in shown]

    assert missing == []


@given(st.text(st.sampled_from("ab \t\n-+=~火"), max_size=300), WIDTHS)
def test_no_text_of_an_agent_stands_where_a_heading_or_a_mark_stands(words: str, width: int | None) -> None:
    plain = _brief(_after({"statement": "words"}), width)
    told = _brief(_after({"statement": words}), width)

    assert _outermost(told, width) == _outermost(plain, width)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_lines_of_a_text_stay_lines_and_fit_the_terminal(width: int) -> None:
    shown = _brief(_after(f"one\ntwo {'long ' * 40} {'unbroken' * 40}"), width)

    assert "one\n" in shown
    assert [line for line in shown.splitlines() if cell_len(line) > width and not _DIGEST.search(line)] == []


@pytest.mark.parametrize("width", [None, 40, 80])
def test_a_digest_is_never_cut(width: int | None) -> None:
    digest = "0123456789abcdef" * 4

    assert digest in _brief(_after({"basis": digest}), width).split()


def test_without_a_terminal_no_line_is_folded() -> None:
    words = "word " * 100

    assert words.strip() in _brief(_after(words), None)


def _outermost(shown: str, width: int | None) -> list[str]:
    """What a terminal of that width shows at its left edge, but the brief's own digest."""
    lines = [line for line in shown.splitlines() if line and not _DIGEST.search(line)]
    return [line for line in lines if not line.startswith(" ") or (width is not None and cell_len(line) > width)]


def _after(value: JsonValue) -> list[JsonValue]:
    return [{"change": "added", "id": "REQ-001", "kind": "requirement", "after": value}]


def _brief(changes: list[JsonValue], width: int | None) -> str:
    fixed: JsonObject = dict.fromkeys(NAMES, "0")
    empty: JsonObject = {name: [] for name, _ in _SECTIONS}
    brief: JsonObject = {**fixed, **empty, "changes": changes, "title": "Kettle", "phase": "mood", "lane": "full"}
    brief |= {"iteration": 1, "revision": 1, "template": False, "basis": None, "renderer": {}, "policy": {}}
    brief |= {"contributors": [], "engine": "mangle"}
    return brief_text(brief, digest_of(brief), width)
