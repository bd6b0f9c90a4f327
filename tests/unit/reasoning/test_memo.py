"""The memo holds no more than it may, and tells apart whatever could change an answer."""

from __future__ import annotations

from vdw.domain.stages import Lane, Phase
from vdw.reasoning.memo import Memo, memo_key
from vdw.reasoning.relations import Row
from vdw.reasoning.rulebook import load_rulebook

ROWS: dict[str, list[Row]] = {"requirement": [(1, 1)], "gate": [(5,)]}
GROUP = load_rulebook().asked(Phase.VALIDATION, Lane.FULL).slices


def test_what_was_put_in_is_found_again() -> None:
    memo = Memo()
    memo.put(b"a", {"uncovered": [(1,)]})

    assert memo.get(b"a") == {"uncovered": [(1,)]}
    assert memo.get(b"b") is None


def test_the_least_recently_used_go_first() -> None:
    memo = Memo(max_cost=3)
    for key in (b"a", b"b", b"c"):
        memo.put(key, {})
    memo.get(b"a")
    memo.put(b"d", {})

    assert [key for key in (b"a", b"b", b"c", b"d") if memo.get(key) is not None] == [b"a", b"c", b"d"]


def test_many_findings_take_the_place_of_many_answers() -> None:
    memo = Memo(max_cost=10)
    memo.put(b"a", {"uncovered": [(1,)]})
    memo.put(b"b", {"uncovered": [(place,) for place in range(9)]})

    assert memo.get(b"a") is None
    assert memo.get(b"b") is not None


def test_an_answer_too_large_to_keep_is_not_kept() -> None:
    memo = Memo(max_cost=2)
    memo.put(b"a", {"uncovered": [(1,), (2,)]})

    assert memo.get(b"a") is None


def test_the_same_rows_for_the_same_rules_are_one_key() -> None:
    assert memo_key(GROUP, ROWS) == memo_key(GROUP, {name: list(rows) for name, rows in ROWS.items()})


def test_other_rows_other_columns_and_other_rules_are_other_keys() -> None:
    mood = load_rulebook().asked(Phase.MOOD, Lane.FULL).slices
    keys = {
        memo_key(GROUP, ROWS),
        memo_key(mood, ROWS),
        memo_key(GROUP, {**ROWS, "requirement": [(1, 2)]}),
        memo_key(GROUP, {**ROWS, "requirement": []}),
        memo_key(GROUP, {**ROWS, "contract": [(1, 1)], "requirement": []}),
    }
    assert len(keys) == 5


def test_rows_that_the_rules_do_not_look_at_are_not_in_the_key() -> None:
    assert memo_key(GROUP, {**ROWS, "depends_on": [(1, 2)]}) == memo_key(GROUP, ROWS)
