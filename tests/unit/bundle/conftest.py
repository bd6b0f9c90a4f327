"""One completed project for all tests of this folder and of the attacks on exports: made, exported, and left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.bundle.exports import Export, export_of
from tests.unit.service.conftest import app_in, environment, principal
from tests.unit.service.conftest import two_owners as two_owners
from tests.unit.service.walking import Tenant, Walk
from vdw.app import App
from vdw.cli.demo.founding import found_demo
from vdw.reasoning.service import Reasoner

VERDICT_SECONDS = 10.0


@pytest.fixture(scope="session")
async def reasoner() -> AsyncIterator[Reasoner]:
    shared = Reasoner(deadline_s=VERDICT_SECONDS)
    yield shared
    await shared.close()


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    return asyncio.run(completed(tmp_path_factory.mktemp("completed")))


@pytest.fixture
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    app = app_in(tmp_path_factory.mktemp("store"))
    yield app
    await app.close()


@pytest.fixture
async def tenant(app: App, reasoner: Reasoner) -> Tenant:
    return await demo_tenant(app, reasoner)


async def completed(folder: Path) -> Export:
    app, reasoner = app_in(folder), Reasoner(deadline_s=VERDICT_SECONDS)
    tenant = await demo_tenant(app, reasoner)
    walk = await (await Walk.begin(tenant)).complete()
    made = export_of(tenant, walk.project)
    await reasoner.close()
    await app.close()
    return made


async def demo_tenant(app: App, reasoner: Reasoner) -> Tenant:
    founded = await found_demo(app)
    env, clock = environment(app, reasoner)
    return Tenant(
        env=env,
        operator=app.operator(),
        agent=principal(env, founded.agent_key),
        runner=principal(env, founded.runner_key),
        signer=founded.signer,
        clock=clock,
        store_file=app.settings.store_file,
    )
