"""The arithmetic of a row."""

from __future__ import annotations

from typing import Literal

import pytest

from bench.load.rows import Row, highest_rates, latencies, paired_ratio, percentile


def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed() -> None:
    hundred = list(range(100, 0, -1))
    assert [percentile(hundred, percent) for percent in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([7.0], 50) == percentile([7.0], 99) == 7.0
    assert percentile([1.0, 2.0, 3.0], 99) == 3.0


def test_nothing_has_no_percentile() -> None:
    assert latencies([]) == {"p50_ms": None, "p95_ms": None, "p99_ms": None}
    with pytest.raises(ValueError, match="no value"):
        percentile([], 50)


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    """The second round met a busy machine, on both sides."""
    assert paired_ratio([90, 9, 100], [100, 10, 100]) == pytest.approx(0.9)


def test_a_ratio_to_nothing_is_none() -> None:
    assert paired_ratio([1.0, 2.0], [1.0, 0.0]) is None
    assert paired_ratio([], []) is None


def test_the_highest_rate_is_over_all_concurrencies_of_closed_loops_alone() -> None:
    rows = [row("a", "closed", 5), row("a", "closed", 7), row("a", "open", 9), row("b", "closed", 1)]
    assert highest_rates(rows) == {"a": 7, "b": 1}


def row(name: str, table: Literal["closed", "open"], calls_per_s: float) -> Row:
    return Row(name=name, table=table, load="client", concurrency=1, calls_per_s=calls_per_s, errors=0, rss_mb=1.0)
