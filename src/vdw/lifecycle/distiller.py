"""A first reading of a vibe, without a model: statements with the bytes they came from, and what could not be placed.

Honest and simple: list items and sentences that oblige (must, shall, should, will; muss, soll, sollte, wird) become
requirements, those that forbid become anti-goals, questions stay questions. Words are the author's own, rearranged at
most by a frame ("The system shall ..."). The same text gives the same draft. It fills in no acceptance: nobody said any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vdw.artifacts.ears import classify
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.errors import ErrorCode, VdwError, invalid

MAX_VIBE_BYTES = 1024 * 1024
MAX_DRAFTED = 999
"""Statements of one class that are drafted; the rest is left as not placed."""
MAX_STATEMENT_CHARACTERS = 1900

_MUST = re.compile(r"\b(must|shall|has to|have to|needs? to|muss|müssen)\b", re.IGNORECASE)
_SHOULD = re.compile(r"\b(should|ought to|soll|sollen|sollte|sollten)\b", re.IGNORECASE)
_WILL = re.compile(r"\b(will|wird|werden|could|may|can|kann)\b", re.IGNORECASE)
_NEVER = re.compile(
    r"\b((must|shall|should|will|may|can) (not|never)|cannot|never|out of scope|don'?t want|do not want|"
    r"darf (nicht|kein\w*)|nie|niemals|(muss|soll|sollte|wird|kann) (nicht|nie|kein\w*))\b|^no\b|^kein",
    re.IGNORECASE,
)
_GERMAN = re.compile(r"\b(der|die|das|und|ist|nicht|ein|eine|muss|soll|wird|für|mit)\b", re.IGNORECASE)
_ENGLISH = re.compile(r"\b(the|and|is|not|a|an|must|should|will|for|with|to)\b", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]")
_FENCE = re.compile(r"^[ \t]*(```|~~~)")
_SENTENCE_END = re.compile(r"(?<=[.!?])[ \t\n]+")
_OPEN = re.compile(r"\b(TBD|TODO|to be decided|unklar|offen)\b")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the vibe: half-open range of characters, its words on one line, whether it is a list item."""

    start: int
    end: int
    words: str
    listed: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """`artifact` is a mood document; `unplaced` are byte ranges of the vibe that became nothing."""

    artifact: JsonObject
    unplaced: tuple[tuple[int, int], ...]


def require_vibe(vibe: str) -> None:
    """Raises `VdwError` (invalid_input, too_large) unless there is a word in it, in Unicode, of bounded size."""
    try:
        size = len(vibe.encode())
    except UnicodeEncodeError:
        raise invalid("vibe", "a lone surrogate, which is no character") from None
    if size > MAX_VIBE_BYTES:
        raise VdwError(ErrorCode.TOO_LARGE, f"A vibe has at most {MAX_VIBE_BYTES} bytes.", "Send its essence.")
    if not any(character.isalnum() for character in vibe):
        raise invalid(
            "vibe", "must say something: at least one letter or digit", "A calm list of what is in my pantry."
        )


def distil(vibe: str, source: str = "SRC-1") -> Draft:
    """The draft of a vibe that `require_vibe` accepts."""
    language = _language(vibe)
    requirements: list[JsonValue] = []
    anti_goals: list[JsonValue] = []
    questions: list[JsonValue] = []
    unplaced: list[tuple[int, int]] = []
    offsets = _ByteOffsets(vibe)
    for segment in segments(vibe):
        span: JsonObject = {"src": source, "start": offsets.at(segment.start), "end": offsets.at(segment.end)}
        placed = _placed(segment, language, span, requirements, anti_goals, questions)
        if not placed:
            unplaced.append((offsets.at(segment.start), offsets.at(segment.end)))
    artifact: JsonObject = {
        "schema": "vdw.mood/1",
        "language": language,
        "requirements": requirements,
        "anti_goals": anti_goals,
        "questions": questions,
    }
    return Draft(artifact, tuple(unplaced))


def segments(vibe: str) -> Iterator[Segment]:
    """List items and sentences, in order. Headings and code are context and never segments."""
    for start, block, listed in _blocks(vibe):
        if listed:
            yield from _trimmed(vibe, start, start + len(block), listed=True)
            continue
        position = start
        for match in _SENTENCE_END.finditer(block):
            yield from _trimmed(vibe, position, start + match.start(), listed=False)
            position = start + match.end()
        yield from _trimmed(vibe, position, start + len(block), listed=False)


def _blocks(vibe: str) -> Iterator[tuple[int, str, bool]]:
    """(start, text, is a list item) of list items with their continuation lines, and of paragraphs."""
    start, lines, listed, fenced, position = 0, [""], False, False, 0
    for line in vibe.splitlines(keepends=True):
        bullet = _BULLET.match(line)
        boundary = not line.strip() or bullet or _HEADING.match(line) or _FENCE.match(line) or fenced
        if boundary and any(lines):
            yield start, "".join(lines), listed
        if boundary:
            lines, listed, start = [""], False, position + len(line)
        if _FENCE.match(line):
            fenced = not fenced
        elif bullet and not fenced:
            start, lines, listed = position + bullet.end(), [line[bullet.end() :]], True
        elif not boundary:
            lines.append(line)
        position += len(line)
    if any(lines):
        yield start, "".join(lines), listed


def _trimmed(vibe: str, start: int, end: int, *, listed: bool) -> Iterator[Segment]:
    raw = vibe[start:end]
    words = raw.strip()
    if words and any(character.isalnum() for character in words):
        begin = start + raw.index(words[0])
        yield Segment(begin, begin + len(words), " ".join(words.split()), listed)


def _placed(
    segment: Segment,
    language: str,
    span: JsonObject,
    requirements: list[JsonValue],
    anti_goals: list[JsonValue],
    questions: list[JsonValue],
) -> bool:
    words = segment.words
    if len(words) > MAX_STATEMENT_CHARACTERS:
        return False
    if (words.endswith("?") or _OPEN.search(words)) and len(questions) < MAX_DRAFTED:
        questions.append({"id": f"QUE-{len(questions) + 1:03}", "question": words, "blocking": False, "source": span})
        return True
    if _NEVER.search(words) and len(anti_goals) < MAX_DRAFTED:
        anti_goals.append({"id": f"ANT-{len(anti_goals) + 1:03}", "statement": words, "source": span})
        return True
    priority = _priority(words)
    if priority is None or len(requirements) >= MAX_DRAFTED:
        return False
    statement = words[0].upper() + words[1:]
    requirements.append(
        {
            "id": f"REQ-{len(requirements) + 1:03}",
            "statement": statement,
            "pattern": classify(language, statement),
            "priority": priority,
            "acceptance": [],
            "source": span,
        }
    )
    return True


def _priority(words: str) -> str | None:
    for pattern, priority in ((_MUST, "must"), (_SHOULD, "should"), (_WILL, "could")):
        if pattern.search(words):
            return priority
    return None


def _language(vibe: str) -> str:
    german, english = len(_GERMAN.findall(vibe)), len(_ENGLISH.findall(vibe))
    return "de" if german > english else "en"


class _ByteOffsets:
    """Byte positions of character positions that only rise, in one pass over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._character = 0
        self._byte = 0

    def at(self, character: int) -> int:
        if character < self._character:
            self._character = self._byte = 0
        self._byte += len(self._text[self._character : character].encode())
        self._character = character
        return self._byte
