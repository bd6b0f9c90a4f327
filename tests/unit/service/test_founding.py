"""Founding: the root is pinned before the store holds it, so no founded store is ever left without its pin."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.service.conftest import KEY_BYTES, app_in
from tests.unit.service.forging import execute
from tests.unit.service.walking import Tenant, refounded, refusal
from vdw.domain.tenant import TenantKind
from vdw.errors import VdwError
from vdw.service.environment import Environment
from vdw.service.founding import SERVER_KEY_SETTING, SOLO, found_tenant, new_tenant
from vdw.service.trust_view import TrustView
from vdw.trust.pin import read_pins
from vdw.trust.signer import KeySigner
from vdw.trust.state import TrustState


@pytest.fixture
async def env(tmp_path: Path) -> AsyncIterator[Environment]:
    """An environment over a store that nobody has founded."""
    app = app_in(tmp_path)
    yield app.founding_environment()
    await app.close()


async def test_where_the_root_cannot_be_pinned_nothing_is_founded(env: Environment, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    unwritable = replace(env, trust=TrustView(tmp_path / "file" / "trust.json", env.store))

    with pytest.raises(VdwError) as caught:
        await _found(unwritable)
    before = _tenants(env)
    trust = await _found(env)

    assert (refusal(caught), before, _tenants(env)) == ("trust", [], [trust.tenant])


async def test_a_founding_that_died_once_its_root_was_pinned_is_begun_anew(env: Environment, tmp_path: Path) -> None:
    def random_until_pinned(size: int) -> bytes:
        if (tmp_path / "trust.json").exists():
            raise InterruptedError
        return env.random_bytes(size)

    with pytest.raises(InterruptedError):
        await _found(replace(env, random_bytes=random_until_pinned))
    pinned, before = set(read_pins(tmp_path / "trust.json").tenants), _tenants(env)
    trust = await _found(env)

    assert (len(pinned), before) == (1, [])
    assert env.store.read(lambda reader: env.trust.state(reader, trust.tenant)) == trust


async def test_nothing_is_refounded_in_a_store_that_lacks_the_servers_key(tenant: Tenant) -> None:
    execute(tenant, "DELETE FROM setting WHERE name = ?", SERVER_KEY_SETTING)
    before = tenant.env.store.read(lambda reader: reader.log_head(tenant.operator.tenant))

    with pytest.raises(VdwError) as caught:
        await refounded(tenant)

    assert (refusal(caught), caught.value.public) == ("storage", "The server's key is missing from the store.")
    assert tenant.env.store.read(lambda reader: reader.log_head(tenant.operator.tenant)) == before


async def _found(env: Environment) -> TrustState:
    ids = new_tenant(env)
    signer = KeySigner(ids.approver, bytes(KEY_BYTES))
    return await found_tenant(
        env,
        ids,
        kind=TenantKind.REAL,
        person_name="Ada",
        signer=signer,
        public_key=signer.public_key,
        policy=SOLO,
    )


def _tenants(env: Environment) -> list[str]:
    return [tenant for tenant, _, _ in env.store.read(lambda reader: reader.tenants())]
