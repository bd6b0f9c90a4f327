"""Principals, keys and persons, as every engine has to keep them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.store.rows import AGENT, AT, LATER, OURS, THEIRS, add_tenants, commit_each, key, person, principal
from vdw.domain.ids import PrincipalId
from vdw.errors import VdwError
from vdw.store.interface import Store, UnitOfWork


async def _add_callers(store: Store) -> None:
    await add_tenants(store)

    def work(uow: UnitOfWork) -> None:
        for row in (principal("zoe"), principal("agent"), principal("agent", THEIRS)):
            uow.add_principal(row)
        for stored in (key("zzz"), key("aaa"), key("their-key", THEIRS)):
            uow.add_key(stored)

    await store.commit(work)


async def test_principals_come_oldest_first_and_only_the_tenants_own(store: Store) -> None:
    await _add_callers(store)

    assert store.read(lambda reader: reader.principals(OURS)) == (principal("zoe"), principal("agent"))
    assert store.read(lambda reader: reader.principal(OURS, AGENT)) == principal("agent")
    assert store.read(lambda reader: reader.principal(THEIRS, PrincipalId("prn_zoe"))) is None


async def test_keys_come_oldest_first_and_only_the_tenants_own(store: Store) -> None:
    await _add_callers(store)

    assert store.read(lambda reader: reader.keys(OURS)) == (key("zzz"), key("aaa"))
    assert store.read(lambda reader: reader.key("their-key")) == key("their-key", THEIRS)
    assert store.read(lambda reader: reader.key("never")) is None


async def test_a_key_stays_revoked_from_the_first_time_on(store: Store) -> None:
    await _add_callers(store)

    answers = await commit_each(store, (AT, LATER), lambda at, uow: uow.revoke_key(OURS, "aaa", at))

    assert answers == [True, True]
    assert store.read(lambda reader: reader.key("aaa")) == replace(key("aaa"), revoked_at=AT)


async def test_another_tenants_key_cannot_be_revoked(store: Store) -> None:
    await _add_callers(store)

    assert not await store.commit(lambda uow: uow.revoke_key(OURS, "their-key", AT))
    assert not await store.commit(lambda uow: uow.revoke_key(OURS, "never", AT))
    assert store.read(lambda reader: reader.key("their-key")) == key("their-key", THEIRS)


async def test_a_key_tells_when_it_was_last_used(store: Store) -> None:
    await _add_callers(store)

    await store.commit(lambda uow: uow.touch_key("aaa", LATER))

    assert store.read(lambda reader: reader.key("aaa")) == replace(key("aaa"), last_used_at=LATER)


async def test_a_key_needs_a_principal_of_its_tenant(store: Store) -> None:
    await _add_callers(store)

    with pytest.raises(VdwError):
        await store.commit(lambda uow: uow.add_key(key("stray", THEIRS, of=PrincipalId("prn_zoe"))))


async def test_persons_come_oldest_first_and_may_change_their_name(store: Store) -> None:
    await add_tenants(store)
    renamed = replace(person("zoe"), name="Zoë")

    rows = (person("zoe"), person("ada"), person("ada", THEIRS), renamed)
    await commit_each(store, rows, lambda row, uow: uow.put_person(row))

    assert store.read(lambda reader: reader.persons(OURS)) == (renamed, person("ada"))
    assert store.read(lambda reader: reader.persons(THEIRS)) == (person("ada", THEIRS),)
