"""EARS by code: whether a statement has the form of the pattern it names (Mavin et al., RE 2009), in English and German.

Words inside the statement are the author's; only keywords at their places are looked at.
"""

from __future__ import annotations

import re

_SHALL_EN = r"\b(shall|must|should|will|may|can)\b"
_SHALL_DE = r"\b(muss|müssen|soll|sollen|sollte|sollten|wird|werden|darf|dürfen|kann|können)\b"

_STARTS: dict[str, dict[str, str]] = {
    "en": {
        "event": r"^(when|whenever|once|after|as soon as)\b",
        "state": r"^(while|during|as long as)\b",
        "unwanted": r"^if\b",
        "optional": r"^where\b",
        "complex": r"^(while|during|where|when|if)\b.*?[, ]\s*(when|whenever|if|while|where)\b",
    },
    "de": {
        "event": r"^(wenn|sobald|nachdem|immer wenn|falls)\b",
        "state": r"^(während|solange)\b",
        "unwanted": r"^(wenn|falls)\b",
        "optional": r"^(wo|sofern|soweit|wo immer)\b",
        "complex": r"^(während|solange|wo|sofern|wenn|falls)\b.*?[, ]\s*(wenn|sobald|falls|während|solange|sofern)\b",
    },
}
_EXAMPLES: dict[str, str] = {
    "ubiquitous": "The system shall keep the list.",
    "event": "When an item is added, the system shall show it.",
    "state": "While the network is away, the system shall keep the items.",
    "unwanted": "If the date is wrong, then the system shall refuse it.",
    "optional": "Where a printer is present, the system shall print the list.",
    "complex": "While the lid is open, when an item is added, the system shall show it.",
}
CHECKED_LANGUAGES = frozenset(_STARTS)


def pattern_fault(language: str, pattern: str, statement: str) -> tuple[str, str] | None:
    """(rule, example) where the statement does not have its pattern's form; None where it does.

    In a language that is not checked, every statement is `free`.
    """
    tongue = language.split("-")[0]
    if pattern == "free":
        return None
    if tongue not in CHECKED_LANGUAGES:
        return f"EARS is not checked in {tongue}, so the pattern must be free", "free"
    words = statement.strip()
    if not re.search(_SHALL_EN if tongue == "en" else _SHALL_DE, words, re.IGNORECASE):
        return "the statement says no obligation (shall, must, should)", _EXAMPLES[pattern]
    starts = _STARTS[tongue]
    if pattern == "ubiquitous":
        if any(re.match(starts[other], words, re.IGNORECASE) for other in ("event", "state", "unwanted", "optional")):
            return (
                f"a ubiquitous statement begins with no condition; this one looks like {classify(language, words)}",
                _EXAMPLES[pattern],
            )
        return None
    if not re.match(starts[pattern], words, re.IGNORECASE | re.DOTALL):
        return f"does not begin like {pattern}; it looks like {classify(language, words)}", _EXAMPLES[pattern]
    return None


def classify(language: str, statement: str) -> str:
    """The pattern whose form the statement has; `free` where it has none."""
    tongue = language.split("-")[0]
    starts = _STARTS.get(tongue)
    words = statement.strip()
    if starts is None or not re.search(_SHALL_EN if tongue == "en" else _SHALL_DE, words, re.IGNORECASE):
        return "free"
    for pattern in ("complex", "unwanted" if tongue == "en" else "event", "event", "state", "optional"):
        if re.match(starts[pattern], words, re.IGNORECASE | re.DOTALL):
            return pattern
    return "ubiquitous"
