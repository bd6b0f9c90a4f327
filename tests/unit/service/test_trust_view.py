"""A process's view of a tenant's trust, for any thread: what was verified once is not worked out again, and nobody
waits for it."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

from tests.unit.service.changes import change_policy
from tests.unit.service.walking import Tenant, Walk
from vdw.domain.ids import TenantId
from vdw.domain.principal import Permission
from vdw.service.founding import DEMO
from vdw.service.refounded import acting_scene
from vdw.service.trust_view import TrustView
from vdw.store.interface import Reader
from vdw.trust.state import TrustState

WAIT_S = 20.0
"""Longest wait for another thread; only a test that fails waits so long."""
APPENDED = replace(DEMO, lanes=("full",))


class Watched(TrustView):
    """Remembers in which threads it was asked."""

    threads: frozenset[int] = frozenset()

    def state(self, reader: Reader, tenant: TenantId) -> TrustState:
        self.threads |= {threading.get_ident()}
        return super().state(reader, tenant)


def fresh_view(tenant: Tenant) -> Watched:
    """As a process has it that has just started."""
    return Watched(tenant.pin_file, tenant.env.store)


async def test_a_snapshot_from_before_an_append_finds_what_was_verified_then(tenant: Tenant) -> None:
    env, name = tenant.env, tenant.operator.tenant
    before = env.store.read(lambda reader: env.trust.state(reader, name))
    begun, appended = threading.Event(), threading.Event()

    def read(reader: Reader) -> TrustState:
        reader.log_head(name)  # here the snapshot begins
        begun.set()
        assert appended.wait(WAIT_S)
        return env.trust.state(reader, name)

    reading = asyncio.create_task(asyncio.to_thread(env.store.read, read))
    assert await asyncio.to_thread(begun.wait, WAIT_S)
    await change_policy(env, tenant.operator, APPENDED, tenant.signer)
    appended.set()
    seen = await reading

    assert seen is before  # not worked out again from the first entry
    assert env.store.read(lambda reader: env.trust.state(reader, name)).policy == APPENDED


async def test_two_threads_that_read_at_once_with_an_append_between_agree_with_a_fresh_view(tenant: Tenant) -> None:
    name, view = tenant.operator.tenant, fresh_view(tenant)
    begun, appended = threading.Barrier(3), threading.Event()

    def read(reader: Reader) -> TrustState:
        reader.log_head(name)
        begun.wait(WAIT_S)
        assert appended.wait(WAIT_S)
        return view.state(reader, name)

    before = tenant.env.store.read(lambda reader: fresh_view(tenant).state(reader, name))
    readings = [asyncio.create_task(asyncio.to_thread(tenant.env.store.read, read)) for _ in range(2)]
    await asyncio.to_thread(begun.wait, WAIT_S)
    await change_policy(tenant.env, tenant.operator, APPENDED, tenant.signer)
    after = tenant.env.store.read(lambda reader: view.state(reader, name))
    appended.set()

    assert await asyncio.gather(*readings) == [before, before]
    assert after == tenant.env.store.read(lambda reader: fresh_view(tenant).state(reader, name))
    assert tenant.env.store.read(lambda reader: view.state(reader, name)) is after


async def test_a_commands_first_look_at_the_trust_is_no_ones_wait(tenant: Tenant) -> None:
    walk, view = await Walk.begin(tenant), fresh_view(tenant)

    await acting_scene(replace(tenant.env, trust=view), tenant.agent, walk.project, Permission.PROJECT_READ)

    assert view.threads
    assert threading.get_ident() not in view.threads
