"""Why a finding stands: base facts in words, each of which it needs. Without any one of them the finding would be gone.

A rule's head names the facts that can stand behind it; which of them do is tried out, by running the rule without each.
What a finding has two reasons for is therefore cited for neither of them alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vdw.beside import beside
from vdw.domain.finding import Finding
from vdw.errors import not_found
from vdw.reasoning.facts import ProjectFacts
from vdw.reasoning.plan import across_tasks, slice_tasks
from vdw.reasoning.relations import COLUMNS, RELATION, ColumnKind, Row
from vdw.reasoning.rows import extract, names_of
from vdw.reasoning.rule import Rule
from vdw.reasoning.rulebook import RuleGroup
from vdw.reasoning.words import Names

MAX_TRIED = 60
"""Facts that are tried out for one explanation, nearest first; each costs one small program."""

RowsOf = Mapping[str, Sequence[Row]]
Run = Callable[[RowsOf], Awaitable[RowsOf]]
"""Runs the rule over the rows and answers the rows of its finding."""


@dataclass(frozen=True, slots=True)
class CitedFact:
    """One row of a base relation, and the same in words."""

    relation: str
    row: Row
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    finding: Finding
    facts: tuple[CitedFact, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The finding's own sentence, then one for each fact."""
        return (self.finding.reason, *(fact.words for fact in self.facts))


async def explain(facts: ProjectFacts, finding: Finding, group: RuleGroup, run: Run) -> Explanation:
    """The facts that the finding needs; `group` holds its rule alone.

    Raises `VdwError`: not_found if these facts do not give the finding; and what `run` raises.
    """
    rule = group.rules[0]
    subjects = tuple(subject.id for subject in finding.subjects)
    rows, names = await beside(facts.size, lambda: _rows_about(subjects, facts, group))
    case = _Case(rule, subjects, names, run)
    found = await case.findings(rows)
    if not found:
        raise not_found("finding at this gate")
    candidates = await beside(facts.size, lambda: list(dict.fromkeys(case.candidates(rows, found))))
    return Explanation(finding, await case.needed(rows, candidates))


def _rows_about(subjects: tuple[str, ...], facts: ProjectFacts, group: RuleGroup) -> tuple[RowsOf, Names]:
    """The rows of every program that holds all the subjects, and what their integers stand for."""
    extracted = extract(facts)
    tasks = across_tasks(extracted, (group,)) if group.rules[0].across else slice_tasks(extracted, group)
    numbers = {extracted.places[name][0] for name in subjects if name in extracted.places}
    rows: dict[str, list[Row]] = defaultdict(list)
    for task in tasks:
        if numbers <= _elements(task.rows, group.relations):
            for name in group.relations:
                rows[name] += task.rows.get(name, ())
    # Without one fact a group may fall apart; so whom the finding is about is asked, not who stood for the group.
    rows["asked"] = [(number,) for number in numbers]
    return rows, names_of(facts, extracted)


@dataclass(frozen=True, slots=True)
class _Case:
    """One finding under trial."""

    rule: Rule
    subjects: tuple[str, ...]
    names: Names
    run: Run

    async def findings(self, rows: RowsOf) -> list[Row]:
        """Rows that say this finding."""
        columns = self.rule.finding.terms
        places = [(name, columns.index(name)) for name in self.rule.subjects]
        found = (await self.run(rows))[self.rule.finding.name]
        return [row for row in found if tuple(self.names.word(name, row[at]) for name, at in places) == self.subjects]

    async def needed(self, rows: RowsOf, candidates: Sequence[tuple[str, Row]]) -> tuple[CitedFact, ...]:
        near = {cite.atom.name for cite in self.rule.cites if cite.follows}
        # What is followed is all that a derivation can use of its relation, so the trials need no more of it.
        small = {**rows, **{name: [row for other, row in candidates if other == name] for name in near}}
        needed = []
        for name, row in candidates[:MAX_TRIED]:
            without = {**small, name: [other for other in small[name] if other != row]}
            if not await self.findings(without):
                needed.append(
                    CitedFact(name, row, self.names.sentence(RELATION[name].says, RELATION[name].columns, [row]))
                )
        return tuple(needed)

    def candidates(self, rows: RowsOf, found: Sequence[Row]) -> Iterator[tuple[str, Row]]:
        """Facts that can stand behind the found rows, as the rule's head names them.

        Where each of several found rows has a fact of its own, none of these is needed: without it the others remain.
        """
        columns = self.rule.finding.terms
        cited = Counter(cite.atom.name for cite in self.rule.cites)
        for cite in self.rule.cites:
            name, terms = cite.atom.name, cite.atom.terms
            if cite.follows:
                starts = {row[columns.index(terms[0])] for row in found}
                yield from ((name, row) for row in _walk(name, rows.get(name, ()), starts))
                continue
            bound = [place for place, term in enumerate(terms) if term in columns]
            wanted = {tuple(row[columns.index(terms[place])] for place in bound) for row in found}
            if len(wanted) > 1 and cited[name] == 1:
                continue
            for row in sorted(set(rows.get(name, ()))):
                if tuple(row[place] for place in bound) in wanted:
                    yield name, row


def _walk(name: str, rows: Sequence[Row], starts: set[int]) -> Iterator[Row]:
    """Rows met from `starts` on, nearest first, going from the first element of a row to its second."""
    first, second = [at for at, column in enumerate(RELATION[name].columns) if COLUMNS[column] is ColumnKind.ELEMENT]
    onward: dict[int, list[Row]] = {}
    for row in sorted(set(rows)):
        onward.setdefault(row[first], []).append(row)
    met, waiting = set(starts), sorted(starts)
    for element in waiting:
        for row in onward.get(element, ()):
            yield row
            if row[second] not in met:
                met.add(row[second])
                waiting.append(row[second])


def _elements(rows: RowsOf, relations: Sequence[str]) -> set[int]:
    found: set[int] = set()
    for name in relations:
        for at, column in enumerate(RELATION[name].columns):
            if COLUMNS[column] is ColumnKind.ELEMENT:
                found.update(row[at] for row in rows.get(name, ()))
    return found
