"""Load from another process: wrk for closed loops where it is, else our own client; our own client for open loops.

An open loop sends calls at their times whether or not earlier ones were answered, which wrk cannot do; a closed loop
waits, and so hides how long a call would have waited. The one is for latency, the other for calls per second.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load.plan import PATH, Plan
from bench.load.servers import ROOT, Server

LIMIT_S = 40
"""How long after its time a load may still wait for answers, in seconds."""
SCRIPT = Path(__file__).with_name("closed.lua")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a load. `answered`: calls without an error, by their place in the plan; `latencies_ms` only of our
    own client."""

    answered: tuple[int, ...]
    errors: int
    seconds: float
    sample: str
    latencies_ms: tuple[float, ...] = ()

    @property
    def calls_per_s(self) -> float:
        return sum(self.answered) / self.seconds if self.seconds else 0.0


class Generators:
    """Runs loads; each with another seed, so that no two send the same content."""

    def __init__(self, folder: Path, *, wrk: str | None) -> None:
        self._plan = folder / "plan"
        self._seed = 0
        self._wrk = wrk

    @property
    def closed_by(self) -> str:
        return "wrk" if self._wrk else "client"

    def closed(self, server: Server, plan: Plan, connections: int, seconds: float) -> Taken:
        """Each connection sends when it has its answer."""
        self._write(server, plan)
        if self._wrk is None:
            return self._client(server, connections, seconds)
        limit = f"{int(seconds) + LIMIT_S}s"
        options = ["--threads", "1", "--connections", str(connections), "--duration", limit, "--timeout", limit]
        url = f"http://{server.host}{PATH}"
        command = [self._wrk, *options, "--script", str(SCRIPT), url, "--", str(self._plan), str(seconds)]
        return _taken(_last_line(command, seconds))

    def one(self, server: Server, plan: Plan, seconds: float) -> Taken:
        """One connection of our own client, closed: what a call takes that never waits for another."""
        self._write(server, plan)
        return self._client(server, 1, seconds)

    def open(self, server: Server, plan: Plan, connections: int, seconds: float, rate: float) -> Taken:
        """`rate` calls per second, at even times."""
        self._write(server, plan)
        return self._client(server, connections, seconds, "--rate", str(rate))

    def _write(self, server: Server, plan: Plan) -> None:
        self._seed += 1
        plan.write(self._plan, host=server.host, seed=self._seed, token=server.token)

    def _client(self, server: Server, connections: int, seconds: float, *more: str) -> Taken:
        command = [sys.executable, "-m", "bench.load.client", str(self._plan), server.host]
        return _taken(_last_line([*command, str(connections), str(seconds), *more], seconds))


def find_wrk() -> str | None:
    return shutil.which("wrk")


def _last_line(command: list[str], seconds: float) -> dict[str, Any]:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True, timeout=seconds + 2 * LIMIT_S)
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return told


def _taken(told: dict[str, Any]) -> Taken:
    unanswered = told["sent"] - sum(told["answered"]) - told["failed"]
    return Taken(
        answered=tuple(told["answered"]),
        errors=told["failed"] + max(told["lost"], unanswered),
        seconds=told["seconds"],
        sample=told["sample"],
        latencies_ms=tuple(each / 1000 for each in told.get("latencies", ())),
    )
