"""The rules that ship, read once and checked whole before any of them runs; and which of them a gate asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from vdw.domain.canonical import Digest, digest_of
from vdw.domain.kept import kept
from vdw.domain.stages import Lane, Phase
from vdw.reasoning.relations import EXTRACTOR, RELATION
from vdw.reasoning.rule import Rule, needed_clauses, read_rule
from vdw.reasoning.syntax import Clause, parse_clauses, rule_fault

RULE_SET = "core-2"
"""Name of the rule set. An iteration pins it; the digest beside it says which bytes were meant."""

SHARED = "shared"
"""The file of predicates that several rules use. It has no finding of its own."""

MAX_TEXTS = 256
"""Forms of a group's text that are kept: one a set of relations with rows. A store of many projects meets dozens."""

_FOLDER = Path(__file__).with_name("rules")


@dataclass(frozen=True)
class RuleGroup:
    """Rules that run in one program, with the shared predicates that they need."""

    rules: tuple[Rule, ...]
    clauses: tuple[Clause, ...]

    @kept
    def text(self) -> str:
        return "\n".join(map(str, self.clauses))

    def text_over(self, filled: frozenset[str]) -> str:
        """The clauses that can derive anything where only these base relations have rows: the same findings, sooner.

        What nothing derives is never there, so a clause that asks for it goes, and so does a premise that denies it.
        """
        text = self._texts.get(filled)
        if text is None:
            if len(self._texts) == MAX_TEXTS:
                self._texts.clear()
            text = self._texts[filled] = "\n".join(map(str, _able_clauses(self.clauses, filled)))
        return text

    @kept
    def _texts(self) -> dict[frozenset[str], str]:
        return {}

    @kept
    def relations(self) -> tuple[str, ...]:
        """Base relations that the clauses look at, in the order of their ids."""
        used = {premise.atom.name for clause in self.clauses for premise in clause.body}
        return tuple(name for name in RELATION if name in used)


@dataclass(frozen=True)
class Asked:
    """What one gate asks: the rules of a slice in one program, each rule across slices in its own."""

    slices: RuleGroup
    across: tuple[RuleGroup, ...]


class Rulebook:
    """Rules by name. `version` is the rule set's name and the first 12 characters of its digest."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        """`sources`: file name without ending → text. Raises `VdwError` (configuration) for the first fault."""
        self._shared = parse_clauses(sources.get(SHARED, ""), SHARED)
        names = sorted(name for name in sources if name != SHARED)
        self.rules: Mapping[str, Rule] = {name: read_rule(name, sources[name], self._shared) for name in names}
        self._require_own_predicates()
        self.digest: Digest = digest_of(
            {"set": RULE_SET, "extractor": EXTRACTOR, "relations": _relations(), "rules": dict(sources)}
        )
        self.version = f"{RULE_SET} {self.digest[:12]}"
        self._asked: dict[tuple[Phase, Lane], Asked] = {}

    def asked(self, gate: Phase, lane: Lane) -> Asked:
        """The rules that block this gate in this lane."""
        found = self._asked.get((gate, lane))
        if found is None:
            rules = [rule for rule in self.rules.values() if rule.applies(gate, lane)]
            local = tuple(rule for rule in rules if not rule.across)
            found = Asked(self.group(local), tuple(self.group((rule,)) for rule in rules if rule.across))
            self._asked[gate, lane] = found
        return found

    def group(self, rules: tuple[Rule, ...]) -> RuleGroup:
        own = tuple(clause for rule in rules for clause in rule.clauses)
        return RuleGroup(rules, needed_clauses((*self._shared, *own), {rule.finding.name for rule in rules}))

    def _require_own_predicates(self) -> None:
        """No two files derive one predicate: they run in one program, and would mend or break each other's meaning."""
        owners = {clause.head.name: SHARED for clause in self._shared}
        for rule in self.rules.values():
            for predicate in {clause.head.name for clause in rule.clauses}:
                if owners.setdefault(predicate, rule.name) != rule.name:
                    raise rule_fault(rule.name, f"{predicate} is derived in {owners[predicate]} as well")


def _able_clauses(clauses: tuple[Clause, ...], filled: frozenset[str]) -> list[Clause]:
    there = set(filled)
    able: set[Clause] = set()
    while more := [
        clause
        for clause in clauses
        if clause not in able and all(premise.atom.name in there for premise in clause.body if premise.binds)
    ]:
        able.update(more)
        there.update(clause.head.name for clause in more)
    return [
        replace(clause, body=tuple(each for each in clause.body if not each.negated or each.atom.name in there))
        for clause in clauses
        if clause in able
    ]


def rule_files() -> dict[str, str]:
    """The rule files that ship with this version: name without ending → text."""
    return {path.stem: path.read_text("utf-8") for path in _FOLDER.glob("*.mg")}


@cache
def load_rulebook() -> Rulebook:
    """The rules that ship with this version, checked whole."""
    return Rulebook(rule_files())


def rule_source(name: str) -> str | None:
    """The text of a rule file as it runs; None where there is no such rule."""
    rule = load_rulebook().rules.get(name)
    return rule.source if rule else None


def _relations() -> dict[str, object]:
    return {relation.name: [relation.id, list(relation.columns)] for relation in RELATION.values()}
