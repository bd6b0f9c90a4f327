"""A program for the engine, and the marks by which its answer is known to be whole.

Two aggregations in one program corrupt each other, and counting all base facts by one of them (over a relation that
unites them) was measured to double the time of a slice. So the engine derives, under this program's nonce, that it
holds each relation's last row with the columns that the rules use; and the counts are of the base relations as it hands
them back. Both together take 7 % of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.relations import RELATION, Row
from vdw.reasoning.rulebook import RuleGroup

NONCE_BITS = 62
"""Nonces are integers of the engine (64 bits, signed) that nobody can guess."""

_CANARY = "canary(Nonce, Probe) :- nonce(Nonce), probe(Probe), !held(Probe)."
_PROBES = "probe(1). probe(2). held(1)."


@dataclass(frozen=True, slots=True)
class Program:
    """Text of clauses and facts, integers and names of relations only; and what a whole answer must show."""

    text: str
    nonce: int
    finds: Mapping[str, int]
    """Predicate of a finding → its arity."""
    counts: Mapping[str, int]
    """Base relation → how many rows the program gives it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says that it derived and holds."""

    rows: Mapping[str, Sequence[Sequence[int]]]
    """Predicate → rows, for `finds` and the marks (`MARKS`)."""
    counts: Mapping[str, int]


MARKS = ("canary", "checked")


def build_program(group: RuleGroup, rows: Mapping[str, Sequence[Row]], nonce: int) -> Program:
    """The group's rules over these rows. Every base relation that they look at is counted, empty ones too."""
    filled = frozenset(name for name in group.relations if rows.get(name))
    parts = [group.text_over(filled), _CANARY, _PROBES, f"nonce({nonce})."]
    counts: dict[str, int] = {}
    for name in group.relations:
        relation = RELATION[name]
        distinct = sorted(set(rows.get(name, ())))
        counts[name] = len(distinct)
        fact = f"{name}({','.join(['%d'] * relation.arity)})"
        parts += map(f"{fact}.".__mod__, distinct)
        if distinct:
            parts.append(f"checked(Nonce, {relation.id}) :- nonce(Nonce), {fact % distinct[-1]}.")
    finds = {rule.finding.name: len(rule.finding.terms) for rule in group.rules}
    return Program("\n".join(parts), nonce, finds, counts)


def require_whole(program: Program, answer: Answer) -> dict[str, list[Row]]:
    """The rows of the findings, sorted, if the answer shows every mark of this program and none besides.

    Raises `VdwError` (no_verdict): an engine that answers nothing, or something else, opens nothing.
    """
    try:
        # 1. It is an answer to this program, by an engine that joins and negates.
        _require(_rows(answer, "canary", 2) == [(program.nonce, 2)], "the canary")
        # 2. It saw every base relation that has rows under the arity that the rules use.
        held = sorted((program.nonce, RELATION[name].id) for name, count in program.counts.items() if count)
        _require(_rows(answer, "checked", 2) == held, "the relations")
        # 3. It holds as many rows of each as the program gave it.
        _require(answer.counts == program.counts, "the counts")
        # 4. Each finding has the columns that its rule declares.
        return {name: _rows(answer, name, arity) for name, arity in program.finds.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise no_verdict("The reasoner's answer is not whole, so there is no verdict.", repr(error)) from None


def no_verdict(public: str, reason: str) -> VdwError:
    return VdwError(ErrorCode.NO_VERDICT, public, "Try again; if it stays, run `vdw doctor`.", reason=reason)


def _rows(answer: Answer, name: str, arity: int) -> list[Row]:
    rows = sorted({tuple(row) for row in answer.rows[name]})
    if any(len(row) != arity or any(type(value) is not int for value in row) for row in rows):
        raise ValueError(f"{name} has rows of another shape")
    return rows


def _require(holds: bool, mark: str) -> None:
    if not holds:
        raise ValueError(f"{mark} of the answer do not fit the program")
