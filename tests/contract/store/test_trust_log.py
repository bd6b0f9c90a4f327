"""Trust logs: chains that only grow at their end, one a tenant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.store.rows import OURS, THEIRS, add_tenants, commit_at_once, commit_each, digest, entry
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import ErrorCode, VdwError
from vdw.store.interface import Store

FIRST = entry(0)
SECOND = entry(1, FIRST.hash)
THIRD = entry(2, SECOND.hash)


async def test_a_log_begins_empty_and_grows_at_its_head(store: Store) -> None:
    await add_tenants(store)
    assert store.read(lambda reader: reader.log_head(OURS)) is None

    await commit_each(store, (FIRST, SECOND, THIRD), lambda row, uow: uow.append_entry(row))

    assert store.read(lambda reader: reader.log_head(OURS)) == THIRD
    assert store.read(lambda reader: reader.log_entries(OURS)) == (FIRST, SECOND, THIRD)
    assert store.read(lambda reader: reader.log_entries(OURS, after=0)) == (SECOND, THIRD)


async def test_an_entry_is_found_by_its_envelope_in_its_own_log_alone(store: Store) -> None:
    await add_tenants(store)
    await commit_each(store, (FIRST, SECOND), lambda row, uow: uow.append_entry(row))

    assert store.read(lambda reader: reader.log_entry(OURS, SECOND.envelope_digest)) == SECOND
    assert store.read(lambda reader: reader.log_entry(THEIRS, SECOND.envelope_digest)) is None
    assert store.read(lambda reader: reader.log_entry(OURS, THIRD.envelope_digest)) is None


async def test_each_tenant_has_its_own_log(store: Store) -> None:
    await add_tenants(store)
    theirs = entry(0, tenant=THEIRS)

    await commit_each(store, (FIRST, theirs), lambda row, uow: uow.append_entry(row))

    assert store.read(lambda reader: reader.log_entries(OURS)) == (FIRST,)
    assert store.read(lambda reader: reader.log_entries(THEIRS)) == (theirs,)


@pytest.mark.parametrize(
    "row",
    [
        entry(1, digest("another")),
        entry(2, FIRST.hash),
        entry(0),
        replace(SECOND, tenant=THEIRS),
        replace(SECOND, envelope_digest=FIRST.envelope_digest),
    ],
    ids=["other prev", "gap", "second root", "other tenant's log", "the same envelope again"],
)
async def test_an_entry_that_does_not_follow_the_head_is_a_conflict(store: Store, row: TrustEntry) -> None:
    await add_tenants(store)
    await store.commit(lambda uow: uow.append_entry(FIRST))

    with pytest.raises(VdwError) as caught:
        await store.commit(lambda uow: uow.append_entry(row))
    assert caught.value.code is ErrorCode.CONFLICT
    assert store.read(lambda reader: reader.log_head(OURS)) == FIRST


async def test_of_many_entries_for_one_place_one_is_accepted(store: Store) -> None:
    await add_tenants(store)
    rivals = [replace(FIRST, hash=digest(f"hash {n}"), envelope_digest=digest(f"envelope {n}")) for n in range(50)]

    results = await commit_at_once(store, rivals, lambda row, uow: uow.append_entry(row))

    assert results.count(None) == 1
    assert all(isinstance(result, VdwError) for result in results if result is not None)
    assert store.read(lambda reader: reader.log_entries(OURS)) == (rivals[results.index(None)],)
