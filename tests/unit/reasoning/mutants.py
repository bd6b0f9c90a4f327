"""Rule files with something left out, made from the files themselves, so that a new rule cannot escape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vdw.reasoning.rule import needed_clauses
from vdw.reasoning.rulebook import SHARED, rule_files
from vdw.reasoning.syntax import ANONYMOUS, Atom, Clause, Premise, is_variable, parse_clauses


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule file with something left out."""

    file: str
    left_out: str
    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        return head_of(self.file) + "\n".join(map(str, self.clauses))

    def __str__(self) -> str:
        return f"{self.file} without {self.left_out}"


def mutants() -> Iterator[Mutant]:
    for file, text in sorted(rule_files().items()):
        clauses = parse_clauses(text, file)
        for place, clause in enumerate(clauses):
            yield mutant(file, f"clause {place}", clauses[:place] + clauses[place + 1 :])
            for at, premise in enumerate(clause.body):
                smaller = tidy(Clause(clause.head, clause.body[:at] + clause.body[at + 1 :]))
                name = f"{premise} in clause {place}"
                yield mutant(file, name, (*clauses[:place], smaller, *clauses[place + 1 :]))


def mutant(file: str, left_out: str, clauses: tuple[Clause, ...]) -> Mutant:
    """With what is left out goes whatever only it needed."""
    return Mutant(file, left_out, clauses if file == SHARED else needed_clauses(clauses, {file}))


def tidy(clause: Clause) -> Clause:
    """Variables that now stand only once become `_` where they may, as whoever left the premise out would write it."""
    atoms = [clause.head, *(premise.atom for premise in clause.body)]
    terms = [term for atom in atoms for term in atom.terms]
    single = {term for term in terms if is_variable(term) and terms.count(term) == 1}
    return Clause(clause.head, tuple(_blank(premise, single) for premise in clause.body))


def _blank(premise: Premise, single: set[str]) -> Premise:
    if not premise.binds:
        return premise
    terms = tuple(ANONYMOUS if term in single else term for term in premise.atom.terms)
    return replace(premise, atom=Atom(premise.atom.name, terms))


def head_of(file: str) -> str:
    """The head comment of a rule file."""
    lines = rule_files()[file].split("\n")
    return "".join(f"{line}\n" for line in lines if line.startswith("#"))
