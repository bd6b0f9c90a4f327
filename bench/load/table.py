"""The result as tables: what a load of one kind took stands in one table, and never beside the other's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.load.rows import Row

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they are shown; those of the first column are names."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        rule = f"|{' --- |' + ' ---: |' * (len(self.head) - 1)}"
        lines = [f"| {' | '.join(cells)} |" for cells in (self.head, *self.rows)]
        return "\n".join([lines[0], rule, *lines[1:]])

    def text(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [
            "  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])])
            for cells in (self.head, *self.rows)
        ]
        return "\n".join([self.title, *lines])


def rows_of(result: dict[str, Any]) -> list[Row]:
    return [Row(**row) for row in result["rows"]]


def closed_table(rows: Sequence[Row]) -> Table:
    """A line a contestant: calls per second at each concurrency, and in brackets the ratio to the bare SDK:
    for others to its addition, for ours to the line above."""
    closed = [row for row in rows if row.table == "closed"]
    concurrencies = sorted({row.concurrency for row in closed})
    lines = []
    for name in dict.fromkeys(row.name for row in closed):
        own = {row.concurrency: row for row in closed if row.name == name}
        written = sum(row.rows_written or 0 for row in own.values())
        lines.append(
            [
                name,
                *(_rate(own[each]) if each in own else NOTHING for each in concurrencies),
                str(sum(row.errors for row in own.values())),
                f"{written:,}" if written else NOTHING,
                f"{max(row.rss_mb for row in own.values()):.0f}",
            ]
        )
    load = " and ".join(sorted({row.load for row in closed}))
    return Table(
        f"Calls per second (and the ratio to the bare SDK), closed loop by {_called(load)}, by connections",
        ["row", *map(str, concurrencies), "errors", "rows written", "RSS MB"],
        lines,
    )


def open_table(rows: Sequence[Row]) -> Table:
    """A line a contestant: latency at the rate that is offered."""
    lines = [
        [
            row.name,
            str(row.concurrency),
            *(_number(value, 0) for value in (row.offered_per_s, row.calls_per_s, row.calls)),
            *(_number(value, 2) for value in (row.one_p50_ms, row.p50_ms, row.p95_ms, row.p99_ms)),
            _number(row.p99_ms / row.one_p50_ms, 1) if row.p99_ms and row.one_p50_ms else NOTHING,
            _number(row.ratio_to_sdk, 2),
            str(row.errors),
        ]
        for row in rows
        if row.table == "open"
    ]
    return Table(
        f"Latency in ms, open loop by {_called('client')}, from the time a call was due",
        [
            "row", "connections", "offered/s", "answered/s", "calls", "p50 of one connection", "p50", "p95", "p99",
            "p99 / p50 of one", "SDK's p50 of one / this", "errors",
        ],
        lines,
    )  # fmt: skip


TABLES: tuple[Callable[[Sequence[Row]], Table], ...] = (closed_table, open_table)


def screen(result: dict[str, Any]) -> str:
    """All of it, for a terminal."""
    machine = ", ".join(f"{name} {value}" for name, value in result["machine"].items())
    curves = [f"{curve['title']}\n" + "\n".join(curve["lines"]) for curve in result["curves"]]
    tables = [table(rows_of(result)).text() for table in TABLES]
    return "\n\n".join([machine, *tables, *curves])


def _rate(row: Row) -> str:
    return f"{row.calls_per_s:,.0f}" + (f" ({row.ratio_to_sdk:.2f})" if row.ratio_to_sdk is not None else "")


def _number(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:,.{digits}f}"


def _called(load: str) -> str:
    return "our own client" if load == "client" else load
