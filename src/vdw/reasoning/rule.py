"""One rule file: the head comment that says what it means, and the clauses that decide it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter

from vdw.domain.finding import Severity
from vdw.domain.stages import Lane, Phase, phase_number
from vdw.reasoning.lint import lint
from vdw.reasoning.relations import COLUMNS, RELATION, RELATIONS
from vdw.reasoning.syntax import ANONYMOUS, Atom, Clause, parse_clauses, rule_fault
from vdw.reasoning.words import SUBJECT_KINDS

MAX_BYTES = 8 * 1024
"""Size of one rule file, in bytes. Ours have at most 2,500."""

_KEYS = ("rule", "says", "severity", "from", "lanes", "scope", "waivable", "finding", "subjects", "cites")
_HEAD_LINE = re.compile(r"# ([a-z]+): (.+)")
_ATOM = re.compile(r"([a-z][a-z_]*)(\+?)\(([^()]*)\)")
_LANES = {"full": frozenset({Lane.FULL}), "light": frozenset({Lane.LIGHT}), "both": frozenset(Lane)}
_ARITIES = {relation.name: relation.arity for relation in RELATIONS}


@dataclass(frozen=True, slots=True)
class Cite:
    """Base facts that stand behind a finding: the rows of `atom.name` that agree with the finding's columns.

    `follows`: instead, the rows met when walking from the value of the one column along the relation, from its first
    element to its next.
    """

    atom: Atom
    follows: bool


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    says: str
    severity: Severity
    since: Phase
    """The first gate that it blocks."""
    lanes: frozenset[Lane]
    across: bool
    """Whether it looks across slices (scope: global)."""
    waivable: bool
    finding: Atom
    subjects: tuple[str, ...]
    """Columns of the finding that name what it is about; its other elements are witnesses."""
    cites: tuple[Cite, ...]
    clauses: tuple[Clause, ...]
    source: str

    def applies(self, gate: Phase, lane: Lane) -> bool:
        return lane in self.lanes and phase_number(self.since) <= phase_number(gate)


def read_rule(name: str, source: str, shared: Sequence[Clause]) -> Rule:
    """The rule of file `name`, checked whole. Raises `VdwError` (configuration) with the first fault."""
    if len(source.encode()) > MAX_BYTES:
        raise rule_fault(name, f"it is larger than {MAX_BYTES} bytes")
    head = _read_head(name, source)
    clauses = parse_clauses(source, name)
    finding = _only_atom(name, head["finding"])
    lint(needed_clauses((*clauses, *shared), {finding.name}), _ARITIES, name)
    _require_all_needed(name, clauses, finding)
    try:
        rule = Rule(
            name=head["rule"],
            says=head["says"],
            severity=Severity(head["severity"]),
            since=Phase(head["from"]),
            lanes=_LANES[head["lanes"]],
            across={"slice": False, "global": True}[head["scope"]],
            waivable={"yes": True, "no": False}[head["waivable"]],
            finding=finding,
            subjects=tuple(part.strip() for part in head["subjects"].split(",")),
            cites=tuple(Cite(atom, follows) for atom, follows in _atoms(head["cites"])),
            clauses=clauses,
            source=source,
        )
    except (KeyError, ValueError) as error:
        raise rule_fault(name, f"its head comment has an unknown value ({error})") from None
    _require_sound_head(name, rule)
    return rule


def needed_clauses(clauses: Sequence[Clause], goals: set[str]) -> tuple[Clause, ...]:
    """The clauses that the goals are derived by, directly or through others; in their order."""
    needed = set(goals)
    while True:
        found = {premise.atom.name for clause in clauses if clause.head.name in needed for premise in clause.body}
        if found <= needed:
            return tuple(clause for clause in clauses if clause.head.name in needed)
        needed |= found


def _read_head(name: str, source: str) -> dict[str, str]:
    head: dict[str, str] = {}
    for line in source.split("\n"):
        match = _HEAD_LINE.fullmatch(line)
        if match is None:
            break
        head[match.group(1)] = match.group(2)
    if tuple(head) != _KEYS:
        raise rule_fault(name, f"its head comment must have the lines {', '.join(_KEYS)}, in this order")
    return head


def _atoms(text: str) -> list[tuple[Atom, bool]]:
    found = _ATOM.findall(text)
    if _ATOM.sub("", text).replace(",", "").strip():
        raise ValueError(text)
    return [(Atom(name, tuple(term.strip() for term in terms.split(","))), bool(plus)) for name, plus, terms in found]


def _only_atom(name: str, text: str) -> Atom:
    match = _ATOM.fullmatch(text)
    if match is None:
        raise rule_fault(name, "its finding is not one predicate with named columns")
    return Atom(match.group(1), tuple(term.strip() for term in match.group(3).split(",")))


def _require_all_needed(name: str, clauses: Sequence[Clause], finding: Atom) -> None:
    needed = needed_clauses(clauses, {finding.name})
    if needed != tuple(clauses):
        raise rule_fault(name, "it derives something that its finding does not need")
    heads = [clause.head for clause in clauses if clause.head.name == finding.name]
    if not heads or any(len(head.terms) != len(finding.terms) for head in heads):
        raise rule_fault(name, f"no clause derives {finding}")


def _require_sound_head(name: str, rule: Rule) -> None:
    columns = set(rule.finding.terms)
    named = {field for _, field, _, _ in Formatter().parse(rule.says) if field}
    if not rule.name == rule.finding.name == name:
        raise rule_fault(name, "its rule and its finding do not have the file's name")
    if not columns <= COLUMNS.keys() or not named <= columns or not set(rule.subjects) <= columns:
        raise rule_fault(name, "its head comment names a column that is not there")
    if any(COLUMNS[subject] not in SUBJECT_KINDS for subject in rule.subjects):
        raise rule_fault(name, "a subject is neither an element nor a phase")
    for cite in rule.cites:
        relation = RELATION.get(cite.atom.name)
        arity = 1 if cite.follows else relation.arity if relation else 0
        if relation is None or len(cite.atom.terms) != arity or not set(cite.atom.terms) <= columns | {ANONYMOUS}:
            raise rule_fault(name, f"it cites {cite.atom}, which is no base relation over its finding's columns")
