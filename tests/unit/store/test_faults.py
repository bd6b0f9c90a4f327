"""What SQLite's failures are called, and that none of its words reach a caller."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from pathlib import Path

import apsw
import pytest

from tests.unit.store.children import put_pair
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import UnitOfWork
from vdw.store.sqlite.faults import file_fault, storage_fault
from vdw.store.sqlite.store import SqliteStore, open_store

OnConnect = list[Callable[[apsw.Connection], None]]


@pytest.mark.parametrize(
    ("result", "code", "words"),
    [
        (apsw.SQLITE_BUSY, ErrorCode.BUSY, "busy"),
        (apsw.SQLITE_BUSY_SNAPSHOT, ErrorCode.BUSY, "busy"),
        (apsw.SQLITE_LOCKED, ErrorCode.BUSY, "busy"),
        (apsw.SQLITE_PROTOCOL, ErrorCode.BUSY, "busy"),
        (apsw.SQLITE_FULL, ErrorCode.STORAGE, "no room"),
        (apsw.SQLITE_READONLY, ErrorCode.STORAGE, "cannot be written"),
        (apsw.SQLITE_CANTOPEN, ErrorCode.STORAGE, "cannot be opened"),
        (apsw.SQLITE_NOTADB, ErrorCode.STORAGE, "not a store of vdw"),
        (apsw.SQLITE_CORRUPT, ErrorCode.STORAGE, "damaged"),
        (apsw.SQLITE_IOERR_FSYNC, ErrorCode.STORAGE, "disk failed"),
        (apsw.SQLITE_PERM, ErrorCode.STORAGE, "may not be read"),
        (apsw.SQLITE_CONSTRAINT_UNIQUE, ErrorCode.CONFLICT, "exists already"),
        (apsw.SQLITE_CONSTRAINT_PRIMARYKEY, ErrorCode.CONFLICT, "exists already"),
        (apsw.SQLITE_CONSTRAINT_FOREIGNKEY, ErrorCode.INTERNAL, "refused"),
        (apsw.SQLITE_ERROR, ErrorCode.INTERNAL, "refused"),
    ],
)
def test_each_kind_of_failure_has_one_clear_sentence(result: int, code: ErrorCode, words: str) -> None:
    error = apsw.exception_for(result)
    assert isinstance(error, apsw.Error)

    told = storage_fault(error)

    assert told.code is code
    assert words in told.public
    assert told.next_step
    assert type(error).__name__ not in told.public
    assert type(error).__name__ in told.reason


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "no room"), (errno.EROFS, "cannot be written"), (errno.EACCES, "cannot be opened")],
)
def test_failures_of_the_file_system_have_the_same_words(number: int, words: str) -> None:
    told = file_fault(OSError(number, "foreign words"), "The store")

    assert told.code is ErrorCode.STORAGE
    assert words in told.public
    assert "foreign words" not in told.public


async def test_a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest(path: Path, on_connect: OnConnect) -> None:
    open_store(path, create=True).close()
    on_connect.append(lambda connection: connection.pragma("max_page_count", 70))
    store = open_store(path, create=False)

    def too_big(uow: UnitOfWork) -> None:
        uow.put_setting("big", bytes(400_000))

    with pytest.raises(VdwError, match="no room"):
        await store.commit(too_big)
    await store.commit(partial(put_pair, 1))

    assert store.read(lambda reader: (reader.setting("big"), reader.setting("b/1"))) == (None, b"b")
    store.close()


async def test_a_store_that_cannot_be_written_says_so(path: Path, on_connect: OnConnect) -> None:
    open_store(path, create=True).close()
    on_connect.append(lambda connection: connection.pragma("query_only", "ON"))
    store = open_store(path, create=False)

    with pytest.raises(VdwError, match="cannot be written"):
        await store.commit(partial(put_pair, 1))
    store.close()


def test_a_damaged_store_says_so(path: Path) -> None:
    open_store(path, create=True).close()
    connection = apsw.Connection(str(path))
    connection.pragma("wal_checkpoint", "TRUNCATE")
    connection.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))

    with pytest.raises(VdwError, match="damaged") as caught:
        open_store(path, create=False).read(lambda reader: reader.tenants())
    assert caught.value.code is ErrorCode.STORAGE


async def test_a_store_whose_folder_is_gone_says_so(path: Path, store: SqliteStore) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.parent.rmdir()

    with pytest.raises(VdwError) as caught:
        await store.commit(partial(put_pair, 1))
    assert caught.value.code is ErrorCode.STORAGE
