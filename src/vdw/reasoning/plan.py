"""From facts to the programs that decide a gate. Pure; some 15 µs a requirement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vdw.reasoning.across import rows_across
from vdw.reasoning.facts import ProjectFacts
from vdw.reasoning.memo import memo_key
from vdw.reasoning.relations import RELATIONS, Row
from vdw.reasoning.rows import Extract, extract
from vdw.reasoning.rulebook import Asked, RuleGroup
from vdw.reasoning.slices import SLICE_SIZE, cut

_EVERYWHERE = tuple(relation.name for relation in RELATIONS if relation.home is None)
"""Relations that no slice holds: small ones about the gate and the project."""


@dataclass(frozen=True, slots=True)
class Task:
    """One program to run: rules, and rows of at least the relations that they look at."""

    group: RuleGroup
    rows: Mapping[str, Sequence[Row]]
    key: bytes

    @property
    def size(self) -> int:
        """Rows that go into the program."""
        return sum(len(self.rows.get(name, ())) for name in self.group.relations)


@dataclass(frozen=True, slots=True)
class Plan:
    tasks: tuple[Task, ...]
    extracted: Extract


def plan_verdict(facts: ProjectFacts, asked: Asked, slice_size: int = SLICE_SIZE) -> Plan:
    """Every program of the verdict, at least one a group of rules. Raises `VdwError` (no_verdict) like `extract`."""
    extracted = extract(facts)
    slices, across = slice_tasks(extracted, asked.slices, slice_size), across_tasks(extracted, asked.across)
    return Plan((*slices, *across), extracted)


def slice_tasks(extracted: Extract, group: RuleGroup, slice_size: int = SLICE_SIZE) -> tuple[Task, ...]:
    everywhere = {name: extracted.rows.get(name, ()) for name in _EVERYWHERE}
    slices = cut(extracted, group.relations, slice_size) or {0: {}}
    return tuple(_task(group, {**everywhere, **slices[number]}) for number in sorted(slices))


def across_tasks(extracted: Extract, groups: Sequence[RuleGroup]) -> tuple[Task, ...]:
    rows = rows_across(extracted)
    return tuple(_task(group, rows) for group in groups)


def _task(group: RuleGroup, rows: Mapping[str, Sequence[Row]]) -> Task:
    return Task(group, rows, memo_key(group, rows))
