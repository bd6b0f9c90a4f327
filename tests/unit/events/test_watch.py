"""Waiting for what is committed: one task for all who wait, and none when nobody does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from tests.contract.store.rows import add_projects, event, project
from vdw.errors import ErrorCode, VdwError
from vdw.events.watch import EventWatch
from vdw.store.sqlite.store import SqliteStore, open_store

LOOK_S = 0.005
LONG_S = 60.0
"""More than a test lives: whoever returns was woken."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = open_store(tmp_path / "vdw.db", create=True)
    await add_projects(opened, project(), project("other"))
    yield opened
    opened.close()


@pytest.fixture
def watch(store: SqliteStore) -> EventWatch:
    return EventWatch(store, poll_s=LOOK_S)


async def _happen(store: SqliteStore, version: int) -> int:
    return await store.commit(lambda uow: uow.add_event(event(project(), version)))


async def _waiting(watch: EventWatch, after_seq: int, count: int) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(watch.wait(after_seq, LONG_S)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


async def _tasks_beside(*known: asyncio.Task[int]) -> set[asyncio.Task[object]]:
    return {task for task in asyncio.all_tasks() if task not in known and task is not asyncio.current_task()}


async def test_what_has_happened_already_is_answered_at_once(store: SqliteStore, watch: EventWatch) -> None:
    seq = await _happen(store, 2)

    assert await watch.wait(seq - 1, 0) == seq


async def test_who_waits_in_vain_gets_the_newest_there_is(store: SqliteStore, watch: EventWatch) -> None:
    newest = store.read(lambda reader: reader.last_seq())

    assert await watch.wait(newest, 0) == newest
    assert await watch.wait(newest + 5, 0.01) == newest


async def test_everyone_who_waits_for_less_is_woken_by_an_event(store: SqliteStore, watch: EventWatch) -> None:
    newest = store.read(lambda reader: reader.last_seq())
    tasks = await _waiting(watch, newest, 20)
    (patient,) = await _waiting(watch, newest + 1, 1)

    seq = await _happen(store, 2)

    assert await asyncio.gather(*tasks) == [seq] * 20
    assert not patient.done()
    patient.cancel()


async def test_who_waits_for_a_project_is_woken_by_its_events_alone(store: SqliteStore, watch: EventWatch) -> None:
    newest = store.read(lambda reader: reader.last_seq())
    ours = asyncio.create_task(watch.wait(newest, LONG_S, [project().id]))
    others = asyncio.create_task(watch.wait(newest, LONG_S, [project("other").id]))
    (anything,) = await _waiting(watch, newest, 1)

    seq = await _happen(store, 2)

    assert (await ours, await anything) == (seq, seq)
    assert not others.done()
    later = await store.commit(lambda uow: uow.add_event(event(project("other"), 2)))
    assert await others == later


async def test_what_a_project_has_seen_before_the_wait_is_answered_at_once(
    store: SqliteStore, watch: EventWatch
) -> None:
    newest = store.read(lambda reader: reader.last_seq())

    seq = await _happen(store, 2)

    assert await watch.wait(newest, LONG_S, [project().id]) == seq
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(watch.wait(newest, LONG_S, [project("other").id]), LOOK_S * 10)


async def test_more_events_than_one_look_reads_wake_everybody(
    store: SqliteStore, watch: EventWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = store.read(lambda reader: reader.last_seq())
    monkeypatch.setattr("vdw.events.watch.MAX_NEW", 1)
    waiting = asyncio.create_task(watch.wait(newest, LONG_S, [project("other").id]))
    await asyncio.sleep(0)

    await store.commit(lambda uow: [uow.add_event(event(project(), version)) for version in (2, 3)])

    assert await waiting == newest + 2


async def test_an_event_committed_through_another_store_wakes_too(
    store: SqliteStore, watch: EventWatch, tmp_path: Path
) -> None:
    other = open_store(tmp_path / "vdw.db", create=False)
    (task,) = await _waiting(watch, store.read(lambda reader: reader.last_seq()), 1)

    seq = await _happen(other, 2)

    assert await task == seq
    other.close()


async def test_waiting_takes_one_task_for_all_and_no_thread_and_no_connection(
    store: SqliteStore, watch: EventWatch
) -> None:
    newest = store.read(lambda reader: reader.last_seq())
    before = await _tasks_beside(), threading.active_count(), len(apsw.connections())

    tasks = await _waiting(watch, newest, 50)

    assert len(await _tasks_beside(*tasks) - before[0]) == 1
    assert (threading.active_count(), len(apsw.connections())) == before[1:]
    for task in tasks:
        task.cancel()


async def test_the_task_ends_when_nobody_waits_and_begins_again_with_the_next(
    store: SqliteStore, watch: EventWatch
) -> None:
    for version in (2, 3):
        before = await _tasks_beside()
        (task,) = await _waiting(watch, store.read(lambda reader: reader.last_seq()), 1)
        (looking,) = await _tasks_beside(task) - before
        await _happen(store, version)
        await task

        await asyncio.wait([looking], timeout=LONG_S)

        assert looking.done()


async def test_a_waiter_that_is_cancelled_is_forgotten(store: SqliteStore, watch: EventWatch) -> None:
    before = await _tasks_beside()
    (task,) = await _waiting(watch, store.read(lambda reader: reader.last_seq()), 1)
    (looking,) = await _tasks_beside(task) - before

    task.cancel()
    await asyncio.wait([looking], timeout=LONG_S)

    assert looking.done()


async def test_a_store_that_cannot_be_read_is_told_to_whoever_waits(store: SqliteStore, watch: EventWatch) -> None:
    (task,) = await _waiting(watch, store.read(lambda reader: reader.last_seq()), 1)

    store.close()

    with pytest.raises(VdwError) as caught:
        await task
    assert caught.value.code is ErrorCode.STORAGE
