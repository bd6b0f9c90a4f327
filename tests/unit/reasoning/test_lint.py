"""Programs that the engine answers wrongly, or not at all, do not pass the linter; each trap beside its refusal."""

from __future__ import annotations

import mangle
import pytest

from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.lint import MAX_CLAUSES, MAX_COLUMNS, MAX_PREMISES, lint
from vdw.reasoning.syntax import parse_clauses

BASE = {"p": 2, "q": 2, "n": 2, "l": 3, "s": 1}


def refusal(text: str) -> str:
    """The linter's words on the program."""
    with pytest.raises(VdwError) as refused:
        lint(parse_clauses(text, "trap"), BASE, "trap")
    assert refused.value.code is ErrorCode.CONFIGURATION
    return refused.value.public


TWO_COUNTS = """
a(K, N) :- p(K, V) |> do fn:group_by(K), let N = fn:count(V).
b(K, N) :- q(K, V) |> do fn:group_by(K), let N = fn:count(V).
"""


def test_two_aggregations_corrupt_each_other_and_are_refused() -> None:
    answered = mangle.Program("p(1,2). p(1,3). q(7,8)." + TWO_COUNTS).query("b")
    assert sorted(answered) != [[7, 1]]

    assert "'|' is not allowed" in refusal(TWO_COUNTS)


def test_a_single_aggregation_is_refused_too_since_no_rule_needs_one() -> None:
    assert "'|' is not allowed" in refusal(TWO_COUNTS.strip().split("\n")[0])


USED_TWICE = "t(X) :- s(X). t(Y) :- t(X), n(X, Y). t(Z) :- t(X), l(X, Y, Z), t(Y)."


def test_a_recursion_that_uses_itself_twice_loses_facts_and_is_refused() -> None:
    answered = mangle.Program("s(1). n(1,2). l(1,2,3)." + USED_TWICE).query("t")
    assert [3] not in answered

    assert "uses its own recursion twice" in refusal(USED_TWICE)


def test_a_recursion_that_goes_through_another_predicate_twice_is_refused() -> None:
    assert "uses its own recursion twice" in refusal("t(X) :- s(X). u(X) :- t(X). t(Z) :- u(X), l(X, Y, Z), t(Y).")


def test_an_unknown_predicate_is_empty_its_negation_true_and_both_are_refused() -> None:
    assert mangle.Program("s(1). a(X) :- s(X), !nosuch(X).").query("a") == [[1]]

    assert "nosuch is neither a base relation nor derived" in refusal("a(X) :- s(X), !nosuch(X).")
    assert "nosuch is neither a base relation nor derived" in refusal("a(X) :- nosuch(X).")


def test_another_arity_than_that_of_the_facts_finds_nothing_and_is_refused() -> None:
    assert mangle.Program("p(1, 2). a(X) :- p(X).").query("a") == []

    assert "p has 2 columns, not 1" in refusal("a(X) :- p(X).")


def test_a_predicate_with_two_arities_is_refused() -> None:
    assert "a is derived with two arities" in refusal("a(X) :- s(X). a(X, Y) :- p(X, Y).")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('a(X) :- p(X, "gr\\"oesse").', "'\"' is not allowed"),
        ("a(X) :- p(X, `x`).", "'`' is not allowed"),
        ("a(X) :- p(X, 2.0).", "'.'"),
        ("a(X) :- p(X, -1).", "'-' is not allowed"),
        ("a(X) :- p(X, /name).", "'/' is not allowed"),
        ("a(X) :- p(X, [1]).", "'[' is not allowed"),
        ("a(Y) :- s(X), Y = fn:plus(X, 1).", "'=' is not allowed"),
        ("a(X) :- p(X, 12345678901).", "more than 9 digits"),
        ("a(X) :- p(X, größe).", "'ö' is not allowed"),
    ],
    ids=["string", "raw string", "float", "negative", "name", "list", "function", "large integer", "letters"],
)
def test_only_variables_and_small_integers_are_terms(text: str, fault: str) -> None:
    assert fault in refusal(text)


def test_a_base_relation_cannot_be_derived() -> None:
    assert "s is a base relation" in refusal("s(X) :- p(X, _).")


def test_a_fact_in_a_rule_file_is_refused() -> None:
    assert "'.' where ':-' belongs" in refusal("a(1).")


def test_a_variable_of_the_head_that_no_premise_binds_is_refused() -> None:
    assert "no earlier premise binds Y in a(X, Y)" in refusal("a(X, Y) :- s(X).")


@pytest.mark.parametrize("text", ["a(X) :- !s(X), p(X, _).", "a(X) :- X < 3, s(X)."])
def test_what_a_negation_or_comparison_looks_at_is_bound_before_it(text: str) -> None:
    assert "no earlier premise binds X in" in refusal(text)


@pytest.mark.parametrize("text", ["a(1) :- !s(1).", "a(1) :- 1 < 2."])
def test_a_clause_starts_from_something_that_is_there(text: str) -> None:
    assert "a clause of a starts from no atom" in refusal(text)


def test_a_negation_says_what_it_looks_for() -> None:
    assert "no earlier premise binds _ in !p(X, _)" in refusal("a(X) :- s(X), !p(X, _).")


def test_a_variable_that_stands_once_is_taken_for_a_slip() -> None:
    assert "Y stands only once" in refusal("a(X) :- p(X, Y).")


def test_negation_within_a_recursion_is_refused() -> None:
    assert "a depends on its own negation" in refusal("a(X) :- s(X), !b(X). b(X) :- s(X), !a(X).")


def test_recursion_that_does_not_come_first_is_refused() -> None:
    assert "does not come first" in refusal("t(X) :- s(X). t(Y) :- n(X, Y), t(X).")


def test_left_linear_recursion_passes() -> None:
    lint(parse_clauses("t(X) :- s(X). t(Y) :- t(X), n(X, Y). a(X) :- s(X), !t(X), X >= 2.", "good"), BASE, "good")


def test_programs_stay_small() -> None:
    assert "clauses" in refusal(" ".join(f"a(X) :- p(X, {place})." for place in range(MAX_CLAUSES + 1)))
    assert "premises" in refusal("a(X) :- " + ", ".join(["s(X)"] * (MAX_PREMISES + 1)) + ".")
    assert "columns" in refusal(f"a({', '.join(['X'] * (MAX_COLUMNS + 1))}) :- s(X).")


@pytest.mark.parametrize(
    "text", ["a(X) :- s(X)", "a(X) :- s(X),", "a(X :- s(X).", "A(X) :- s(X).", ":- s(X).", "a(X) - s(X)."]
)
def test_what_is_no_clause_is_refused(text: str) -> None:
    assert refusal(text).startswith("The rule file trap cannot run")
