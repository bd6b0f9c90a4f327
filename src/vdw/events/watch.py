"""Waiting for what any process commits: one task reads the newest event number and wakes whoever waits for a later one.

It runs only while somebody waits. Waiting holds no thread, no connection and no snapshot. What is heard
is that something happened, never what: waiters read the store for that, with their own rights.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from vdw.errors import VdwError
from vdw.store.interface import Store

POLL_S: Final = 0.1
"""Seconds between two looks at the store (decisions: Store). One costs some 10 µs; a decision is heard within a second
even if nine of ten looks are late."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    after_seq: int
    woken: asyncio.Future[int]


class EventWatch:
    """Wakes waiters when anything was committed, by this process or another.

    For one event loop at a time: that of the first call, until nobody waits any more.
    """

    def __init__(self, store: Store, *, poll_s: float = POLL_S) -> None:
        self._store = store
        self._poll_s = poll_s
        self._waiters: set[_Waiter] = set()
        self._task: asyncio.Task[None] | None = None

    async def wait(self, after_seq: int, timeout_s: float) -> int:
        """The newest event's seq once it is above `after_seq`, or after the time has run out.

        Raises `VdwError` (busy, storage) when the store cannot be read.
        """
        seq = self._newest()
        if seq > after_seq:
            return seq
        waiter = _Waiter(after_seq, asyncio.get_running_loop().create_future())
        self._waiters.add(waiter)
        self._look_from_now_on()
        try:
            async with asyncio.timeout(timeout_s):
                return await waiter.woken
        except TimeoutError:
            return self._newest()
        finally:
            self._waiters.discard(waiter)

    def _newest(self) -> int:
        return self._store.read(lambda reader: reader.last_seq())

    def _look_from_now_on(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while self._waiters:
            await asyncio.sleep(self._poll_s)
            try:
                seq = self._newest()
            except VdwError as error:
                self._give_up(error)
            else:
                self._wake(seq)

    def _wake(self, seq: int) -> None:
        for waiter in self._waiters:
            if seq > waiter.after_seq and not waiter.woken.done():
                waiter.woken.set_result(seq)

    def _give_up(self, error: VdwError) -> None:
        """Whoever waits hears why."""
        for waiter in self._waiters:
            if not waiter.woken.done():
                waiter.woken.set_exception(error)
