"""Who gets which worker next: round robin by project, one program at a time, small ones never only behind large
ones."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from vdw.domain.ids import ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.engine import SMALL_ROWS, Turn
from vdw.reasoning.worker import Worker


@dataclass(frozen=True, slots=True)
class _Waiting:
    given: asyncio.Future[Worker]
    small: bool

    def may_have(self, worker: Worker) -> bool:
        # A taker that gave up is done too, and stands in its line until its task runs again.
        return not self.given.done() and (self.small or not worker.small_only)


class Desk:
    """Gives each worker to one taker at a time. While one is free, nobody waits whom it could serve."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        """`workers` in the order in which they are preferred."""
        self._workers = tuple(workers)
        self._free = set(workers)
        self._lines: dict[str, deque[_Waiting]] = {}
        """Project → its takers, first come first; projects in the order of their next turn."""

    async def take(self, turn: Turn, rows: int) -> Worker:
        """A worker for one program of the turn, over so many rows. Raises `VdwError` (busy) when the turn's waiting has
        run out."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(loop.create_future(), rows <= SMALL_ROWS)
        for worker in self._workers:
            if worker in self._free and waiting.may_have(worker):
                self._free.remove(worker)
                return worker
        line = self._lines.setdefault(turn.project, deque())
        line.append(waiting)
        began = loop.time()
        try:
            async with asyncio.timeout(turn.wait_left):
                return await waiting.given
        except TimeoutError:
            self._return_unused(waiting)
            raise _busy() from None
        except asyncio.CancelledError:
            self._return_unused(waiting)
            raise
        finally:
            turn.wait_left -= loop.time() - began
            self._leave(turn.project, waiting)

    def give_back(self, worker: Worker) -> None:
        """The worker goes to the next project in turn that it may serve, else it is free."""
        for project, line in self._lines.items():
            for waiting in line:
                if waiting.may_have(worker):
                    waiting.given.set_result(worker)
                    self._lines[project] = self._lines.pop(project)  # its next turn comes after all others'
                    return
        self._free.add(worker)

    def _return_unused(self, waiting: _Waiting) -> None:
        if waiting.given.done() and not waiting.given.cancelled():
            self.give_back(waiting.given.result())

    def _leave(self, project: ProjectId, waiting: _Waiting) -> None:
        line = self._lines[project]
        line.remove(waiting)
        if not line:
            del self._lines[project]


def _busy() -> VdwError:
    return VdwError(ErrorCode.BUSY, "The reasoner has too much to do at the moment.", "Try again in a few seconds.")
