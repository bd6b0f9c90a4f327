"""Start-up beside the least it could be: `vdw --help` and a bare interpreter, `vdw mcp` and the bare SDK's stdio server.

The candidates take turns, so that a busy moment of the machine meets all of them; medians are printed. Aims: help ≤ 10 ×
the interpreter, the answer to `initialize` ≤ 1.2 × the bare SDK's.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

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


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "VDW_CONFIG_DIR": f"{home}/config", "VDW_DATA": f"{home}/data", "VDW_KEY": ""}
        seconds = _interleaved(
            {
                "python -c pass": lambda: _whole_run([sys.executable, "-c", "pass"], environment),
                "vdw --help": lambda: _whole_run([str(VDW), "--help"], environment),
                "bare SDK, stdio, initialize": lambda: _first_answer([sys.executable, "-c", BARE_SERVER], environment),
                "vdw mcp, initialize": lambda: _first_answer([str(VDW), "mcp"], environment),
            }
        )
    for name, median in seconds.items():
        print(f"{name:<30}{median * 1000:8.0f} ms")
    print(f"help / interpreter            {seconds['vdw --help'] / seconds['python -c pass']:8.2f}  (aim ≤ 10)")
    ratio = seconds["vdw mcp, initialize"] / seconds["bare SDK, stdio, initialize"]
    print(f"vdw mcp / bare SDK            {ratio:8.2f}  (aim ≤ 1.2)")


def _interleaved(candidates: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Median seconds by name; the first round only warms the disk's cache."""
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS + 1):
        for name, measure in candidates.items():
            taken[name].append(measure())
    return {name: statistics.median(times[1:]) for name, times in taken.items()}


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
