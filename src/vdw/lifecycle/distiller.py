"""A first reading of a vibe, without a model: statements with the bytes they came from, and what could not be placed.

Honest and simple: list items and sentences that oblige (must, shall, should, will; muss, soll, sollte, wird) become
requirements, those that forbid become anti-goals, questions stay questions. Words are the author's own, in their order,
at most behind a frame ("The system"): to move a condition to the front can turn its sense. The same text gives the same
draft. It fills in no acceptance: nobody said any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vdw.artifacts.ears import classify
from vdw.domain.canonical import JsonObject, JsonValue, canonical_bytes
from vdw.domain.ids import PREFIXES, ElementKind
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.lifecycle.segments import ByteOffsets, Segment, segments

MAX_VIBE_BYTES = 1024 * 1024
"""In bytes of UTF-8: a long specification."""
MAX_STORED_BYTES = 2 * MAX_VIBE_BYTES
"""In bytes of JSON, where a control character takes six: what is stored stays below the size of a document."""
MAX_DRAFTED = 999
"""Statements of one class that are drafted; the rest is left as not placed."""
MAX_STATEMENT_CHARACTERS = 1900
"""Below the models' 2,000, with room for a frame."""

_PRIORITIES: Mapping[str, re.Pattern[str]] = {
    "must": re.compile(r"\b(must|shall|has to|have to|needs? to|muss|müssen)\b", re.IGNORECASE),
    "should": re.compile(r"\b(should|ought to|will|soll|sollen|sollte|sollten|wird|werden)\b", re.IGNORECASE),
    "could": re.compile(r"\b(could|may|can|kann|können|könnte|könnten)\b", re.IGNORECASE),
}
_OBLIGES = re.compile("|".join(pattern.pattern for pattern in _PRIORITIES.values()), re.IGNORECASE)
_NEVER = re.compile(
    r"\b((must|shall|should|will|may|can|could) (not|never)|cannot|never|out of scope|don'?t want|do not want|"
    r"(darf|dürfen|muss|müssen|soll|sollen|sollte|sollten|wird|werden|kann|können) (nicht|nie|niemals|kein\w*)|"
    r"nie|niemals)\b|^no (?!(later|more|less|fewer|longer|earlier)\b)|^keine?[mnrs]?\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(TBD|TODO|to be decided|noch offen|unklar)\b")
_GERMAN = re.compile(
    r"\b(der|die|das|und|ist|nicht|ein|eine|für|mit|muss|müssen|soll|sollen|sollte|sollten|wird|werden|kann|können|"
    r"könnte|könnten|kein|keine)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(the|and|is|not|a|an|for|with|to|must|shall|should|will|could|may|can|no|never)\b", re.IGNORECASE
)
_FRAMES: Mapping[str, str] = {"en": "The system", "de": "Das System"}
"""Who is obliged where a statement begins with its verb ("must sort by date")."""
UNDETERMINED = "und"
"""BCP 47 for a text without a word of a language that is read here."""


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
    language = _language(vibe)
    drafted: dict[ElementKind, list[JsonValue]] = {
        ElementKind.REQUIREMENT: [],
        ElementKind.ANTI_GOAL: [],
        ElementKind.QUESTION: [],
    }
    unplaced: list[tuple[int, int]] = []
    offsets = ByteOffsets(vibe)
    for segment in segments(vibe):
        start, end = offsets.at(segment.start), offsets.at(segment.end)
        kind = _kind(segment.words, language)
        if kind is None or len(drafted[kind]) >= MAX_DRAFTED:
            unplaced.append((start, end))
            continue
        name = f"{PREFIXES[kind]}-{len(drafted[kind]) + 1:03}"
        span: JsonObject = {"src": source, "start": start, "end": end}
        drafted[kind].append({"id": name, **_content(kind, segment, language), "source": span})
    artifact: JsonObject = {
        "schema": "vdw.mood/1",
        "language": language,
        "requirements": drafted[ElementKind.REQUIREMENT],
        "anti_goals": drafted[ElementKind.ANTI_GOAL],
        "questions": drafted[ElementKind.QUESTION],
    }
    return Draft(artifact, tuple(unplaced))


def _kind(words: str, language: str) -> ElementKind | None:
    """What the words say: whichever comes first, obliging or forbidding; None where they do neither and ask nothing, or
    oblige in another language than the rest."""
    if len(words) > MAX_STATEMENT_CHARACTERS:
        return None
    if words.endswith("?") or _OPEN.search(words):
        return ElementKind.QUESTION
    never, obliges = _NEVER.search(words), _OBLIGES.search(words)
    if never and (obliges is None or never.start() <= obliges.start()):
        return ElementKind.ANTI_GOAL
    placed = obliges and classify(language, _statement(words, language)) != "free"
    return ElementKind.REQUIREMENT if placed else None


def _content(kind: ElementKind, segment: Segment, language: str) -> JsonObject:
    words = segment.words
    if kind is ElementKind.QUESTION:
        return {"question": words, "blocking": False}
    if kind is ElementKind.ANTI_GOAL:
        return {"statement": words}
    statement = _statement(words, language)
    return {
        "statement": statement,
        "pattern": classify(language, statement),
        "priority": _priority(words),
        "acceptance": [],
    }


def _statement(words: str, language: str) -> str:
    """The words as a sentence: behind a frame where they begin with the verb that obliges, else as they are."""
    if _OBLIGES.match(words) and language in _FRAMES:
        return f"{_FRAMES[language]} {words[0].lower()}{words[1:]}"
    return words[0].upper() + words[1:]


def _priority(words: str) -> str:
    return next(priority for priority, pattern in _PRIORITIES.items() if pattern.search(words))


def _language(vibe: str) -> str:
    german, english = len(_GERMAN.findall(vibe)), len(_ENGLISH.findall(vibe))
    if not german and not english:
        return UNDETERMINED
    return "de" if german > english else "en"
