"""Curves of single parts: the scripts beside this folder, each run by itself, and the tables that they print."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bench.load.servers import ROOT

PATIENCE_S = 600
"""For one script, in seconds."""


@dataclass(frozen=True, slots=True)
class Script:
    """`quick`: its arguments for a quick run; None where it has none that is quick."""

    name: str
    title: str
    arguments: tuple[str, ...] = ()
    quick: tuple[str, ...] | None = ()


SCRIPTS = (
    Script("start_up", "Start-up", quick=None),
    Script("verdict", "A verdict", quick=("100",)),
    Script("trace", "A trace", quick=("100",)),
    Script("trust_replay", "Replaying a trust log", quick=("--entries", "1000")),
    Script("event_loop", "The longest stretch of the event loop", quick=None),
    Script("store_fairness", "Sharing the store's write lock", quick=None),
    Script("waiting", "Hearing of a decision", quick=None),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """What a script printed, and the words with which it says what that is."""

    name: str
    title: str
    lines: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "lines": list(self.lines)}


def run(*, quick: bool, say: Callable[[str], None]) -> list[Curve]:
    """Raises `CalledProcessError` where a script fails."""
    return [_curve(script, quick, say) for script in SCRIPTS if not quick or script.quick is not None]


def _curve(script: Script, quick: bool, say: Callable[[str], None]) -> Curve:
    say(f"bench/{script.name}.py")
    arguments = (script.quick or ()) if quick else script.arguments
    run = subprocess.run(
        [sys.executable, f"bench/{script.name}.py", *arguments],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE_S,
    )
    return Curve(script.name, script.title, tuple(line.rstrip() for line in run.stdout.strip("\n").splitlines()))
