"""From rows to findings: what they are about, one sentence each, and which of them a waiver holds off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from vdw.domain.finding import Finding, Severity, Subject
from vdw.domain.stages import Phase
from vdw.reasoning.facts import WaiverFact
from vdw.reasoning.relations import COLUMNS, ColumnKind, Row
from vdw.reasoning.rule import Rule
from vdw.reasoning.words import Names


def findings_of(rule: Rule, rows: Iterable[Row], names: Names) -> list[Finding]:
    """One finding for each choice of subjects; rows that differ in the rest complete its sentence and its witnesses."""
    columns = rule.finding.terms
    places = [columns.index(subject) for subject in rule.subjects]
    about: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        about[tuple(row[place] for place in places)].append(row)
    return [_finding(rule, subjects, same, names) for subjects, same in about.items()]


def _finding(rule: Rule, subjects: Row, rows: Sequence[Row], names: Names) -> Finding:
    columns = rule.finding.terms
    others = [(place, COLUMNS[name]) for place, name in enumerate(columns) if name not in rule.subjects]
    elements = [place for place, kind in others if kind is ColumnKind.ELEMENT]
    witnesses = {names.elements[row[place]] for row in rows for place in elements}
    if any(kind is ColumnKind.COMMIT for _, kind in others):
        witnesses.add(Phase.IMPLEMENTATION.value)  # the heads that the commits are held against stand there
    ids = [names.word(column, value) for column, value in zip(rule.subjects, subjects, strict=True)]
    return Finding(
        rule=rule.name,
        severity=rule.severity,
        subjects=_at_digests(ids, names),
        reason=names.sentence(rule.says, columns, rows),
        witnesses=_at_digests(sorted(witnesses), names),
        waivable=rule.waivable,
    )


def _at_digests(ids: Iterable[str], names: Names) -> tuple[Subject, ...]:
    return tuple(Subject(name, names.digests.get(name, "")) for name in ids)


def with_waivers(findings: Iterable[Finding], waivers: Sequence[WaiverFact], today: date) -> tuple[Finding, ...]:
    """The findings, each with the waivers in force for it: what blocks before what warns, then by rule and subjects."""
    ordered = sorted(findings, key=_place)
    return tuple(
        replace(finding, waived_by=tuple(sorted(found)))
        if (found := {waiver.id for waiver in waivers if holds(waiver, finding, today)})
        else finding
        for finding in ordered
    )


def _place(finding: Finding) -> tuple[bool, str, list[str]]:
    return finding.severity is Severity.WARNING, finding.rule, [subject.id for subject in finding.subjects]


def holds(waiver: WaiverFact, finding: Finding, today: date) -> bool:
    """Whether the waiver holds the finding off: 1. the rule lets itself be waived; 2. the waiver names it, and nothing
    more was matched since; 3. all that was matched has the digest that was waived; 4. its last day is not over."""
    return (
        finding.waivable
        and waiver.rule == finding.rule
        and waiver.subjects == finding.matched
        and today <= waiver.until
    )
