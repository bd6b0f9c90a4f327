"""From the integers of an answer back to words: sentences of rules and of base facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vdw.reasoning.relations import COLUMNS, OUTCOME_CODES, PHASE_CODES, TRUST_CODES, ColumnKind

_PHASES: Mapping[int, str] = {code: phase.value for phase, code in PHASE_CODES.items()}
_TRUST: Mapping[int, str] = {code: trust.value for trust, code in TRUST_CODES.items()}
_OUTCOMES: Mapping[int, str] = {code: outcome.replace("_", " ") for outcome, code in OUTCOME_CODES.items()}

MAX_SHOWN = 10
"""Values that one place of a sentence lists; the finding's witnesses are all of them."""

SUBJECT_KINDS = frozenset({ColumnKind.ELEMENT, ColumnKind.PHASE})
"""Kinds of columns that name what a finding is about; the others only complete its sentence."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the integers of one set of facts stand for."""

    elements: Mapping[int, str]
    digests: Mapping[str, str]
    """Element id, or phase, → its present digest; nothing for what is not there."""
    texts: Mapping[ColumnKind, tuple[str, ...]]
    """Repositories, commits, phase digests, files and their contents, in order; a row holds the place, from 0."""

    def word(self, column: str, value: int) -> str:
        """The value of a column of this name, for a person."""
        kind = COLUMNS[column]
        match kind:
            case ColumnKind.ELEMENT:
                return self.elements[value]
            case ColumnKind.PHASE:
                return _PHASES[value]
            case ColumnKind.TRUST:
                return _TRUST[value]
            case ColumnKind.OUTCOME:
                return _OUTCOMES[value]
            case ColumnKind.VERSION:
                return f"version {value}" if value else "a version that was never stored"
            case ColumnKind.FLAG:
                return "on a clean tree" if value else "on a tree that was not clean"
            case ColumnKind.MET:
                return "met" if value else "not met"
            case ColumnKind.COUNT:
                return str(value)
            case ColumnKind.FILE | ColumnKind.CONTENT:
                return self.texts[kind][value]
            case ColumnKind.REPOSITORY | ColumnKind.COMMIT | ColumnKind.DIGEST:
                return self.texts[kind][value] or f"an unnamed {kind}"

    def sentence(self, template: str, columns: tuple[str, ...], rows: Sequence[tuple[int, ...]]) -> str:
        """The template with each `{Column}` replaced by the words for its values, each once, in their own order."""
        words = {column: {self.word(column, row[place]) for row in rows} for place, column in enumerate(columns)}
        return template.format_map({column: _listed(sorted(found)) for column, found in words.items()})


def _listed(words: list[str]) -> str:
    more = len(words) - MAX_SHOWN
    return ", ".join(words[:MAX_SHOWN]) + (f" and {more} more" if more > 0 else "")
