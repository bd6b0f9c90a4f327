"""Tenants over a real store and the real reasoner, which all tests of a run share: its workers start once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.unit.service.changes import change_policy, enrol
from tests.unit.service.walking import Clock, Tenant
from vdw.app import App
from vdw.auth.api_keys import principal_of
from vdw.cli.demo.founding import found_demo
from vdw.domain.policy import Policy
from vdw.domain.principal import Principal
from vdw.domain.secret import Secret
from vdw.domain.tenant import TenantKind
from vdw.reasoning.service import Reasoner
from vdw.service.environment import Environment
from vdw.service.founding import found_tenant, new_tenant
from vdw.service.keys import create_key
from vdw.trust.signer import KeySigner

VERDICT_SECONDS = 10.0
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class TwoOwners:
    """A real tenant: every gate asks two owners, and none may decide on what their own agents made. The agent is
    Ada's."""

    tenant: Tenant
    ada: KeySigner
    ben: KeySigner
    carla: KeySigner
    bens_agent: Principal


@pytest.fixture(scope="session")
async def reasoner() -> AsyncIterator[Reasoner]:
    shared = Reasoner(deadline_s=VERDICT_SECONDS)
    yield shared
    await shared.close()


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    app = app_in(tmp_path)
    yield app
    await app.close()


@pytest.fixture
async def tenant(app: App, reasoner: Reasoner) -> Tenant:
    """The demo's tenant: one approver, who may decide on what their own agent made."""
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


@pytest.fixture
async def two_owners(app: App, reasoner: Reasoner) -> TwoOwners:
    app.founding_environment()
    env, clock = environment(app, reasoner)
    ids = new_tenant(env)
    ada = KeySigner(ids.approver, env.random_bytes(KEY_BYTES))
    await found_tenant(
        env,
        ids,
        kind=TenantKind.REAL,
        person_name="Ada",
        signer=ada,
        public_key=ada.public_key,
        policy=Policy(quorum=1, self_approval=False),
    )
    operator = app.operator()
    ben = await enrol(env, operator, "Ben", ada)
    carla = await enrol(env, operator, "Carla", ada)
    await change_policy(env, operator, Policy(quorum=2, self_approval=False), ada)
    tenant = Tenant(
        env=env,
        operator=operator,
        agent=await caller(env, operator, "agent", "Ada"),
        runner=await caller(env, operator, "runner", "Ada"),
        signer=ben,
        clock=clock,
        store_file=app.settings.store_file,
    )
    return TwoOwners(tenant, ada, ben, carla, await caller(env, operator, "agent", "Ben"))


def app_in(folder: Path) -> App:
    return App(
        {
            "data_dir": str(folder / "store"),
            "config_dir": str(folder / "config"),
            "trust_file": str(folder / "trust.json"),
        }
    )


def environment(app: App, reasoner: Reasoner) -> tuple[Environment, Clock]:
    """The app's environment with a clock that can be set forward, and the reasoner that all share."""
    env = app.environment()
    clock = Clock(env.clock)
    return replace(env, clock=clock, reasoner=reasoner), clock


def principal(env: Environment, key: Secret) -> Principal:
    return env.store.read(lambda reader: principal_of(reader, key.reveal(), env.clock()))


async def caller(env: Environment, operator: Principal, kind: str, owner: str) -> Principal:
    created = await create_key(env, operator, name=f"{owner}'s {kind}", kind=kind, owner=owner)
    return principal(env, created.token)
