"""Programs that tests of the store run as real processes beside themselves: `python children.py NAME ARGUMENTS`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from vdw.events.watch import EventWatch
from vdw.store.interface import UnitOfWork
from vdw.store.sqlite.store import SqliteStore, open_store

PATIENCE_S = 60.0
"""Longer than any test lets its children live."""


def put_pair(number: int, uow: UnitOfWork) -> None:
    """Two writes that belong together."""
    uow.put_setting(f"a/{number}", b"a")
    uow.put_setting(f"b/{number}", b"b")


def add_one(uow: UnitOfWork) -> None:
    """A change that is lost if two read the same count."""
    uow.put_setting("count", str(int(uow.setting("count") or b"0") + 1).encode())


def say(word: str | int) -> None:
    """To the test, at once: what was said before a kill has been said."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def crash(path: Path, point: str, times: str, workers: str) -> None:
    """Writes pairs, prints the number of each one acknowledged, and kills itself when it passes the point so many
    times."""
    left = int(times)

    def on_point(passed: str) -> None:
        nonlocal left
        left -= passed == point
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    async def worker(store: SqliteStore, first: int) -> None:
        for number in range(first, 1_000_000, int(workers)):
            await store.commit(partial(put_pair, number))
            say(number)

    async def all_workers() -> None:
        store = open_store(path, create=False, on_point=on_point)
        await asyncio.gather(*(worker(store, first) for first in range(int(workers))))

    asyncio.run(all_workers())


def count(path: Path, commands: str) -> None:
    """Adds so many times one, four commands under way at once. Says when it is ready and begins when it is told to."""
    store = open_store(path, create=False)
    say("ready")
    sys.stdin.readline()

    async def worker() -> None:
        for _ in range(int(commands) // 4):
            await store.commit(add_one)

    async def all_workers() -> None:
        await asyncio.gather(*(worker() for _ in range(4)))

    asyncio.run(all_workers())
    store.close()


def listen(path: Path) -> None:
    """Waits for an event after the newest there is and prints its seq."""
    store = open_store(path, create=False)
    newest = store.read(lambda reader: reader.last_seq())
    say("listening")
    say(asyncio.run(EventWatch(store).wait(newest, PATIENCE_S)))
    store.close()


PROGRAMS: dict[str, Callable[..., None]] = {"crash": crash, "count": count, "listen": listen}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
