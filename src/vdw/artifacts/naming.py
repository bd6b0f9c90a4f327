"""How a test names the requirement that it verifies: by its id alone (`req_001`), or behind its project's slug
(`pantry/REQ-001`).

Whether an id alone counts is not decided here: that hangs on whether the repository is one project's alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from vdw.artifacts.evidence import MAX_CASES_SHOWN, Outcome, RequirementResult

MAX_BEFORE_CHARACTERS = 80
"""Longest word before the slash that is looked at, in characters; slugs have at most 60."""

_ID = re.compile(
    r"(?:(?<![a-z0-9])req|(?<![A-Za-z0-9])(?-i:[Tt]est)(?-i:Req|REQ))[-_]?([0-9]{3,6})(?:(?![a-z0-9])|(?=(?-i:[A-Z][a-z])))",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?<![\w./-])([a-z0-9_-]{{1,{MAX_BEFORE_CHARACTERS}}})/\Z", re.IGNORECASE)
_WORST_FIRST = (Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED)


@dataclass(frozen=True, slots=True)
class NamedResult:
    """What a report's cases say of one requirement. `before`: the word and slash before its id, in small letters; ''
    for none.

    A word that is no project's slug is a folder or the like, and says nothing.
    """

    before: str
    requirement: str
    outcome: Outcome
    cases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a report says of one project's requirements. `uncounted`: ids that could be another project's as well."""

    results: tuple[RequirementResult, ...]
    uncounted: tuple[str, ...] = ()


def names_in(words: str) -> set[tuple[str, str]]:
    """(word before the slash or '', requirement) of every id in the words, whatever its case; `-`, `_` or nothing after
    REQ."""
    return {(_before(words, found.start()), f"REQ-{found[1]}") for found in _ID.finditer(words)}


def _before(words: str, start: int) -> str:
    if words[start - 1 : start] != "/":
        return ""
    found = _BEFORE.search(words[max(0, start - MAX_BEFORE_CHARACTERS - 2) : start])
    return found[1].lower() if found else ""


def outcome_of(outcomes: Collection[Outcome]) -> Outcome:
    """Failed if any failed; passed if one passed; else skipped."""
    return next(outcome for outcome in _WORST_FIRST if outcome in outcomes)


def counted_for(named: Iterable[NamedResult], slug: str, slugs: Collection[str], *, shared: bool) -> Counted:
    """What counts for the project `slug`: ids behind its slug, and ids alone unless the repository is `shared`.

    `slugs` are all words before a slash that are some project's slug; ids behind another project's are that project's.
    """
    own: dict[str, list[NamedResult]] = {}
    alone: set[str] = set()
    for each in named:
        if each.before == slug or (each.before not in slugs and not shared):
            own.setdefault(each.requirement, []).append(each)
        elif each.before not in slugs:
            alone.add(each.requirement)
    results = tuple(_together(requirement, found) for requirement, found in sorted(own.items()))
    return Counted(results, tuple(sorted(alone - own.keys())))


def _together(requirement: str, found: Sequence[NamedResult]) -> RequirementResult:
    outcome = outcome_of({each.outcome for each in found})
    cases = [case for each in found for case in each.cases]
    places = {place for each in found for place in each.places}
    return RequirementResult(requirement, outcome, tuple(cases[:MAX_CASES_SHOWN]), tuple(sorted(places)))
