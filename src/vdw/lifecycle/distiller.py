"""A first reading of a vibe, without a model: statements with the bytes they came from, and what could not be placed.

Honest and simple: list items and sentences that oblige (must, shall, should, will; muss, soll, sollte, wird) become
requirements, those that forbid become anti-goals, questions stay questions; what is not clear is left unplaced. Words
are the author's own, in their order, at most behind a frame ("The system") or the lead-in of their list. The same text
gives the same draft. It fills in no acceptance: nobody said any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vdw.artifacts.ears import classify
from vdw.domain.canonical import JsonObject, JsonValue, canonical_bytes
from vdw.domain.ids import PREFIXES, ElementKind
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.lifecycle.segments import ByteOffsets, Form, Segment, ends_open, ends_sentence, segments
from vdw.lifecycle.wording import (
    Sense,
    asks,
    denies,
    excludes,
    forbids_on,
    language_of,
    leads_on,
    priority_of,
    releases,
    sense_of,
    sentence,
)

MAX_VIBE_BYTES = 1024 * 1024
"""In bytes of UTF-8: a long specification."""
MAX_STORED_BYTES = 2 * MAX_VIBE_BYTES
"""In bytes of JSON, where a control character takes six: what is stored stays below the size of a document."""
MAX_DRAFTED = 999
"""Statements of one class that are drafted; the rest is left as not placed."""
MAX_STATEMENT_CHARACTERS = 1900
"""Below the models' 2,000, with room for a frame."""

_LEAD_MARKS = ":*_ "


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment with its place in bytes of the vibe."""

    segment: Segment
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """`artifact` is a mood document; `unplaced` are byte ranges of the vibe that became nothing; `wanted`, where
    nothing obliges, are those of them that can be read as a wish, since nothing says otherwise."""

    artifact: JsonObject
    unplaced: tuple[tuple[int, int], ...]
    wanted: tuple[Piece, ...]


def require_vibe(vibe: str) -> None:
    """Raises `VdwError` (invalid_input, too_large) unless there is a word in it, in Unicode, of bounded size."""
    try:
        size = len(vibe.encode())
    except UnicodeEncodeError:
        raise invalid("vibe", "a lone surrogate, which is no character") from None
    if size > MAX_VIBE_BYTES or len(canonical_bytes(vibe)) > MAX_STORED_BYTES:
        raise VdwError(
            ErrorCode.TOO_LARGE,
            f"A vibe has at most {MAX_VIBE_BYTES} bytes, few of them control characters.",
            "Send its essence.",
        )
    if not any(character.isalnum() for character in vibe):
        raise invalid(
            "vibe", "must say something: at least one letter or digit", "A calm list of what is in my pantry."
        )


def distil(vibe: str, source: str = "SRC-1") -> Draft:
    """The draft of a vibe that `require_vibe` accepts."""
    found = list(segments(vibe))
    reading = _Reading(language_of(vibe), found)
    drafted: dict[ElementKind, list[JsonValue]] = {
        ElementKind.REQUIREMENT: [],
        ElementKind.ANTI_GOAL: [],
        ElementKind.QUESTION: [],
    }
    left: list[Piece] = []
    framing: set[int] = set()
    offsets = ByteOffsets(vibe)
    for segment in found:
        piece = Piece(segment, offsets.at(segment.start), offsets.at(segment.end))
        placed = reading.place(segment)
        if placed is None or len(drafted[placed.kind]) >= MAX_DRAFTED:
            left.append(piece)
            continue
        framing |= {lead.start for lead in placed.behind}
        name = f"{PREFIXES[placed.kind]}-{len(drafted[placed.kind]) + 1:03}"
        drafted[placed.kind].append(
            {"id": name, **reading.content(placed), "source": span(source, piece.start, piece.end)}
        )
    artifact: JsonObject = {
        "schema": "vdw.mood/1",
        "language": reading.language,
        "requirements": drafted[ElementKind.REQUIREMENT],
        "anti_goals": drafted[ElementKind.ANTI_GOAL],
        "questions": drafted[ElementKind.QUESTION],
    }
    unplaced = [piece for piece in left if piece.segment.start not in framing]
    obliged = bool(drafted[ElementKind.REQUIREMENT])
    wanted = () if obliged else tuple(piece for piece in unplaced if reading.may_be_wanted(piece.segment))
    return Draft(artifact, tuple((piece.start, piece.end) for piece in unplaced), wanted)


def span(source: str, start: int, end: int) -> JsonObject:
    """A range of bytes of a source, as documents hold it."""
    return {"src": source, "start": start, "end": end}


@dataclass(frozen=True, slots=True)
class _Placed:
    """What a segment became. `behind`: the headings and lead-ins whose words stand before its own."""

    kind: ElementKind
    words: str
    behind: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lead:
    """What a heading or lead-in says of all that stands below it."""

    denies: bool
    """What stands below may be unwanted."""
    bars: bool
    """Not even what obliges below it is to be taken for wanted."""
    forbids: bool = False
    """Its words go before an item's and forbid it."""
    leads_on: bool = False
    """Its words go before an item's and oblige."""
    asks: bool = False


