"""EARS by code: whether a statement has the form of the pattern it names (Mavin et al., RE 2009), in English and
German.

Words inside the statement are the author's; only keywords at their places are looked at. The order of a sentence is not
parsed: what begins with the pattern's keyword and obliges somebody has the pattern's form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FLAGS = re.IGNORECASE | re.DOTALL


@dataclass(frozen=True, slots=True)
class _Grammar:
    """One language's keywords. `starts`: pattern → how its statements begin, the most telling first."""

    obliges: re.Pattern[str]
    starts: Mapping[str, re.Pattern[str]]
    examples: Mapping[str, str]


def _grammar(
    firm: str, loose: str, conditions: str, starts: Mapping[str, str], examples: Mapping[str, str]
) -> _Grammar:
    """`firm` words oblige wherever they stand; `loose` ones stand in conditions as well. A complex statement has a
    second condition at the beginning of a later clause, before anybody is firmly obliged."""
    complex_start = rf"({conditions})\b((?!\b({firm})\b).)*,\s*(and\s+|und\s+)?({conditions})\b"
    begins = {"complex": complex_start, **{pattern: rf"({words})\b" for pattern, words in starts.items()}}
    return _Grammar(
        re.compile(rf"\b({firm}|{loose})\b", _FLAGS),
        {pattern: re.compile(words, _FLAGS) for pattern, words in begins.items()},
        examples,
    )


_GRAMMARS: Mapping[str, _Grammar] = {
    "en": _grammar(
        firm="shall|must|should|will",
        loose="may|can|could|has to|have to|needs? to|ought to",
        conditions="while|during|where|when|whenever|if",
        starts={
            "unwanted": "if",
            "event": "when|whenever|once|after|as soon as",
            "state": "while|during|as long as",
            "optional": "where",
        },
        examples={
            "ubiquitous": "The system shall keep the list.",
            "event": "When an item is added, the system shall show it.",
            "state": "While the network is away, the system shall keep the items.",
            "unwanted": "If the date is wrong, then the system shall refuse it.",
            "optional": "Where a printer is present, the system shall print the list.",
            "complex": "While the lid is open, when an item is added, the system shall show it.",
        },
    ),
    "de": _grammar(
        firm="muss|müssen|soll|sollen|sollte|sollten",
        loose="wird|werden|darf|dürfen|kann|können|könnte|könnten",
        conditions="während|solange|wo|sofern|soweit|wenn|sobald|falls",
        starts={
            "event": "wenn|sobald|nachdem|immer wenn",
            "unwanted": "falls|wenn",
            "state": "während|solange",
            "optional": "sofern|soweit|wo|wo immer",
        },
        examples={
            "ubiquitous": "Das System muss die Liste behalten.",
            "event": "Wenn ein Vorrat hinzukommt, muss das System ihn zeigen.",
            "state": "Solange das Netz fehlt, muss das System die Vorräte behalten.",
            "unwanted": "Falls das Datum falsch ist, muss das System es ablehnen.",
            "optional": "Sofern ein Drucker da ist, muss das System die Liste drucken.",
            "complex": "Solange der Deckel offen ist, wenn ein Vorrat hinzukommt, muss das System ihn zeigen.",
        },
    ),
}


def pattern_fault(language: str, pattern: str, statement: str) -> tuple[str, str] | None:
    """(rule, an example sentence in the same language) where the statement does not have its pattern's form; else None.

    In a language that is not checked, every statement is `free`.
    """
    if pattern == "free":
        return None
    grammar = _GRAMMARS.get(_tongue(language))
    if grammar is None:
        return f"EARS is not checked in {_tongue(language)}, so the pattern must be free", "free"
    words, example = statement.strip(), grammar.examples[pattern]
    if not grammar.obliges.search(words):
        return "the statement says no obligation (shall, must, should)", example
    if pattern == "ubiquitous":
        if any(start.match(words) for start in grammar.starts.values()):
            rule = f"a ubiquitous statement begins with no condition; this one looks like {classify(language, words)}"
            return rule, example
        return None
    if not grammar.starts[pattern].match(words):
        return f"does not begin like {pattern}; it looks like {classify(language, words)}", example
    return None


def classify(language: str, statement: str) -> str:
    """The pattern whose form the statement has; `free` where it has none."""
    grammar = _GRAMMARS.get(_tongue(language))
    words = statement.strip()
    if grammar is None or not grammar.obliges.search(words):
        return "free"
    return next((pattern for pattern, start in grammar.starts.items() if start.match(words)), "ubiquitous")


def _tongue(language: str) -> str:
    return language.split("-", maxsplit=1)[0]
