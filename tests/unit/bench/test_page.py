"""The page and its plots say what the committed result says."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bench.load.page import FOLDER, PAGE, render_page, render_plots
from bench.load.table import closed_table, open_table, rows_of, screen
from tests.pages import DOCS
from tests.repository.sources import ROOT

RESULT: dict[str, Any] = json.loads((ROOT / "bench/results/latest.json").read_text("utf-8"))
SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_is_what_the_latest_result_makes() -> None:
    assert (DOCS / PAGE).read_text("utf-8") == render_page(RESULT), "make bench writes both"


@pytest.mark.parametrize("name", ["calls.svg", "ratios.svg", "latency.svg"])
def test_each_plot_is_what_the_latest_result_makes(name: str) -> None:
    assert (DOCS / FOLDER / name).read_text("utf-8") == render_plots(RESULT)[name]
    assert f"({FOLDER}/{name})" in render_page(RESULT)


@pytest.mark.parametrize("name", ["calls.svg", "ratios.svg", "latency.svg"])
def test_every_bar_of_a_plot_bears_a_number(name: str) -> None:
    plot = ET.fromstring(render_plots(RESULT)[name])  # noqa: S314 (made a moment before)
    bars, words = plot.findall(f"{SVG}rect"), plot.findall(f"{SVG}text")
    assert bars
    assert len(words) == 1 + 2 * len(bars)
    assert all(word.text for word in words)


def test_a_row_stands_in_the_table_of_its_load_alone() -> None:
    rows = rows_of(RESULT)
    assert {row.load for row in rows if row.table == "closed"} in ({"wrk"}, {"client"})
    assert {row.load for row in rows if row.table == "open"} == {"client"}
    assert [cells[0] for cells in open_table(rows).rows] == [row.name for row in rows if row.table == "open"]
    assert {cells[0] for cells in closed_table(rows).rows} == {row.name for row in rows if row.table == "closed"}


def test_a_closed_row_tells_no_latency() -> None:
    closed = [row for row in RESULT["rows"] if row["table"] == "closed"]
    assert closed
    assert all(row["p50_ms"] is row["p95_ms"] is row["p99_ms"] is None for row in closed)


def test_errors_are_shown_on_the_screen_and_on_the_page() -> None:
    rows = [{**row, "errors": 4321} for row in RESULT["rows"] if row["table"] == "open"][:1]
    spoilt = {**RESULT, "rows": rows}
    assert "4321" in screen(spoilt)
    assert "4321" in render_page(spoilt)