def _read_lead(over: Segment) -> _Lead:
    if len(over.words) > MAX_STATEMENT_CHARACTERS:
        return _Lead(denies=True, bars=over.form is not Form.TITLE)
    words = over.words.strip(_LEAD_MARKS)
    denied, excluded = denies(words), excludes(words)
    said = over.form is not Form.CONTEXT  # what is struck out goes before no item
    return _Lead(
        denies=denied,
        bars=denied and (over.form is not Form.TITLE or excluded),  # a title that denies is a name, mostly
        forbids=said and (forbids_on(words) or excluded),
        leads_on=said and leads_on(words),
        asks=asks(over.words),
    )


class _Reading:
    """A vibe's segments by what they and the lead-ins over them say."""

    def __init__(self, language: str, found: Sequence[Segment]) -> None:
        self.language = language
        # Read once each: thousands of items may stand below one of many words.
        overs = {over.start: over for segment in found for over in segment.over}
        self._leads = {start: _read_lead(over) for start, over in overs.items()}

    def place(self, segment: Segment) -> _Placed | None:
        """None where the words do nothing, cannot be told, or are the lead-in or heading of others."""
        words = segment.words
        if segment.form not in (Form.SENTENCE, Form.ITEM) or len(words) > MAX_STATEMENT_CHARACTERS:
            return None
        lead = self._leads.get(segment.start)
        if ends_open(words) or leads_on(words) or (lead and lead.forbids and not ends_sentence(words)):
            return None
        sense = sense_of(words)
        if sense is Sense.ASKS:
            return _Placed(ElementKind.QUESTION, words)
        barring = next((at for at, over in enumerate(segment.over) if self._leads[over.start].bars), None)
        if barring is not None:
            return self._below_a_denial(segment, segment.over[barring:], sense)
        if sense is Sense.FORBIDS:
            return _Placed(ElementKind.ANTI_GOAL, words)
        if sense is Sense.OBLIGES:
            return self._obliging(words)
        over = segment.over[-1] if segment.form is Form.ITEM and segment.over else None
        if over is None or not self._leads[over.start].leads_on:
            return None
        return self._obliging(_behind((over,), words), (over,))

    def content(self, placed: _Placed) -> JsonObject:
        if placed.kind is ElementKind.QUESTION:
            return {"question": placed.words, "blocking": False}
        if placed.kind is ElementKind.ANTI_GOAL:
            return {"statement": placed.words}
        return {
            "statement": placed.words,
            "pattern": classify(self.language, placed.words),
            "priority": priority_of(placed.words),
            "acceptance": [],
        }

    def may_be_wanted(self, segment: Segment) -> bool:
        """Whether an unplaced segment can be read as a wish: nothing over it, nor its own words, speaks against it."""
        words = segment.words[:MAX_STATEMENT_CHARACTERS]
        return (
            segment.form in (Form.SENTENCE, Form.ITEM)
            and not ends_open(words)
            and sense_of(words) in (Sense.OBLIGES, Sense.UNTOLD)
            and not releases(words)
            and not any(self._leads[over.start].denies or self._leads[over.start].asks for over in segment.over)
        )

    def _obliging(self, words: str, behind: tuple[Segment, ...] = ()) -> _Placed | None:
        statement = sentence(words, self.language)
        if statement is None or len(words) > MAX_STATEMENT_CHARACTERS or classify(self.language, statement) == "free":
            return None
        return _Placed(ElementKind.REQUIREMENT, statement, behind)

    def _below_a_denial(self, segment: Segment, over: tuple[Segment, ...], sense: Sense) -> _Placed | None:
        """`over`: from the outermost that denies on. Its words go before an item's; what else could be meant is not
        told."""
        if segment.form is Form.ITEM and self._leads[over[0].start].forbids:
            if sum(len(each.words) for each in (*over, segment)) > MAX_STATEMENT_CHARACTERS:
                return None
            return _Placed(ElementKind.ANTI_GOAL, _behind(over, segment.words), over)
        return _Placed(ElementKind.ANTI_GOAL, segment.words) if sense is Sense.FORBIDS else None


def _behind(over: tuple[Segment, ...], words: str) -> str:
    """The words behind those that lead to them; a colon stands behind a heading."""
    before = [lead.words if lead.form in (Form.SENTENCE, Form.ITEM) else f"{lead.words}:" for lead in over]
    return " ".join([*before, words])
