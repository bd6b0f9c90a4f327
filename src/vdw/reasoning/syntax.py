"""The part of Mangle that rule files may use, read strictly: clauses of atoms, negated atoms and comparisons over
integers.

No strings, floats, functions or aggregations: each of them has a case in which the engine answers wrongly in silence.
Without functions every program ends, since it can make no value that its facts did not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vdw.errors import ErrorCode, VdwError

ANONYMOUS = "_"
MAX_TERM = 9
"""Digits of an integer: far below the 64 bits at which the engine begins again from the other end."""

_TOKEN = re.compile(r"\s+|(?P<token>:-|!=|<=|>=|[()<>.,!]|[A-Z][A-Za-z0-9]*|[a-z][a-z_]*|_|[0-9]+)")
_OPERATORS = ("!=", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class Atom:
    """`name(term, …)`. A term is a variable, `_`, or an integer as text."""

    name: str
    terms: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.terms)})"

    def variables(self) -> set[str]:
        return {term for term in self.terms if is_variable(term)}


@dataclass(frozen=True, slots=True)
class Premise:
    """A positive or negated atom; or a comparison, whose `atom.name` is the operator between its two terms."""

    atom: Atom
    negated: bool = False

    @property
    def compares(self) -> bool:
        return self.atom.name in _OPERATORS

    @property
    def binds(self) -> bool:
        """Whether it gives variables their values."""
        return not self.negated and not self.compares

    def __str__(self) -> str:
        if self.compares:
            left, right = self.atom.terms
            return f"{left} {self.atom.name} {right}"
        return f"!{self.atom}" if self.negated else str(self.atom)


@dataclass(frozen=True, slots=True)
class Clause:
    head: Atom
    body: tuple[Premise, ...]

    def __str__(self) -> str:
        return f"{self.head} :- {', '.join(map(str, self.body))}."


def is_variable(term: str) -> bool:
    return term[0].isupper()


def parse_clauses(text: str, name: str) -> tuple[Clause, ...]:
    """Reads the clauses of the rule file `name`; comments run from `#` to the line's end.

    Raises `VdwError` (configuration) with the line of the first thing that is not allowed.
    """
    return tuple(_Reader(text, name).clauses())


def rule_fault(name: str, fault: str) -> VdwError:
    """The refusal of a rule file. Nothing reasons until it is mended."""
    return VdwError(ErrorCode.CONFIGURATION, f"The rule file {name} cannot run: {fault}.", "Install vdw again.")


class _Reader:
    """A cursor over the tokens of one file."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._tokens = list(self._split(text))
        self._place = 0

    def clauses(self) -> Iterator[Clause]:
        while self._place < len(self._tokens):
            head = self._atom()
            self._expect(":-")
            body = [self._premise()]
            while self._take(","):
                body.append(self._premise())
            self._expect(".")
            yield Clause(head, tuple(body))

    def _premise(self) -> Premise:
        if self._take("!"):
            return Premise(self._atom(), negated=True)
        if self._peek(1) not in _OPERATORS:
            return Premise(self._atom())
        left, operator, right = self._term(), self._next(), self._term()
        return Premise(Atom(operator, (left, right)))

    def _atom(self) -> Atom:
        name = self._next()
        if not name[0].islower():
            raise self._fault(f"{name!r} where the name of a predicate belongs")
        self._expect("(")
        terms = [self._term()]
        while self._take(","):
            terms.append(self._term())
        self._expect(")")
        return Atom(name, tuple(terms))

    def _term(self) -> str:
        term = self._next()
        if not (is_variable(term) or term == ANONYMOUS or term.isdigit()):
            raise self._fault(f"{term!r} where a variable or an integer belongs")
        if len(term) > MAX_TERM and term.isdigit():
            raise self._fault(f"an integer of more than {MAX_TERM} digits")
        return term

    def _split(self, text: str) -> Iterator[tuple[str, int]]:
        for number, line in enumerate(text.split("\n"), start=1):
            code = line.partition("#")[0]
            end = 0
            while end < len(code):
                match = _TOKEN.match(code, end)
                if match is None:
                    raise rule_fault(self._name, f"line {number}: {code[end]!r} is not allowed")
                end = match.end()
                if token := match["token"]:
                    yield token, number

    def _peek(self, ahead: int) -> str:
        place = self._place + ahead
        return self._tokens[place][0] if place < len(self._tokens) else ""

    def _next(self) -> str:
        if self._place >= len(self._tokens):
            raise rule_fault(self._name, "it ends within a clause")
        self._place += 1
        return self._tokens[self._place - 1][0]

    def _take(self, token: str) -> bool:
        taken = self._peek(0) == token
        self._place += taken
        return taken

    def _expect(self, token: str) -> None:
        found = self._next()
        if found != token:
            raise self._fault(f"{found!r} where {token!r} belongs")

    def _fault(self, fault: str) -> VdwError:
        return rule_fault(self._name, f"line {self._tokens[self._place - 1][1]}: {fault}")
