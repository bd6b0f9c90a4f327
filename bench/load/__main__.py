"""`make bench`: the loads, then the curves; a table on the screen, `bench/results/latest.json`, and docs/benchmarks.md.

Ends with 1 where a call failed or what was stored is not what was answered; how quick anything was is never judged.
`--quick` is for trying it out: a minute or two, few projects, and no long curves. Linux only, for /proc and fdatasync.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.load import curves
from bench.load.contest import Contest, Pace
from bench.load.contestants import BUSY, MIX_SIZE, SIZES, contestants, running
from bench.load.generators import Generators, find_wrk
from bench.load.machine import describe_machine, describe_versions
from bench.load.page import write_page
from bench.load.rows import Row
from bench.load.servers import ROOT
from bench.load.store import Filled, places
from bench.load.table import screen
from vdw.store.sqlite.connection import connect

RESULTS = ROOT / "bench" / "results" / "latest.json"
DOCS = ROOT / "docs"
PROJECTS = 10_000
QUICK_PROJECTS = 200
WHOLE = Pace(rounds=3, closed_s=1.5, one_s=0.5, open_s=2.0)
QUICK = Pace(rounds=1, closed_s=0.4, one_s=0.3, open_s=0.6)


def main() -> int:
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--projects", type=int, help=f"open projects of 10 kB; {PROJECTS} if left out")
    options.add_argument("--folder", type=Path, help="on the disk to measure; the temporary folder if left out")
    options.add_argument("--results", type=Path, default=RESULTS)
    options.add_argument("--docs", type=Path, default=DOCS, help="folder of the page and its plots")
    chosen = options.parse_args()
    if sys.platform != "linux":
        options.error("only on Linux, where the memory of a process and the time of fdatasync can be read")
    projects = max(BUSY, chosen.projects or (QUICK_PROJECTS if chosen.quick else PROJECTS))
    pace = QUICK if chosen.quick else WHOLE
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="vdw-bench-") as folder:
        result, rows = measure(Path(folder), projects, pace)
    result["run"]["quick"] = chosen.quick
    result["curves"] = [curve.as_json() for curve in curves.run(quick=chosen.quick, say=say)]
    chosen.results.parent.mkdir(parents=True, exist_ok=True)
    chosen.results.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    write_page(result, chosen.docs)
    print(screen(result))
    errors = sum(row.errors for row in rows)
    if errors:
        print(f"{errors} errors, named above")
    return 1 if errors else 0


def measure(folder: Path, projects: int, pace: Pace) -> tuple[dict[str, Any], list[Row]]:
    """The result without its curves, and its rows. `folder` is empty, and lies on the disk that is measured."""
    wrk = find_wrk()
    wanted = {size: projects if size == MIX_SIZE else BUSY for size in SIZES}
    say(f"fill a store with {sum(wanted.values())} projects")
    filled = _fill(folder, wanted)
    say(f"that took {filled.seconds:.0f} s")
    database = Path(str(places(folder)["data_dir"])) / "vdw.db"
    contest = Contest(Generators(folder, wrk=wrk), pace, say)
    with running(folder, filled) as (rivals, vdw):
        everybody = contestants(rivals, vdw, filled, partial(_revisions, database))
        contest.warm_up(everybody)
        closed = contest.closed_rows(everybody)
        rows = [*closed, *contest.open_rows(everybody, closed)]
    result = {
        "measured": datetime.now(UTC).date().isoformat(),
        "machine": describe_machine(folder, database),
        "versions": describe_versions(wrk),
        "run": {
            "projects": sum(wanted.values()),
            "filled_s": round(filled.seconds),
            "rounds": pace.rounds,
            "closed_s": pace.closed_s,
            "open_s": pace.open_s,
        },
        "rows": [row.as_json() for row in rows],
    }
    return result, rows


def say(words: str) -> None:
    """Progress, beside the table."""
    print(f"-- {datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr, flush=True)


def _fill(folder: Path, wanted: dict[int, int]) -> Filled:
    """In another process, so that nothing of it is left in this one."""
    pairs = ",".join(f"{size}={count}" for size, count in wanted.items())
    command = [sys.executable, "-m", "bench.load.store", str(folder), pairs]
    return Filled.from_json(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _revisions(database: Path) -> int:
    """Stored in the whole store."""
    connection = connect(database, busy_s=1, read_only=True)
    try:
        ((count,),) = connection.execute("SELECT count(*) FROM revision").fetchall()
        return int(str(count))
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
