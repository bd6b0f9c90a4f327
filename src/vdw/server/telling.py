"""Progress of a call, to a client that asked for it: what the tool says, and until it says anything, that it is still
at work."""

from __future__ import annotations

import asyncio

from vdw.server.registry import Context

BEAT_S = 2.0
"""How often a call that says nothing is said to be alive, in seconds; most calls are answered before the first time."""

LEAST = 0.001
"""By how much a value is more than the one before it where the tool's own is not, so that none passes the end."""


class Telling:
    """A `Progress` for one call. Each value is more than the one before it (MCP), whoever tells it."""

    def __init__(self, ctx: Context, *, every_s: float = BEAT_S) -> None:
        self._ctx = ctx
        self._every_s = every_s
        self._told = -1.0
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._timer = self._loop.call_later(every_s, self._begin)
        self._beating: asyncio.Task[None] | None = None

    async def __call__(self, done: int, of: int, message: str) -> None:
        self.end()
        await self._tell(done, of, message)

    def end(self) -> None:
        """The call has been answered, or says for itself that it is alive."""
        self._timer.cancel()
        if self._beating is not None:
            self._beating.cancel()

    def _begin(self) -> None:
        self._beating = self._loop.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            await self._tell(int(self._loop.time() - self._began), None, "still at work")
            await asyncio.sleep(self._every_s)

    async def _tell(self, done: float, of: int | None, message: str) -> None:
        self._told = max(done, self._told + LEAST)
        await self._ctx.session.report_progress(self._told, of, message)
