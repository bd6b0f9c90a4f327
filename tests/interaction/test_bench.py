"""`make bench`, on a small store: every promised row, and no error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.sources import ROOT
from tests.tools import require_peers, require_tool

ADDITIONS = {
    "raw ASGI echo",
    "SDK, add",
    "SDK, add, RS256 by PyJWT",
    "FastMCP, add",
    "FastMCP, add, its JWT and rate limit",
}
OURS = {
    "get_project",
    "list_projects",
    "trace",
    "submit_artifact, 2 kB, 10 requirements",
    "submit_artifact, 10 kB, 50 requirements",
    "submit_artifact, 100 kB, 500 requirements",
}
MIX = "mix over 64 projects"
SIDES = ("vdw, ", "SDK, answer of ")


@pytest.mark.slow
def test_a_quick_bench_has_every_promised_row_without_an_error(tmp_path: Path) -> None:
    require_peers()
    require_tool("wrk")
    results = tmp_path / "results.json"
    command = [sys.executable, "-m", "bench.load", "--quick", "--projects", "64", "--results", str(results)]
    subprocess.run([*command, "--docs", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    result = json.loads(results.read_text("utf-8"))

    names = ADDITIONS | {f"{side}{name}" for name in OURS for side in SIDES}
    mixes = {f"{side}{MIX}" for side in SIDES}
    found = {(row["name"], row["table"], row["concurrency"]) for row in result["rows"]}
    assert found == {
        *((name, "closed", connections) for name in names for connections in (1, 16, 64)),
        *((name, "open", 64) for name in names),
        *((name, table, 200) for name in mixes for table in ("closed", "open")),
    }
    assert [row["name"] for row in result["rows"] if row["errors"]] == []
    assert all(row["rows_written"] for row in result["rows"] if row["name"].startswith("vdw, submit_artifact"))
    assert all(row["ratio_to_sdk"] and row["rss_mb"] for row in result["rows"])
    assert (tmp_path / "benchmarks.md").exists()
