"""Every rule finds what it says and leaves the rest alone."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.unit.reasoning.cases import CASES, ROW_CASES, Case, RowCase
from tests.unit.reasoning.engines import EngineInProcess
from tests.unit.reasoning.everything import derived
from vdw.reasoning.rulebook import load_rulebook
from vdw.reasoning.service import Reasoner


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_rule_finds_what_it_says_and_nothing_else(case: Case) -> None:
    verdict = await Reasoner(engine=EngineInProcess()).evaluate(case.facts)

    keys = [finding.key() for finding in verdict.findings if finding.rule == case.rule]
    assert keys == [f"{case.rule}:{subjects}" for subjects in case.keys]


@pytest.mark.parametrize("case", ROW_CASES, ids=str)
def test_a_rule_derives_what_it_says_from_bare_rows(case: RowCase) -> None:
    rulebook = load_rulebook()
    group = rulebook.group((rulebook.rules[case.rule],))

    assert derived(group, case.rows)[case.rule] == list(case.derived)


def test_every_rule_has_a_case_that_fires_and_one_that_does_not() -> None:
    fires = {case.rule for case in CASES if case.keys}
    silent = {case.rule for case in CASES if not case.keys}
    assert fires == silent == set(load_rulebook().rules)


def test_no_two_cases_have_one_name() -> None:
    assert [name for name, count in Counter(map(str, CASES)).items() if count > 1] == []
