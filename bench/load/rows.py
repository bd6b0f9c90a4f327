"""A row of the result, and the arithmetic that makes it from what several rounds of a load took. Pure.

A closed row has calls per second and no latency, an open one has latency at an offered rate; see generators.py.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypedDict

Table = Literal["closed", "open"]


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio_to_sdk`: calls per second divided by those of the row `sdk` in the same round; in an open row that row's
    `one_p50_ms` divided by this one's, so that more is quicker in both. Only open rows have `offered_per_s`, `calls`,
    latencies over these, and `one_p50_ms`, the median of one connection alone. `rows_written`: revisions stored, where
    calls store any."""

    name: str
    table: Table
    load: str
    concurrency: int
    calls_per_s: float
    errors: int
    rss_mb: float
    sdk: str = ""
    ratio_to_sdk: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    offered_per_s: float | None = None
    one_p50_ms: float | None = None
    calls: int | None = None
    rows_written: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


class Latencies(TypedDict):
    """Fields of a row."""

    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


def percentile(values: Sequence[float], percent: float) -> float:
    """The least of the values that so many percent of them do not exceed (nearest rank). Raises `ValueError` where
    there are none."""
    if not values:
        raise ValueError("no value has a percentile")
    ordered = sorted(values)
    return ordered[max(1, math.ceil(len(ordered) * percent / 100)) - 1]


def latencies(values: Sequence[float]) -> Latencies:
    """All None where nothing was answered."""
    p50, p95, p99 = (percentile(values, percent) if values else None for percent in (50, 95, 99))
    return {"p50_ms": p50, "p95_ms": p95, "p99_ms": p99}


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float | None:
    """The median of the rounds' own ratios, so that a busy moment of the machine meets both sides of one. None where
    a round has nothing to divide by."""
    pairs = list(zip(ours, theirs, strict=True))
    return statistics.median(one / other for one, other in pairs) if pairs and all(theirs) else None


def highest_rates(rows: Sequence[Row]) -> Mapping[str, float]:
    """By name, over all concurrencies of the closed rows."""
    highest: dict[str, float] = {}
    for row in rows:
        if row.table == "closed":
            highest[row.name] = max(row.calls_per_s, highest.get(row.name, 0.0))
    return highest
