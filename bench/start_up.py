"""Start-up beside the least it could be: `vdw --help` and a bare interpreter, `vdw mcp` and the bare SDK's stdio
server.

The candidates take turns, so that a busy moment of the machine meets all of them. Printed are the median of the wall
time and the least CPU time, exit included, which other work on the machine moves little. Aims: help ≤ 10 × the
interpreter, the answer to `initialize` ≤ 1.2 × the bare SDK's. Modules are compiled once, as on a user's machine,
whatever this one's setting.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vdw.app import App
from vdw.cli.demo.founding import found_demo

ROUNDS = 9
VDW = Path(sys.executable).with_name("vdw")
BARE_SERVER = """
from mcp.server.mcpserver import MCPServer
server = MCPServer("bare")
@server.tool()
def nothing() -> str:
    return ""
server.run("stdio")
"""
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"},
    },
}


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds."""

    wall: float
    cpu: float


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        new, founded = _environment(f"{home}/new"), _environment(f"{home}/founded")
        asyncio.run(_found(founded))
        taken = _interleaved(
            {
                "python -c pass": lambda: _whole_run([sys.executable, "-c", "pass"], new),
                "vdw --help": lambda: _whole_run([str(VDW), "--help"], new),
                "bare SDK": lambda: _first_answer([sys.executable, "-c", BARE_SERVER], new),
                "vdw mcp, before vdw init": lambda: _first_answer([str(VDW), "mcp"], new),
                "vdw mcp, on a store": lambda: _first_answer([str(VDW), "mcp", "--demo"], founded),
            }
        )
    print(f"{'':<34}{'wall ms':>9}{'CPU ms':>9}")
    for name, each in taken.items():
        print(f"{name:<34}{each.wall * 1000:>9.0f}{each.cpu * 1000:>9.0f}")
    _print_ratio("help / interpreter (aim ≤ 10)", taken["vdw --help"], taken["python -c pass"])
    _print_ratio("before init / bare SDK (aim ≤ 1.2)", taken["vdw mcp, before vdw init"], taken["bare SDK"])
    _print_ratio("on a store / bare SDK (aim ≤ 1.2)", taken["vdw mcp, on a store"], taken["bare SDK"])


def _print_ratio(name: str, ours: Taken, least: Taken) -> None:
    print(f"{name:<34}{ours.wall / least.wall:>9.2f}{ours.cpu / least.cpu:>9.2f}")


def _environment(home: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "VDW_CONFIG_DIR": f"{home}/config", "VDW_DATA": f"{home}/data", "VDW_KEY": ""}


async def _found(environment: Mapping[str, str]) -> None:
    app = App({"config_dir": environment["VDW_CONFIG_DIR"], "data_dir": environment["VDW_DATA"]})
    await found_demo(app)
    await app.close()


def _interleaved(candidates: Mapping[str, Callable[[], float]]) -> dict[str, Taken]:
    """By name: the median wall time and the least CPU time; the first round only fills the disk's cache."""
    rounds: dict[str, list[Taken]] = {name: [] for name in candidates}
    for _ in range(ROUNDS + 1):
        for name, run in candidates.items():
            rounds[name].append(_taken(run))
    return {
        name: Taken(statistics.median(each.wall for each in taken[1:]), min(each.cpu for each in taken[1:]))
        for name, taken in rounds.items()
    }


def _taken(run: Callable[[], float]) -> Taken:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _whole_run(command: list[str], environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _first_answer(command: list[str], environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        server.stdin.flush()
        answer = json.loads(server.stdout.readline())
        taken = time.perf_counter() - started
        server.stdin.close()
    assert answer["result"]["serverInfo"]
    return taken


if __name__ == "__main__":
    main()
