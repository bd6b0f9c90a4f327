"""docs/benchmarks.md and its plots, made from a result alone: the same result makes the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from bench.load.plots import Bar, bar_chart
from bench.load.rows import Row
from bench.load.table import Table, closed_table, open_table, rows_of

PAGE = "benchmarks.md"
FOLDER = "benchmarks"
"""Of the plots, beside the page."""
PLOTTED_CONNECTIONS = 16

INTRODUCTION = """\
# How fast it is

`make bench` measures this on your machine, beside what you would pick instead, and writes this page from
`bench/results/latest.json`. It judges nothing: only ratios of one run carry over to another machine.

All servers speak Streamable HTTP of the revision 2026-07-28, without sessions, with the same options of uvicorn (uvloop,
httptools). The load comes from another process. In every round each row has its turn at each number of connections, so that a
busy moment meets all of them; shown is the median of the rounds, for a ratio that of the rounds' own ratios. Every answer is
looked at: one that is no success is an error, and so is a revision stored without an answer, or answered and not stored.

- *SDK* is the bare MCP Python SDK, used as its documentation shows it. Each row of ours is measured against a tool of it that
  takes the same requests and returns a constant of the same content, with no credential, no store and no rules.
- *FastMCP* is version 4, bare, and with its own JWT verifier and its rate limit, set so high that it never refuses.
- *vdw* is `vdw serve` with all that it does: a credential checked at every call, a durable store, verdicts.
- A submission is a whole mood in which one requirement is new; all of its requirements are read, compared and judged.
- Calls go to 64 projects in turn. Those of the mix go to all projects of 10 kB, at random: 70 % `get_project`, 15 % `get_brief`,
  10 % `submit_artifact`, 5 % `trace`.
"""
CLOSED = """\
A closed loop: each connection sends its next call when it has an answer. It tells how much a server can do, and says nothing of
latency, because a slow answer also delays the next question. In brackets the ratio to the bare SDK: for *vdw* to the line above,
for the others to `SDK, add`. Resident memory is that of the server with its workers, pages that they share counted for each.
"""
OPEN = """\
An open loop: calls are sent at even times whatever the server does, 60 % of the highest rate that the row has above, and a call's
latency counts from the time it was due, so that nothing hides a wait. Aims: p99 at most 5 × the p50 that a single connection
has, and below 100 ms; no errors.
"""
QUICK = " **This was a quick run, whose numbers are rough.**"
CURVES = "Each is printed by a script in `bench/`, whose first lines say what it measures."


def render_page(result: dict[str, Any]) -> str:
    rows = rows_of(result)
    sections = [
        INTRODUCTION,
        _facts(result),
        f"## Calls per second\n\n{CLOSED}",
        _image("calls", "What others cost"),
        _image("ratios", "vdw beside the bare SDK"),
        _table(closed_table(rows)),
        f"## Latency\n\n{OPEN}",
        _image("latency", "Latency"),
        _table(open_table(rows)),
        f"## Curves\n\n{CURVES}\n",
        *(_curve(curve) for curve in result["curves"]),
    ]
    return "\n".join(sections)


def render_plots(result: dict[str, Any]) -> dict[str, str]:
    """By file name."""
    rows = rows_of(result)
    closed = [row for row in rows if row.table == "closed"]
    plotted = [row for row in closed if row.concurrency == PLOTTED_CONNECTIONS]
    additions = {row.sdk for row in plotted if _kind(row) == "other"}
    rates = [
        Bar(row.name, row.calls_per_s, f"{row.calls_per_s:,.0f}", _kind(row)) for row in plotted if row.sdk in additions
    ]
    ratios = [
        Bar(f"{_short(row)}: {row.concurrency}", row.ratio_to_sdk, f"{row.ratio_to_sdk:.2f}", _kind(row))
        for row in closed
        if _kind(row) == "ours" and row.ratio_to_sdk is not None
    ]
    return {
        "calls.svg": bar_chart(f"Calls per second of an addition, {PLOTTED_CONNECTIONS} connections", rates),
        "ratios.svg": bar_chart(
            "vdw, by connections: calls per second as a ratio to the bare SDK with the same answer", ratios
        ),
        "latency.svg": bar_chart(
            "vdw: ms of one connection alone, and p50 and p99 at 60 % of the highest rate", _latency_bars(rows)
        ),
    }


def write_page(result: dict[str, Any], docs: Path) -> None:
    """The page and its plots stand in the folder."""
    (docs / FOLDER).mkdir(parents=True, exist_ok=True)
    (docs / PAGE).write_text(render_page(result), "utf-8")
    for name, plot in render_plots(result).items():
        (docs / FOLDER / name).write_text(plot, "utf-8")


def _latency_bars(rows: Sequence[Row]) -> list[Bar]:
    return [
        Bar(f"{_short(row)}: {name}", value, f"{value:.1f}", kind)
        for row in rows
        if row.table == "open" and _kind(row) == "ours"
        for name, value, kind in _percentiles(row)
        if value is not None
    ]


def _percentiles(row: Row) -> list[tuple[str, float | None, Literal["ours", "other"]]]:
    return [("alone", row.one_p50_ms, "other"), ("p50", row.p50_ms, "ours"), ("p99", row.p99_ms, "ours")]


def _short(row: Row) -> str:
    return row.name.removeprefix("vdw, ")


def _kind(row: Row) -> Literal["ours", "sdk", "other"]:
    if row.name.startswith("vdw"):
        return "ours"
    return "sdk" if row.name == row.sdk else "other"


def _facts(result: dict[str, Any]) -> str:
    machine, run = result["machine"], result["run"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    return (
        f"Measured {result['measured']} on {machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB,"
        f" {machine['kernel']}, Python {machine['python']}. The disk's `fdatasync` takes {machine['fdatasync_p50_ms']} ms"
        f" (p50); SQLite's `synchronous` is {machine['synchronous']}. The store had {run['projects']:,} projects, filled in"
        f" {run['filled_s']} s. Rounds: {run['rounds']}, of {run['closed_s']} s closed and {run['open_s']} s open."
        f"{QUICK if run['quick'] else ''}\n\n"
        f"Versions: {versions}.\n"
    )


def _image(name: str, words: str) -> str:
    return f"![{words}]({FOLDER}/{name}.svg)\n"


def _table(table: Table) -> str:
    return f"{table.title}:\n\n{table.markdown()}\n"


def _curve(curve: dict[str, Any]) -> str:
    lines = "\n".join(curve["lines"])
    return f"### {curve['title']}\n\n`bench/{curve['name']}.py`\n\n```text\n{lines}\n```\n"
