"""What the reasoner asks of an engine, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vdw.domain.ids import ProjectId
from vdw.reasoning.program import Answer, Program

ENGINE_VERSION = "mangle-py 0.8.1"
"""Part of every verdict. Its wrong answers are known and linted against; another version is another engine."""

SMALL_ROWS = 3_500
"""A program over at most so many rows, as five full slices have, is small; one worker takes nothing else."""


@dataclass(slots=True)
class Turn:
    """One verdict's claim on the engine: what it may still use of its time. Seconds."""

    project: ProjectId
    run_left: float
    """Counts only while a program is being run, for two at once twice."""
    wait_left: float
    """Counts only while a program waits for its turn, for two at once twice."""
    retries_left: int = 1
    """Programs whose worker died or was killed are tried again this often."""


class Engine(Protocol):
    """Runs a program and answers what it derived.

    Law. Nothing that a program does can hold up the caller's event loop, outlive its turn, or change the answer to
    another program. The answer is not to be believed by itself: `require_whole` decides that.
    """

    async def run(self, program: Program, turn: Turn) -> Answer:
        """Raises `VdwError`: busy where the turn's waiting ran out; no_verdict where its running did, twice, or the
        engine refused the program."""
        ...

    async def close(self) -> None:
        """Ends what the engine started; whoever waits for an answer hears no_verdict. Safe to call twice; a later `run`
        starts anew."""
        ...
