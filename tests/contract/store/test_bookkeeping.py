"""Tenants, remembered calls and settings, as every engine has to keep them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.store.rows import AGENT, AT, LATER, OURS, THEIRS, TWO, add_tenants, commit_each, digest, replay
from vdw.domain.ids import PrincipalId
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import Store


async def test_tenants_come_oldest_first_with_kind_and_region(store: Store) -> None:
    assert store.read(lambda reader: reader.tenants()) == ()

    await add_tenants(store)

    assert store.read(lambda reader: reader.tenants()) == ((OURS, "real", "local"), (THEIRS, "demo", "eu"))


async def test_a_tenant_is_added_once_and_so_keeps_kind_and_region(store: Store) -> None:
    await add_tenants(store)

    with pytest.raises(VdwError) as caught:
        await store.commit(lambda uow: uow.add_tenant(OURS, "demo", "eu", AT))
    assert caught.value.code is ErrorCode.CONFLICT


async def test_a_remembered_call_is_found_under_its_tenant_principal_and_key_alone(store: Store) -> None:
    await add_tenants(store)

    await store.commit(lambda uow: uow.put_replay(replay()))

    assert store.read(lambda reader: reader.replay(OURS, AGENT, "key:a")) == replay()
    assert store.read(lambda reader: reader.replay(THEIRS, AGENT, "key:a")) is None
    assert store.read(lambda reader: reader.replay(OURS, PrincipalId("prn_other"), "key:a")) is None
    assert store.read(lambda reader: reader.replay(OURS, AGENT, "key:b")) is None


async def test_a_later_call_under_the_same_key_takes_the_place(store: Store) -> None:
    await add_tenants(store)
    later = replace(replay(at=LATER), body=digest("other"), project=TWO, event_version=9, unchanged="f" * 64)

    await commit_each(store, (replay(), later), lambda row, uow: uow.put_replay(row))

    assert store.read(lambda reader: reader.replay(OURS, AGENT, "key:a")) == later


async def test_calls_from_before_a_time_are_forgotten(store: Store) -> None:
    await add_tenants(store)
    await commit_each(store, (replay("key:old"), replay("key:new", LATER)), lambda row, uow: uow.put_replay(row))

    assert await store.commit(lambda uow: uow.drop_replays(LATER, limit=9)) == 1

    assert store.read(lambda reader: reader.replay(OURS, AGENT, "key:old")) is None
    assert store.read(lambda reader: reader.replay(OURS, AGENT, "key:new")) is not None


async def test_calls_are_forgotten_oldest_first_and_not_too_many_at_once(store: Store) -> None:
    await add_tenants(store)
    ages = ("2026-11-24T11:00:02Z", "2026-11-24T11:00:00Z", "2026-11-24T11:00:01Z")
    await commit_each(store, [replay(at, at) for at in ages], lambda row, uow: uow.put_replay(row))

    assert await store.commit(lambda uow: uow.drop_replays(AT, limit=2)) == 2

    left = store.read(lambda reader: [at for at in ages if reader.replay(OURS, AGENT, at) is not None])
    assert left == ["2026-11-24T11:00:02Z"]


async def test_a_setting_holds_the_last_bytes_it_was_given(store: Store) -> None:
    assert store.read(lambda reader: reader.setting("name")) is None

    await commit_each(store, (b"\x00\xff", b"second"), lambda value, uow: uow.put_setting("name", value))

    assert store.read(lambda reader: reader.setting("name")) == b"second"
