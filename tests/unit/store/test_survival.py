"""What becomes of the writer when its connection, its lock or its file is taken from it while it works."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import apsw
import pytest

from tests.unit.store.children import put_pair
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import Reader, UnitOfWork
from vdw.store.sqlite.file_identity import FileIdentity
from vdw.store.sqlite.store import SqliteStore, open_store
from vdw.store.sqlite.writer import Writer

OnConnect = list[Callable[[apsw.Connection], None]]


def cannot_end(*words: str) -> Callable[[apsw.Connection], None]:
    """A connection that refuses to end a transaction in these ways."""

    def answer(operation: int, word: str | None, *_: str | None) -> int:
        denied = operation == apsw.SQLITE_TRANSACTION and word in words
        return apsw.SQLITE_DENY if denied else apsw.SQLITE_OK

    return lambda connection: connection.set_authorizer(answer)


def _take_away(path: Path, *, copy_back: bool) -> None:
    moved = path.rename(path.with_name("moved.db"))
    if copy_back:
        shutil.copy(moved, path)


@contextmanager
def _replaced(path: Path, other: Path) -> Iterator[None]:
    """Another store stands in the place of this one for a while, each with its own log; then all is as it was."""
    kept = path.with_name("kept.db")
    _move(path, kept)
    _move(other, path)
    yield
    _move(path, other)
    _move(kept, path)


def _move(store: Path, to: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        store.with_name(store.name + ending).rename(to.with_name(to.name + ending))


class ReplacedWhileItOpens(FileIdentity):
    """The file is replaced between the first look at it and its opening."""

    def __init__(self, path: Path, other: Path) -> None:
        super().__init__(path)
        self._replacing = ExitStack()
        self._next = [_replaced(path, other)]

    def require_unchanged(self) -> None:
        super().require_unchanged()
        if self._next:
            self._replacing.enter_context(self._next.pop())

    def put_back(self) -> None:
        self._replacing.close()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another store, which holds nothing."""
    path = tmp_path / "other.db"
    open_store(path, create=True).close()
    return path


def who(reader: Reader) -> bytes | None:
    return reader.setting("a/0")


async def test_a_transaction_that_cannot_even_be_rolled_back_ends_with_its_connection(
    path: Path, on_connect: OnConnect
) -> None:
    store = open_store(path, create=True, write_wait_s=5)
    on_connect.append(cannot_end("COMMIT", "ROLLBACK"))

    with pytest.raises(VdwError):
        await store.commit(partial(put_pair, 0))
    on_connect.clear()
    await store.commit(partial(put_pair, 1))

    assert store.read(lambda reader: (reader.setting("a/0"), reader.setting("a/1"))) == (None, b"a")
    store.close()


def test_a_snapshot_that_cannot_be_ended_is_not_used_again(path: Path, on_connect: OnConnect) -> None:
    open_store(path, create=True).close()
    on_connect.append(cannot_end("ROLLBACK"))
    store = open_store(path, create=False)
    on_connect.clear()

    answers = [store.read(lambda reader: reader.tenants()) for _ in range(2)]

    assert answers == [(), ()]
    store.close()


async def test_a_lock_that_cannot_be_let_go_is_closed_and_the_commit_stands(path: Path, store: SqliteStore) -> None:
    def lose_the_lock(uow: UnitOfWork) -> None:
        put_pair(0, uow)
        os.close(store._writer._lock._file)

    await store.commit(lose_the_lock)
    await store.commit(partial(put_pair, 1))

    other = open_store(path, create=False, write_wait_s=5)
    await other.commit(partial(put_pair, 2))
    other.close()
    assert store.read(lambda reader: [reader.setting(f"b/{number}") for number in range(3)]) == [b"b"] * 3


