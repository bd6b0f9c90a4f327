"""The template draft of a mood: what this vibe asks, behind what earlier vibes asked and still stands. Pure.

An id is for life: what stood already at its place in the vibe keeps it, and what is new takes one that was never used.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import next_id
from vdw.lifecycle.distiller import MAX_STATEMENT_CHARACTERS, Draft, Piece, distil, span
from vdw.lifecycle.segments import Form

MAX_LISTED = 40
"""List items that a skeleton takes for requirements where the vibe states none."""

_DRAWN = ("requirements", "anti_goals", "questions")
"""Sections that are drawn from the vibe; the others stay as they are."""


def mood_skeleton(vibe: str, source: str, present: JsonObject, reserved: Collection[str]) -> JsonObject:
    """`present`: the mood as it stands, {} before the first; `reserved`: ids that approvals bound."""
    distilled = distil(vibe, source)
    draft = {name: value for name, value in distilled.artifact.items() if name != "schema"}
    if not draft["requirements"]:
        draft["requirements"] = _wished(vibe, source, distilled)
    for section in _DRAWN:
        before = [mapping(item) for item in items(present.get(section, []))]
        drafted = [mapping(item) for item in items(draft[section])]
        carried = [item for item in before if _place(item)[:1] != (source,)]
        draft[section] = [*carried, *_drawn(section, drafted, before, carried, reserved)]
    kept = {name: present[name] for name in ("constraints", "metrics") if present.get(name)}
    return {**kept, **draft}


def _drawn(
    section: str,
    drafted: Sequence[JsonObject],
    before: Sequence[JsonObject],
    carried: Sequence[JsonObject],
    reserved: Collection[str],
) -> list[JsonValue]:
    """The drafted items: as they stood where they did, the others under free ids. What is carried is not said twice."""
    stood = {_place(item): item for item in before}
    said = {_words(item) for item in carried}
    used = [*reserved, *(text(item["id"]) for item in before)]
    found: list[JsonValue] = []
    for item in drafted:
        if _words(item) in said:
            continue
        prefix = text(item["id"]).rpartition("-")[0]
        standing = stood.get(_place(item))
        name = text(standing["id"]) if standing else next_id(prefix, used)
        used.append(name)
        made = _complete(section, {**item, "id": name})
        # Without what only a reader fills in, the same draft is the same document again.
        if standing is not None and any(standing.get(key) != value for key, value in made.items()):
            made = _complete(section, standing)
        found.append(made)
    return found


def _words(item: JsonObject) -> JsonValue:
    return item.get("statement", item.get("question"))


def _place(item: JsonObject) -> tuple[JsonValue, ...]:
    """Vibe and bytes that the item came from; () where it says none."""
    span = item.get("source")
    return (span["src"], span["start"], span["end"]) if isinstance(span, dict) else ()


def _complete(section: str, item: JsonObject) -> JsonObject:
    """A requirement gets a criterion where nobody said any."""
    if section != "requirements" or item.get("acceptance"):
        return item
    return {**item, "acceptance": [f"A test that names {text(item['id'])} passes."]}


def _wished(vibe: str, source: str, draft: Draft) -> list[JsonValue]:
    """Where nobody is obliged to anything, what is listed is taken for what is wanted, word for word; where nothing is
    listed either, each run of sentences is. What forbids, asks or stands below a denial is never taken so."""
    listed = [
        [piece]
        for piece in draft.wanted
        if piece.segment.form is Form.ITEM and len(piece.segment.words) <= MAX_STATEMENT_CHARACTERS
    ]
    wished = listed or _runs(vibe, draft.wanted)
    return [_free(number, run, source) for number, run in enumerate(wished[:MAX_LISTED], start=1)]


def _runs(vibe: str, pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces, those together that have no word between them."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        between = vibe[runs[-1][-1].segment.end : piece.segment.start] if runs else ""
        if runs and not any(character.isalnum() for character in between):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _free(number: int, run: Sequence[Piece], source: str) -> JsonObject:
    return {
        "id": f"REQ-{number:03}",
        "statement": " ".join(piece.segment.words for piece in run)[:MAX_STATEMENT_CHARACTERS],
        "pattern": "free",
        "priority": "must",
        "source": span(source, run[0].start, run[-1].end),
    }
