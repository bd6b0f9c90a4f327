"""Waiting for what any process commits: one task reads the newest event number and wakes whoever waits for a later one.

It runs only while somebody waits or is subscribed. Waiting holds no thread, no connection and no snapshot. What is heard
is that something happened, never what: waiters read the store for that, with their own rights.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vdw.errors import VdwError
from vdw.store.interface import Store

POLL_S: Final = 0.1
"""Seconds between two looks at the store (decisions: Store). One costs some 10 µs; a decision is heard within a second
even if nine of ten looks are late."""

Subscriber = Callable[[int, str, str], None]
"""Called in the event loop with seq, tenant and project of each event after the subscription, in order. Must not raise."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    after_seq: int
    woken: asyncio.Future[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Subscription:
    since: int
    tell: Subscriber


class EventWatch:
    """For one event loop at a time: that of the first call, until nobody waits any more."""

    def __init__(self, store: Store, *, poll_s: float = POLL_S) -> None:
        self._store = store
        self._poll_s = poll_s
        self._waiters: set[_Waiter] = set()
        self._subscriptions: set[_Subscription] = set()
        self._told_until = 0
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

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Tells the subscriber of every event from now on, whoever commits it, until the returned function is called."""
        subscription = _Subscription(self._newest(), subscriber)
        if not self._subscriptions:
            self._told_until = subscription.since
        self._subscriptions.add(subscription)
        self._look_from_now_on()
        return lambda: self._subscriptions.discard(subscription)

    def _newest(self) -> int:
        return self._store.read(lambda reader: reader.last_seq())

    def _look_from_now_on(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while self._waiters or self._subscriptions:
            await asyncio.sleep(self._poll_s)
            try:
                seq = self._newest()
                self._tell(seq)
            except VdwError as error:
                self._give_up(error)
            else:
                self._wake(seq)

    def _tell(self, seq: int) -> None:
        if not self._subscriptions or seq <= self._told_until:
            return
        changed = self._store.read(lambda reader: reader.changed_projects(self._told_until))
        for happened, tenant, project in changed:
            self._told_until = happened
            for subscription in tuple(self._subscriptions):
                if happened > subscription.since:
                    subscription.tell(happened, tenant, project)

    def _wake(self, seq: int) -> None:
        for waiter in self._waiters:
            if seq > waiter.after_seq and not waiter.woken.done():
                waiter.woken.set_result(seq)

    def _give_up(self, error: VdwError) -> None:
        """Whoever waits hears why; subscribers are told of what they missed once the store can be read again."""
        for waiter in self._waiters:
            if not waiter.woken.done():
                waiter.woken.set_exception(error)
