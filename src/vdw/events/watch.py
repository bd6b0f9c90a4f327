"""Waiting for what any process commits: one task reads what is new and wakes whoever waits for it.

It runs only while somebody waits. Waiting holds no thread, no connection and no snapshot. What is heard is that
something happened, never what: waiters read the store for that, with their own rights.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from vdw.domain.ids import ProjectId
from vdw.errors import VdwError
from vdw.store.interface import Reader, Store

POLL_S: Final = 0.1
"""Seconds between two looks at the store (decisions: Store). One costs some 10 µs; a decision is heard within a second
even if nine of ten looks are late."""
MAX_NEW: Final = 1_000
"""Events that one look reads. Where there are more, everybody is woken."""


@dataclass(frozen=True, slots=True)
class News:
    """What is new behind an event. `projects` have changed; None: any may have."""

    seq: int
    projects: frozenset[ProjectId] | None

    def concerns(self, projects: frozenset[ProjectId] | None) -> bool:
        """Whether any of these changed; None for whoever waits for anything."""
        return projects is None or self.projects is None or not projects.isdisjoint(self.projects)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    after_seq: int
    projects: frozenset[ProjectId] | None
    woken: asyncio.Future[int]


class EventWatch:
    """Wakes waiters when something was committed, by this process or another.

    For one event loop at a time: that of the first call, until nobody waits any more.
    """

    def __init__(self, store: Store, *, poll_s: float = POLL_S) -> None:
        self._store = store
        self._poll_s = poll_s
        self._waiters: set[_Waiter] = set()
        self._task: asyncio.Task[None] | None = None

    async def wait(self, after_seq: int, timeout_s: float, projects: Collection[ProjectId] | None = None) -> int:
        """The newest event's seq once there is one above `after_seq`, of these projects if any are given, or after the
        time has run out.

        Raises `VdwError` (busy, storage) when the store cannot be read.
        """
        wanted = None if projects is None else frozenset(projects)
        news = self._news(after_seq)
        if news.seq > after_seq and news.concerns(wanted):
            return news.seq
        waiter = _Waiter(after_seq, wanted, asyncio.get_running_loop().create_future())
        self._waiters.add(waiter)
        self._look_from_now_on(news.seq)
        try:
            async with asyncio.timeout(timeout_s):
                return await waiter.woken
        except TimeoutError:
            return self._store.read(lambda reader: reader.last_seq())
        finally:
            self._waiters.discard(waiter)

    def _news(self, after_seq: int) -> News:
        def read(reader: Reader) -> News:
            seq = reader.last_seq()
            return News(seq, reader.projects_since(after_seq, limit=MAX_NEW) if seq > after_seq else frozenset())

        return self._store.read(read)

    def _look_from_now_on(self, seq: int) -> None:
        """Whoever begins to wait later has seen what was new until then."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look(seq))

    async def _look(self, seq: int) -> None:
        while self._waiters:
            await asyncio.sleep(self._poll_s)
            try:
                news = self._news(seq)
            except VdwError as error:
                self._give_up(error)
            else:
                if news.seq > seq:
                    self._wake(news)
                seq = news.seq

    def _wake(self, news: News) -> None:
        for waiter in self._waiters:
            if news.seq > waiter.after_seq and news.concerns(waiter.projects) and not waiter.woken.done():
                waiter.woken.set_result(news.seq)

    def _give_up(self, error: VdwError) -> None:
        """Whoever waits hears why."""
        for waiter in self._waiters:
            if not waiter.woken.done():
                waiter.woken.set_exception(error)
