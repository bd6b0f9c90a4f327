"""The embedded engine: Mangle in two worker processes that can be killed, started at the first program."""

from __future__ import annotations

import asyncio
import json
import math

from vdw.errors import VdwError
from vdw.reasoning.desk import Desk
from vdw.reasoning.engine import Turn
from vdw.reasoning.program import MARKS, Answer, Program, no_verdict
from vdw.reasoning.worker import MEMORY_BYTES, Worker, WorkerDied


class WorkerPool:
    """An `Engine`. One worker takes small programs only, so that a large one never makes everybody wait."""

    def __init__(self, *, memory_bytes: int = MEMORY_BYTES, cpu_seconds: int = 0) -> None:
        """`cpu_seconds`: of computing that the kernel grants one program; 0 for as many as its turn has left. It
        matters only where nobody is left to kill the worker at its deadline."""
        self._closings = 0
        """How often the pool was closed: what was asked of it before is not tried again."""
        small = Worker(small_only=True, memory_bytes=memory_bytes)
        self._workers = (small, Worker(small_only=False, memory_bytes=memory_bytes))
        self._cpu_seconds = cpu_seconds
        self._desk = Desk(self._workers)

    async def run(self, program: Program, turn: Turn) -> Answer:
        """See `Engine.run`. A program whose worker died or was killed at the deadline is tried once more in a turn."""
        closings = self._closings
        while True:
            try:
                return _read(await self._ask(program, turn))
            except (TimeoutError, WorkerDied) as error:
                if not turn.retries_left or closings != self._closings:
                    raise _gave_up(error) from None
                turn.retries_left -= 1

    async def close(self) -> None:
        self._closings += 1
        for worker in self._workers:
            worker.end()

    async def _ask(self, program: Program, turn: Turn) -> bytes:
        request = _request(program, self._cpu_seconds or math.ceil(turn.run_left))
        closings = self._closings
        worker = await self._desk.take(turn, sum(program.counts.values()))
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            if closings != self._closings:
                raise WorkerDied("the pool was closed")
            async with asyncio.timeout(turn.run_left):
                reply = await worker.ask(request)
        finally:
            self._desk.give_back(worker)
        turn.run_left -= loop.time() - began  # a program that is tried once more has the time that it had before
        return reply


def _request(program: Program, cpu_seconds: int) -> bytes:
    job = {
        "text": program.text,
        "finds": [*program.finds, *MARKS],
        "counts": list(program.counts),
        "cpu_seconds": cpu_seconds,
    }
    return json.dumps(job, separators=(",", ":")).encode()


def _read(reply: bytes) -> Answer:
    try:
        body = json.loads(reply)
        if "error" in body:
            raise no_verdict("The reasoner refused its own rules, so there is no verdict.", str(body["error"]))
        return Answer(body["rows"], body["counts"])
    except (ValueError, KeyError, TypeError) as error:
        raise no_verdict("The reasoner's answer cannot be read, so there is no verdict.", repr(error)) from None


def _gave_up(error: Exception) -> VdwError:
    return no_verdict("The reasoner did not come to an end, so there is no verdict.", repr(error))
