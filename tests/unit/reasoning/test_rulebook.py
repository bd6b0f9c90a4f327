"""Rule files are checked whole before any of them runs, and a gate asks exactly those that are its own."""

from __future__ import annotations

import pytest

from vdw.domain.stages import Lane, Phase
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.rule import MAX_BYTES
from vdw.reasoning.rulebook import SHARED, Rulebook, load_rulebook, rule_files, rule_source

UNCOVERED = rule_files()["uncovered"]


def asked(gate: Phase, lane: Lane) -> set[str]:
    found = load_rulebook().asked(gate, lane)
    return {rule.name for group in (found.slices, *found.across) for rule in group.rules}


MOOD = {
    "prerequisite_phase",
    "approval_not_current",
    "missing_acceptance",
    "free_pattern",
    "no_requirement",
    "blocking_question",
    "stale",
    "stale_gone",
    "stale_basis",
}
ARCHITECTURE = {"uncovered", "orphan_component"}
SPECIFICATION = {"unspecified", "contract_without_task", "orphan_contract", "orphan_task", "dependency_cycle"}
IMPLEMENTATION = {"unimplemented", "orphan_change", "head_without_change"}
VALIDATION = {
    "unverified",
    "evidence_failed",
    "evidence_run_failed",
    "evidence_not_run",
    "evidence_below_trust",
    "evidence_not_for_head",
    "evidence_without_head",
    "evidence_not_clean",
    "orphan_evidence",
    "evidence_unlisted",
    "metric_not_met",
    "metric_not_proven",
    "metric_without_evidence",
    "tests_unchanged",
}


def test_each_gate_of_the_full_lane_asks_its_own_rules_and_the_earlier_ones() -> None:
    assert asked(Phase.MOOD, Lane.FULL) == MOOD
    assert asked(Phase.ARCHITECTURE, Lane.FULL) == MOOD | ARCHITECTURE
    assert asked(Phase.SPECIFICATION, Lane.FULL) == MOOD | ARCHITECTURE | SPECIFICATION
    implementation = MOOD | ARCHITECTURE | SPECIFICATION | IMPLEMENTATION | {"task_without_change"}
    assert asked(Phase.IMPLEMENTATION, Lane.FULL) == implementation
    assert asked(Phase.VALIDATION, Lane.FULL) == implementation | VALIDATION == load_rulebook().rules.keys()


def test_the_light_lane_does_not_ask_of_components_contracts_and_tasks() -> None:
    assert asked(Phase.MOOD, Lane.LIGHT) == MOOD
    assert asked(Phase.IMPLEMENTATION, Lane.LIGHT) == MOOD | IMPLEMENTATION
    assert asked(Phase.VALIDATION, Lane.LIGHT) == MOOD | IMPLEMENTATION | VALIDATION


def test_only_prerequisites_and_signatures_cannot_be_waived() -> None:
    rules = load_rulebook().rules.values()
    assert {rule.name for rule in rules if not rule.waivable} == {
        "no_requirement",
        "prerequisite_phase",
        "approval_not_current",
    }


def test_the_version_names_the_bytes_of_the_rules() -> None:
    changed = Rulebook({**rule_files(), "uncovered": UNCOVERED.replace("No component", "Nothing")})

    assert changed.version != load_rulebook().version == Rulebook(rule_files()).version
    assert load_rulebook().version == f"core-2 {load_rulebook().digest[:12]}"


def test_the_source_of_a_rule_is_its_file_and_nothing_else() -> None:
    assert rule_source("uncovered") == UNCOVERED
    assert rule_source("../relations") is None
    assert rule_source(SHARED) is None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("# severity: blocking\n", "", "must have the lines"),
        ("# severity: blocking", "# severity: fatal", "unknown value"),
        ("# from: architecture", "# from: later", "unknown value"),
        ("# lanes: full", "# lanes: none", "unknown value"),
        ("# scope: slice", "# scope: all", "unknown value"),
        ("# waivable: yes", "# waivable: maybe", "unknown value"),
        ("# rule: uncovered", "# rule: covered", "file's name"),
        ("{Requirement}", "{Component}", "column that is not there"),
        ("# subjects: Requirement", "# subjects: Task", "column that is not there"),
        ("# finding: uncovered(Requirement)", "# finding: uncovered(Thing)", "column that is not there"),
        ("# finding: uncovered(Requirement)", "# finding: uncovered(Requirement, Task)", "no clause derives"),
        ("# finding: uncovered(Requirement)", "# finding: uncovered", "not one predicate"),
        ("# cites: requirement(Requirement, _)", "# cites: requirement(Requirement)", "no base relation over"),
        ("# cites: requirement(Requirement, _)", "# cites: requirement(Task, _)", "no base relation over"),
        ("# cites: requirement(Requirement, _)", "# cites: covered(Requirement)", "no base relation over"),
        ("!covered(Requirement)", "!component(Requirement)", "does not need"),
        ("covered(Requirement) :- c", "# covered(Requirement) :- c", "neither a base relation nor derived"),
    ],
)
def test_a_rule_file_with_a_fault_does_not_load(old: str, new: str, fault: str) -> None:
    assert old in UNCOVERED
    with pytest.raises(VdwError) as refused:
        Rulebook({"uncovered": UNCOVERED.replace(old, new)})
    assert refused.value.code is ErrorCode.CONFIGURATION
    assert fault in refused.value.public


def test_a_rule_file_beyond_its_size_does_not_load() -> None:
    with pytest.raises(VdwError, match="larger than"):
        Rulebook({"uncovered": UNCOVERED + "#" * MAX_BYTES})


def test_two_files_cannot_derive_one_predicate() -> None:
    twin = rule_files()["orphan_component"].replace("needed_component", "covered")
    with pytest.raises(VdwError, match="covered is derived in orphan_component as well"):
        Rulebook({"uncovered": UNCOVERED, "orphan_component": twin})


def test_a_program_leaves_out_the_clauses_that_its_facts_cannot_fire() -> None:
    group = Rulebook({"uncovered": UNCOVERED}).asked(Phase.ARCHITECTURE, Lane.FULL).slices

    assert group.text_over(frozenset({"requirement"})) == "uncovered(Requirement) :- requirement(Requirement, _)."
    assert (
        group.text_over(frozenset({"component_satisfies"}))
        == "covered(Requirement) :- component_satisfies(_, Requirement, _)."
    )
    assert group.text_over(frozenset(group.relations)) == group.text
