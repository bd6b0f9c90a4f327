"""No premise and no clause of any rule could be left out unnoticed: each of them changes what some case finds.

The mutants run on every row of a project, unsliced and unpruned: pruning must not be what makes a rule right.
"""

from __future__ import annotations

from functools import cache

import pytest

from tests.unit.reasoning.cases import CASES, ROW_CASES
from tests.unit.reasoning.everything import derived, unpruned
from tests.unit.reasoning.mutants import Mutant, mutants
from vdw.domain.finding import Finding
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.findings import findings_of
from vdw.reasoning.relations import Row
from vdw.reasoning.rows import extract, names_of
from vdw.reasoning.rulebook import SHARED, Rulebook, load_rulebook, rule_files

MUTANTS = list(mutants())


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_leaving_anything_out_of_a_rule_changes_a_verdict(mutant: Mutant) -> None:
    rulebook = runnable(mutant)
    rules = [mutant.file] if mutant.file != SHARED else sorted(load_rulebook().rules)

    # A rule that cannot run gives no verdict at all, which nobody can miss.
    assert rulebook is None or any(found(rulebook, rule) != found(load_rulebook(), rule) for rule in rules)


def test_every_rule_of_more_than_one_premise_has_mutants_that_run() -> None:
    rules = load_rulebook().rules.values()
    larger = {rule.name for rule in rules if sum(len(clause.body) for clause in rule.clauses) > 1}
    assert larger <= {mutant.file for mutant in MUTANTS if runnable(mutant)}


@cache
def runnable(mutant: Mutant) -> Rulebook | None:
    """A rulebook with the mutant; None if the linter refuses it."""
    try:
        return Rulebook({**rule_files(), mutant.file: mutant.text})
    except VdwError as refusal:
        if refusal.code is not ErrorCode.CONFIGURATION:
            raise
        return None


@cache
def found(rulebook: Rulebook, rule: str) -> list[list[Finding] | list[Row]]:
    """What the rule finds in each of its cases."""
    group = rulebook.group((rulebook.rules[rule],))
    answers: list[list[Finding] | list[Row]] = []
    for case in CASES:
        if case.rule == rule and rulebook.rules[rule].applies(case.facts.gate, case.facts.lane):
            extracted = extract(case.facts)
            rows = derived(group, unpruned(extracted))[rule]
            answers.append(findings_of(rulebook.rules[rule], rows, names_of(case.facts, extracted)))
    answers += [derived(group, case.rows)[rule] for case in ROW_CASES if case.rule == rule]
    return answers
