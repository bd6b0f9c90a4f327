"""Group commit: how commands share a transaction, wait, are given up, and fail apart from each other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import apsw
import pytest

from tests.unit.store.children import put_pair
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import Reader, UnitOfWork
from vdw.store.sqlite.file_identity import FileIdentity
from vdw.store.sqlite.lock import WriteLock
from vdw.store.sqlite.migrate import migrate
from vdw.store.sqlite.store import SqliteStore, open_store
from vdw.store.sqlite.writer import GROUP_COMMANDS, GROUP_S, Writer


class Gate:
    """Holds the writer at one point until it is opened, and counts how often each point was passed."""

    def __init__(self, point: str) -> None:
        self._point = point
        self._reached = threading.Event()
        self._open = threading.Event()
        self.passed: list[str] = []

    def __call__(self, point: str) -> None:
        self.passed.append(point)
        if point == self._point:
            self._reached.set()
            assert self._open.wait(30)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, 30)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
async def gate(request: pytest.FixtureRequest) -> AsyncIterator[Gate]:
    """Closed before the first transaction, or at the point that a test names."""
    gate = Gate(getattr(request, "param", "before_begin"))
    yield gate
    gate.open()


@pytest.fixture
async def gated(path: Path, gate: Gate) -> AsyncIterator[SqliteStore]:
    store = open_store(path, create=True, on_point=gate)
    yield store
    gate.open()
    store.close()


async def _under_way(store: SqliteStore, *works: Callable[[UnitOfWork], object]) -> list[asyncio.Task[object]]:
    """Commits that have been handed to the writer and are not done."""
    tasks = [asyncio.create_task(store.commit(work)) for work in works]
    await asyncio.sleep(0)
    return tasks


def _pairs(reader: Reader) -> list[int]:
    return [number for number in range(200) if reader.setting(f"a/{number}") and reader.setting(f"b/{number}")]


async def test_commands_that_wait_share_a_transaction_up_to_the_limit(gated: SqliteStore, gate: Gate) -> None:
    tasks = await _under_way(gated, *(partial(put_pair, number) for number in range(2 * GROUP_COMMANDS + 1)))

    gate.open()
    await asyncio.gather(*tasks)

    assert gate.passed.count("after_commit") == 3
    assert gated.read(_pairs) == list(range(2 * GROUP_COMMANDS + 1))


async def test_no_command_joins_a_transaction_that_has_lasted_its_time(path: Path, gate: Gate) -> None:
    migrate(path)
    now = 0.0

    def slow(_: UnitOfWork) -> None:
        nonlocal now
        now += GROUP_S / 2

    writer = Writer(path, FileIdentity(path), on_point=gate, monotonic=lambda: now)
    tasks = [asyncio.create_task(writer.commit(slow)) for _ in range(6)]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(*tasks)
    writer.close()

    assert gate.passed.count("after_commit") == 3


async def test_a_command_that_fails_is_undone_alone_in_its_group(gated: SqliteStore, gate: Gate) -> None:
    def fail(uow: UnitOfWork) -> None:
        put_pair(1, uow)
        raise LookupError

    tasks = await _under_way(gated, partial(put_pair, 0), fail, partial(put_pair, 2))
    gate.open()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(result) for result in results] == [type(None), LookupError, type(None)]
    assert gate.passed.count("after_commit") == 1
    assert gated.read(_pairs) == [0, 2]


async def test_a_failure_that_ends_the_transaction_is_told_to_everyone_in_it(
    gated: SqliteStore, gate: Gate, on_connect: list[Callable[[apsw.Connection], None]]
) -> None:
    def fail_like_a_disk(connection: apsw.Connection) -> None:
        # The statement takes the whole transaction with it, as SQLite itself does then.
        connection.execute("""
            CREATE TEMP TRIGGER disk_fails BEFORE INSERT ON main.setting WHEN new.name = 'a/1'
            BEGIN SELECT RAISE(ROLLBACK, 'gone'); END
        """)

    on_connect.append(fail_like_a_disk)
    tasks = await _under_way(gated, partial(put_pair, 0), partial(put_pair, 1))

    gate.open()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    await gated.commit(partial(put_pair, 2))

    assert all(isinstance(result, VdwError) for result in results)
    assert gated.read(_pairs) == [2]


async def test_a_command_that_is_cancelled_before_its_turn_is_never_begun(gated: SqliteStore, gate: Gate) -> None:
    first, second = await _under_way(gated, partial(put_pair, 0), partial(put_pair, 1))
    await gate.reached()

    first.cancel()
    await asyncio.wait([first])
    gate.open()
    await second

    assert first.cancelled()
    assert gated.read(_pairs) == [1]


@pytest.mark.parametrize("gate", ["before_commit"], indirect=True)
async def test_a_command_that_is_cancelled_while_it_is_written_is_written_whole(gated: SqliteStore, gate: Gate) -> None:
    (task,) = await _under_way(gated, partial(put_pair, 0))
    await gate.reached()

    task.cancel()
    await asyncio.wait([task])
    gate.open()
    await gated.commit(partial(put_pair, 1))

    assert task.cancelled()
    assert gated.read(_pairs) == [0, 1]


@pytest.mark.parametrize("gate", ["after_commit"], indirect=True)
async def test_nothing_is_answered_before_its_commit_is_done(gated: SqliteStore, gate: Gate) -> None:
    (task,) = await _under_way(gated, partial(put_pair, 0))
    await gate.reached()

    assert not task.done()
    gate.open()
    await task


@pytest.mark.parametrize("gate", ["before_reply"], indirect=True)
async def test_the_lock_is_free_before_anybody_is_answered(gated: SqliteStore, gate: Gate, path: Path) -> None:
    (task,) = await _under_way(gated, partial(put_pair, 0))
    await gate.reached()

    other = open_store(path, create=False)
    await other.commit(partial(put_pair, 1))
    other.close()

    assert not task.done()
    gate.open()
    await task


async def test_who_gets_no_turn_within_the_time_is_told_so_and_has_written_nothing(path: Path) -> None:
    store = open_store(path, create=True, write_wait_s=0.02)
    lock = WriteLock(path)
    with lock, pytest.raises(VdwError) as caught:
        await store.commit(partial(put_pair, 0))
    lock.close()

    assert caught.value.code is ErrorCode.BUSY
    assert caught.value.next_step
    store.close()
    assert open_store(path, create=False).read(_pairs) == []


async def test_another_program_that_holds_the_file_makes_the_store_busy(path: Path) -> None:
    store = open_store(path, create=True, write_wait_s=0.02)
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(VdwError) as caught:
        await store.commit(partial(put_pair, 0))
    assert caught.value.code is ErrorCode.BUSY

    other.execute("ROLLBACK")
    other.close()
    store.close()


async def test_no_program_can_write_between_what_a_unit_of_work_reads_and_what_it_writes(
    path: Path, store: SqliteStore
) -> None:
    other = apsw.Connection(str(path))

    def work(uow: UnitOfWork) -> None:
        uow.setting("a/0")
        with pytest.raises(apsw.BusyError):
            other.execute("BEGIN IMMEDIATE")

    await store.commit(work)
    other.close()


async def test_readers_wait_for_no_writer(gated: SqliteStore, gate: Gate, path: Path) -> None:
    gate.open()
    await gated.commit(partial(put_pair, 0))
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE; DELETE FROM setting")

    assert gated.read(_pairs) == [0]

    other.execute("ROLLBACK")
    other.close()


async def test_closing_carries_nothing_over_outside_the_lock(path: Path, store: SqliteStore) -> None:
    await store.commit(partial(put_pair, 0))
    log = path.with_name(path.name + "-wal")
    store.close()

    # The last connection that closes would have carried the log over, outside the lock, and removed it.
    assert log.stat().st_size > 0
    assert open_store(path, create=False).read(_pairs) == [0]
