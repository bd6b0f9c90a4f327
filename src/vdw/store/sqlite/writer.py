"""Group commit: one thread a process takes the commands that wait, commits them together, and only then answers.

A command is never half done: it runs in its own savepoint, and is either answered after the commit that holds it, or
was never begun. The lock between processes is held for `GROUP_COMMANDS` commands or `GROUP_S` seconds at most, and one
commit with its checkpoint; then others have their turn.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import apsw

from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import UnitOfWork
from vdw.store.sqlite.command import Command
from vdw.store.sqlite.connection import left_clean
from vdw.store.sqlite.faults import closed, storage_fault
from vdw.store.sqlite.file_identity import FileIdentity
from vdw.store.sqlite.lock import WriteLock
from vdw.store.sqlite.unit_of_work import SqliteUnitOfWork

T = TypeVar("T")
logger = logging.getLogger(__name__)

GROUP_COMMANDS: Final = 64
"""Commands of one transaction at most (decisions: Store)."""

GROUP_S: Final = 0.020
"""Seconds after which no further command joins a transaction (decisions: Store)."""

WRITE_WAIT_S: Final = 30.0
"""Seconds that a command waits for its turn: a thousand times the worst wait measured beside a busy writer, and less
than clients wait for a tool."""

OnPoint = Callable[[str], None]
"""Called in the writer's thread as it passes `before_begin`, `before_commit`, `after_commit`, `before_reply`."""


def no_point(_: str) -> None:
    """What the product does at these points."""


class Writer:
    """The only one in its process that writes to the file. Its thread starts with the first command."""

    def __init__(
        self,
        path: Path,
        file: FileIdentity,
        *,
        wait_s: float = WRITE_WAIT_S,
        on_point: OnPoint = no_point,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wait_s = wait_s
        self._on_point = on_point
        self._monotonic = monotonic
        self._file = file
        self._lock = WriteLock(path)
        self._commands: queue.SimpleQueue[Command[Any] | None] = queue.SimpleQueue()
        self._submitting = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._connection: apsw.Connection | None = None

    async def commit(self, work: Callable[[UnitOfWork], T]) -> T:
        """See `Store.commit`. Raises `VdwError`: busy when no turn came within the time; storage."""
        command = Command(work)
        self._submit(command)
        patience = asyncio.get_running_loop().call_later(self._wait_s, command.give_up)
        try:
            await command.answered
        finally:
            patience.cancel()
            command.claim()  # whoever was cancelled before the writer came takes the command along
        return command.result()

    def close(self) -> None:
        """Waits for what was submitted, as long as a command may wait, and takes no more."""
        with self._submitting:
            self._closed = True
            self._commands.put(None)
        if self._thread is not None:
            self._thread.join(self._wait_s)

    def _submit(self, command: Command[Any]) -> None:
        with self._submitting:
            if self._closed:
                raise closed()
            if self._thread is None or not self._thread.is_alive():
                # A daemon: what nobody waits for any more must not keep the process alive.
                self._thread = threading.Thread(target=self._run, name="vdw-store-writer", daemon=True)
                self._thread.start()
            self._commands.put(command)

    def _run(self) -> None:
        while (command := self._commands.get()) is not None:
            self._take_turn(command)
        if self._connection is not None:
            self._connection.close()
        self._lock.close()

    def _take_turn(self, first: Command[Any]) -> None:
        """One group, from the lock to the answers. Whatever happens, everyone who was begun is answered."""
        begun: list[Command[Any]] = []
        fault: VdwError | None = None
        try:
            with self._lock:
                self._commit_group(first, begun)
            self._on_point("before_reply")
        except VdwError as error:
            fault = error
        # The thread's outermost edge: if it ended here, its callers would wait for nobody.
        except BaseException as error:
            logger.exception("the store's writer failed")
            fault = VdwError(
                ErrorCode.INTERNAL,
                "The store failed before it answered.",
                "Look at what is there and repeat the rest.",
                reason=repr(error),
            )
        if fault is not None and first.claim():
            begun.append(first)
        for command in begun:
            if fault is not None:
                command.fail(fault)
            command.reply()

    def _commit_group(self, first: Command[Any], begun: list[Command[Any]]) -> None:
        """Carries the group out and commits it, or rolls all of it back and raises `VdwError`."""
        connection = self._connected()
        uow = SqliteUnitOfWork(connection)
        self._on_point("before_begin")
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._file.require_unchanged()
            for command in self._group(first):
                begun.append(command)
                command.carry_out(connection, uow)
                _require_transaction(connection, command)
            self._on_point("before_commit")
            connection.execute("COMMIT")
        except apsw.Error as error:
            raise storage_fault(error) from None
        finally:
            if not left_clean(connection):
                self._connection = None
        self._on_point("after_commit")
        self._file.require_unchanged()  # before anybody is told that it is kept

    def _group(self, first: Command[Any]) -> Iterator[Command[Any]]:
        """The first command and those that wait behind it, each claimed, as long as the turn lasts."""
        end = self._monotonic() + GROUP_S
        command = first
        for places_left in reversed(range(GROUP_COMMANDS)):
            if command.claim():
                yield command
            if not places_left or self._monotonic() >= end or self._commands.empty():
                return
            following = self._commands.get_nowait()
            if following is None:
                self._commands.put(None)
                return
            command = following

    def _connected(self) -> apsw.Connection:
        if self._connection is None:
            self._connection = self._file.connect(busy_s=self._wait_s)
        return self._connection


def _require_transaction(connection: apsw.Connection, command: Command[Any]) -> None:
    """Raises what the command met if it ended the transaction for all: SQLite does so when the disk is full or
    fails."""
    if connection.in_transaction:
        return
    if isinstance(command.error, VdwError):
        raise command.error
    raise VdwError(ErrorCode.STORAGE, "The store could not write.", "Repeat it; if it fails again, run vdw doctor.")
