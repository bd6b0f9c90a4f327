"""A command on its way through the writer: who has it, what it did, and how its caller hears of it.

The caller's event loop and the writer's thread meet here. Whoever claims a command first has it for good: the writer to
carry it out, or the caller to give it up.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Generic, TypeVar

import apsw

from vdw.errors import VdwError
from vdw.store.interface import UnitOfWork
from vdw.store.sqlite.faults import busy

T = TypeVar("T")


class Command(Generic[T]):
    """Made in the caller's running event loop."""

    __slots__ = ("_claimed", "_error", "_loop", "_value", "_work", "answered")

    def __init__(self, work: Callable[[UnitOfWork], T]) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._claimed = threading.Lock()
        self._value: T
        self._error: BaseException | None = None
        self.answered: asyncio.Future[None] = self._loop.create_future()
        """Done when `result` may be called."""

    def claim(self) -> bool:
        """True for the first who asks, and for nobody else."""
        return self._claimed.acquire(blocking=False)

    def give_up(self) -> None:
        """In the caller's loop: if the command has not been begun, it never will be, and its caller hears `busy`."""
        if self.claim():
            self._error = busy("no turn to write within the time")
            self._answer()

    def carry_out(self, connection: apsw.Connection, uow: UnitOfWork) -> None:
        """In the writer's thread: runs the work in a savepoint. What it raises undoes its own writes and no others."""
        with _Savepoint(connection) as savepoint:
            self._value = self._work(uow)
        self._error = savepoint.error

    def fail(self, error: VdwError) -> None:
        """In the writer's thread: the transaction that held the command was not committed."""
        self._error = error

    def reply(self) -> None:
        """In the writer's thread: wakes the caller, if it is still there."""
        with suppress(RuntimeError):  # its event loop was closed meanwhile
            self._loop.call_soon_threadsafe(self._answer)

    def result(self) -> T:
        """What the work returned; raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._value

    @property
    def error(self) -> BaseException | None:
        return self._error

    def _answer(self) -> None:
        if not self.answered.done():
            self.answered.set_result(None)


class _Savepoint:
    """Undoes what was written inside if anything is raised, and keeps that for whoever awaits it: it is the command's
    answer, and the writer goes on."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self.error: BaseException | None = None

    def __enter__(self) -> _Savepoint:
        self._connection.execute("SAVEPOINT command")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self.error = error
        # A full disk, for one, may have ended the whole transaction already.
        if self._connection.in_transaction:
            if error is not None:
                self._connection.execute("ROLLBACK TO command")
            self._connection.execute("RELEASE command")
        return True
