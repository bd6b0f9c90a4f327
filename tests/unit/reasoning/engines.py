"""Engines for tests: Mangle in this process, and simulators that fail as told. Each keeps the `Engine` Protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vdw.reasoning import child
from vdw.reasoning.engine import Turn
from vdw.reasoning.program import MARKS, Answer, Program

Tamper = Callable[[Answer], Answer]


class EngineInProcess:
    """Mangle itself, without a worker; what it answers can be tampered with."""

    def __init__(self, tamper: Tamper | None = None) -> None:
        self._tamper = tamper
        self.programs: list[Program] = []

    async def run(self, program: Program, turn: Turn) -> Answer:
        self.programs.append(program)
        body = child.evaluate({"text": program.text, "finds": [*program.finds, *MARKS], "counts": [*program.counts]})
        assert "error" not in body, body["error"]
        answer = Answer(body["rows"], body["counts"])
        return self._tamper(answer) if self._tamper else answer

    async def close(self) -> None:
        return


class EngineThatSaysNothing:
    """Answers every program with no rows at all."""

    async def run(self, program: Program, turn: Turn) -> Answer:
        return Answer({name: [] for name in (*program.finds, *MARKS)}, dict.fromkeys(program.counts, 0))

    async def close(self) -> None:
        return


def without(predicate: str) -> Tamper:
    """Loses the rows of one predicate."""
    return lambda answer: replace(answer, rows={**answer.rows, predicate: []})