async def test_a_lock_file_that_was_removed_is_made_again_and_shared(path: Path, store: SqliteStore) -> None:
    await store.commit(partial(put_pair, 0))
    path.with_name(path.name + ".lock").unlink()
    other = open_store(path, create=False, write_wait_s=0.05)
    await other.commit(partial(put_pair, 1))

    await store.commit(partial(put_pair, 2))
    files = {os.fstat(each._writer._lock._file).st_ino for each in (store, other)}
    other.close()

    assert len(files) == 1


@pytest.mark.parametrize("there", [True, False], ids=["another file", "no file"])
async def test_nothing_is_acknowledged_into_a_file_that_is_no_longer_the_store(
    path: Path, store: SqliteStore, there: bool
) -> None:
    await store.commit(partial(put_pair, 0))
    _take_away(path, copy_back=there)

    with pytest.raises(VdwError, match="replaced or removed") as caught:
        await store.commit(partial(put_pair, 1))

    assert caught.value.code is ErrorCode.STORAGE
    assert "Start vdw again" in caught.value.next_step


@pytest.mark.parametrize("taken_at", ["before_begin", "before_commit", "after_commit"])
async def test_nothing_is_acknowledged_into_a_file_that_was_replaced_during_the_commit(
    path: Path, taken_at: str
) -> None:
    def on_point(point: str) -> None:
        if point == taken_at:
            _take_away(path, copy_back=True)

    store = open_store(path, create=True, on_point=on_point)

    with pytest.raises(VdwError, match="replaced or removed"):
        await store.commit(partial(put_pair, 0))

    store.close()


@pytest.mark.parametrize("there", [True, False], ids=["another file", "no file"])
async def test_nothing_is_read_from_a_file_that_is_no_longer_the_store(
    path: Path, store: SqliteStore, there: bool
) -> None:
    await store.commit(partial(put_pair, 0))
    _take_away(path, copy_back=there)

    with pytest.raises(VdwError, match="replaced or removed"):
        store.read(lambda reader: reader.setting("a/0"))


async def test_what_was_opened_while_another_file_stood_there_is_not_read_once_the_store_is_back(
    path: Path, store: SqliteStore, other: Path
) -> None:
    await store.commit(partial(put_pair, 0))

    def read_while_replaced(_: Reader) -> None:
        with _replaced(path, other), pytest.raises(VdwError, match="replaced or removed"):
            store.read(who)  # a second reader at once, so that it needs a connection of its own

    store.read(read_while_replaced)

    assert store.read(lambda reader: (who(reader), store.read(who))) == (b"a", b"a")


async def test_what_was_opened_while_another_file_stood_there_is_not_written_once_the_store_is_back(
    path: Path, other: Path
) -> None:
    open_store(path, create=True).close()
    file = ReplacedWhileItOpens(path, other)
    writer = Writer(path, file)

    with pytest.raises(VdwError, match="replaced or removed"):
        await writer.commit(partial(put_pair, 0))
    file.put_back()
    await writer.commit(partial(put_pair, 1))

    writer.close()
    store = open_store(path, create=False)
    assert store.read(lambda reader: (reader.setting("a/0"), reader.setting("a/1"))) == (None, b"a")
    store.close()


@pytest.mark.parametrize("fault", [MemoryError("unforeseen"), SystemExit("unforeseen")], ids=["failure", "end"])
@pytest.mark.parametrize("point", ["before_begin", "before_commit", "after_commit", "before_reply"])
async def test_whatever_is_raised_in_the_writer_is_answered_and_the_writer_goes_on(
    path: Path, point: str, fault: BaseException
) -> None:
    faults = iter([fault])

    def on_point(passed: str) -> None:
        if passed == point and (unforeseen := next(faults, None)):
            raise unforeseen

    store = open_store(path, create=True, write_wait_s=5, on_point=on_point)

    with pytest.raises(VdwError) as caught:
        await store.commit(partial(put_pair, 0))
    await store.commit(partial(put_pair, 1))

    assert caught.value.code is ErrorCode.INTERNAL
    assert "unforeseen" not in caught.value.public
    store.close()
