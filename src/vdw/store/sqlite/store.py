"""`Store` on one SQLite file: reads inline on a connection of a pool, writes through the group commit."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import apsw

from vdw.store.interface import Reader, UnitOfWork
from vdw.store.sqlite.connection import left_clean, use_write_ahead_log
from vdw.store.sqlite.faults import closed, storage_fault
from vdw.store.sqlite.file_identity import FileIdentity
from vdw.store.sqlite.migrate import migrate, verify
from vdw.store.sqlite.reader import SqliteReader
from vdw.store.sqlite.writer import WRITE_WAIT_S, OnPoint, Writer, no_point

T = TypeVar("T")

READ_BUSY_S: Final = 5.0
"""Seconds that a read waits for another process: only while that one recovers the log of one that died."""

LONG_READ_S: Final = 1.0
"""Seconds of a snapshot above which the log says so: while one is held, the write-ahead log cannot start over
(decisions: Store)."""

logger = logging.getLogger(__name__)


def open_store(
    path: Path, *, create: bool, write_wait_s: float = WRITE_WAIT_S, on_point: OnPoint = no_point
) -> SqliteStore:
    """An open store. With `create` it is made, or brought to this version's schema, first; without, it has to be there
    and have it. `on_point` is for tests that end a process at a named point of a commit.

    Raises `VdwError` like `migrate` and `verify`.
    """
    if create:
        migrate(path)
    file = FileIdentity(path)
    verify(path)
    return SqliteStore(path, file, Writer(path, file, wait_s=write_wait_s, on_point=on_point))


class SqliteStore:
    """A `Store`. Reads may run on any thread, each on a connection of its own; commits from any running event loop."""

    def __init__(self, path: Path, file: FileIdentity, writer: Writer) -> None:
        self._file = file
        self._writer = writer
        self._idle: list[apsw.Connection] = []
        first = file.connect(busy_s=READ_BUSY_S)
        use_write_ahead_log(first, path)
        first.pragma("query_only", "ON")
        self._idle.append(first)
        self._closed = False

    def read(self, work: Callable[[Reader], T]) -> T:
        started = time.monotonic()
        with self._snapshot() as connection:
            result = work(SqliteReader(connection))
        took = time.monotonic() - started
        if took > LONG_READ_S:
            logger.warning("a read held its snapshot for %.1f s: %s", took, getattr(work, "__qualname__", work))
        return result

    async def commit(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._writer.commit(work)

    def close(self) -> None:
        self._closed = True
        self._writer.close()
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def _snapshot(self) -> Iterator[apsw.Connection]:
        try:
            connection = self._idle.pop()  # atomic, so threads may share the list
        except IndexError:
            if self._closed:
                raise closed() from None
            connection = self._file.connect(busy_s=READ_BUSY_S, read_only=True)
        try:
            self._file.require_unchanged()
            connection.execute("BEGIN DEFERRED")
            yield connection
        except apsw.Error as error:
            raise storage_fault(error) from None
        finally:
            if left_clean(connection):
                self._idle.append(connection)
