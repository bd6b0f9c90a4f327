"""Units of work: whole or not at all, seen by nobody before, on one snapshot for who reads."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from tests.contract.store.rows import AT, OURS, add_tenants, commit_at_once, person
from vdw.domain.ids import TenantId
from vdw.errors import VdwError
from vdw.store.interface import Reader, Store, UnitOfWork


class Refused(Exception):
    """What a command of a test raises."""


async def test_what_a_unit_of_work_returns_is_what_its_caller_gets(store: Store) -> None:
    def work(uow: UnitOfWork) -> str:
        uow.put_setting("name", b"value")
        return "done"

    assert await store.commit(work) == "done"
    assert store.read(lambda reader: reader.setting("name")) == b"value"


async def test_a_unit_of_work_sees_its_own_writes(store: Store) -> None:
    def work(uow: UnitOfWork) -> bytes | None:
        uow.put_setting("name", b"value")
        return uow.setting("name")

    assert await store.commit(work) == b"value"


async def test_nobody_sees_a_write_before_its_commit(store: Store) -> None:
    def work(uow: UnitOfWork) -> bytes | None:
        uow.put_setting("name", b"value")
        return store.read(lambda reader: reader.setting("name"))

    assert await store.commit(work) is None


async def test_an_exception_undoes_every_write_of_its_unit_of_work_and_reaches_the_caller(store: Store) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.put_setting("name", b"value")
        raise Refused

    with pytest.raises(Refused):
        await store.commit(work)
    assert store.read(lambda reader: reader.setting("name")) is None


async def test_an_iteration_that_ends_too_early_is_an_exception_like_others(store: Store) -> None:
    def work(uow: UnitOfWork) -> str:
        return next(row.id for row in uow.principals(TenantId("tnt_none")))

    with pytest.raises(RuntimeError):
        await store.commit(work)


async def test_of_many_commands_at_once_only_the_failing_ones_are_undone(store: Store) -> None:
    def work(number: int, uow: UnitOfWork) -> int:
        uow.put_setting(f"name {number}", b"value")
        if number % 7 == 3:
            raise Refused
        return number

    results = await commit_at_once(store, range(200), work)

    def stored(reader: Reader) -> list[bool]:
        return [reader.setting(f"name {number}") is not None for number in range(200)]

    assert [result for result in results if not isinstance(result, Refused)] == [n for n in range(200) if n % 7 != 3]
    assert store.read(stored) == [number % 7 != 3 for number in range(200)]


async def test_a_statement_that_is_refused_leaves_what_the_unit_of_work_wrote_before(store: Store) -> None:
    await add_tenants(store)

    def work(uow: UnitOfWork) -> None:
        uow.put_person(person())
        with pytest.raises(VdwError):
            uow.add_tenant(OURS, "real", "local", AT)

    await store.commit(work)
    assert store.read(lambda reader: reader.persons(OURS)) == (person(),)


async def test_a_read_keeps_its_snapshot_while_others_commit(store: Store) -> None:
    await store.commit(lambda uow: uow.put_setting("name", b"old"))
    loop = asyncio.get_running_loop()

    def work(reader: Reader) -> tuple[bytes | None, bytes | None]:
        before = reader.setting("name")
        asyncio.run_coroutine_threadsafe(store.commit(lambda uow: uow.put_setting("name", b"new")), loop).result()
        return before, reader.setting("name")

    assert await asyncio.to_thread(store.read, work) == (b"old", b"old")
    assert store.read(lambda reader: reader.setting("name")) == b"new"


async def test_a_read_inside_a_read_has_a_snapshot_of_its_own(store: Store) -> None:
    await store.commit(lambda uow: uow.put_setting("name", b"value"))

    nested = store.read(lambda outer: (outer.setting("name"), store.read(lambda inner: inner.setting("name"))))

    assert nested == (b"value", b"value")


async def test_an_exception_of_a_reader_reaches_its_caller_and_the_store_stays_usable(store: Store) -> None:
    with pytest.raises(Refused):
        store.read(_refuse)
    assert store.read(lambda reader: reader.last_seq()) == 0


def test_a_store_serves_one_event_loop_after_another(store: Store) -> None:
    for value in (b"first", b"second"):
        asyncio.run(store.commit(partial(_put, value)))

    assert store.read(lambda reader: reader.setting("name")) == b"second"


async def test_closing_waits_for_what_was_begun_and_refuses_what_comes_after(store: Store) -> None:
    submitted = [asyncio.ensure_future(store.commit(partial(_put, b"value"))) for _ in range(100)]
    await asyncio.sleep(0)  # every task hands its command over

    store.close()

    await asyncio.gather(*submitted)
    with pytest.raises(VdwError, match="closed"):
        store.read(lambda reader: reader.last_seq())
    with pytest.raises(VdwError, match="closed"):
        await store.commit(partial(_put, b"late"))


def _put(value: bytes, uow: UnitOfWork) -> None:
    uow.put_setting("name", value)


def _refuse(reader: Reader) -> None:
    raise Refused(reader.last_seq())
