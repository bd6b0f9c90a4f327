"""Which keys are in use: `vdw key list` tells it to the hour, at one write an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from tests.unit.service.walking import Tenant
from vdw.auth.api_keys import ApiKeys
from vdw.domain.canonical import JsonValue
from vdw.domain.clock import timestamp
from vdw.errors import ErrorCode, VdwError
from vdw.service.keys import CreatedKey, create_key, list_keys
from vdw.store.interface import Reader, Store, UnitOfWork

T = TypeVar("T")


async def test_a_key_that_was_never_used_says_so(tenant: Tenant) -> None:
    key = await create_key(tenant.env, tenant.operator, name="claude-code")

    assert _last_used(tenant, key) is None


async def test_a_key_tells_the_hour_of_its_last_use(tenant: Tenant) -> None:
    key = await create_key(tenant.env, tenant.operator, name="claude-code")
    keys = ApiKeys(tenant.env.store, tenant.clock)

    await keys.verify_token(key.token.reveal())
    first = _last_used(tenant, key)
    tenant.clock.forward(timedelta(minutes=59))
    await keys.verify_token(key.token.reveal())
    within_the_hour = _last_used(tenant, key)
    tenant.clock.forward(timedelta(minutes=2))
    later = timestamp(tenant.clock())
    await keys.verify_token(key.token.reveal())

    assert first is not None
    assert within_the_hour == first
    assert str(_last_used(tenant, key)) >= later


async def test_a_store_that_cannot_be_written_refuses_no_caller(tenant: Tenant) -> None:
    key = await create_key(tenant.env, tenant.operator, name="claude-code")
    keys = ApiKeys(Unwritable(tenant.env.store), tenant.clock)

    caller = await keys.verify_token(key.token.reveal())

    assert caller.id == key.principal


class Unwritable:
    """The store on a disk that is full."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, work: Callable[[Reader], T]) -> T:
        return self._store.read(work)

    async def commit(self, _: Callable[[UnitOfWork], T]) -> T:
        raise VdwError(ErrorCode.STORAGE, "The store has no room left on its disk.", "Free some space.")

    def close(self) -> None:
        self._store.close()


def _last_used(tenant: Tenant, key: CreatedKey) -> JsonValue:
    (row,) = (row for row in list_keys(tenant.env, tenant.operator) if row["key_id"] == key.key_id)
    return row["last_used_at"]
