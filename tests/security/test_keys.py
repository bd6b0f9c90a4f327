"""API keys: only a hash is stored, an unknown id is compared like a known one, and a key that ends ends everywhere at
once."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.interaction.servers import Demo, Served
from tests.security.attacks import Request, sent
from vdw.app import App
from vdw.auth import api_keys
from vdw.auth.api_keys import principal_of, to_principal
from vdw.domain.ids import PrincipalId, random_id
from vdw.domain.principal import KIND_PERMISSIONS, Permission, PrincipalKind
from vdw.domain.stages import Lane
from vdw.errors import ErrorCode, VdwError
from vdw.service.creating import create_project
from vdw.service.keys import CreatedKey, create_key, revoke_key


@pytest.fixture
def app(demo: Demo) -> Iterator[App]:
    opened = demo.app()
    yield opened
    opened.environment().store.close()


async def made(app: App, kind: str = "agent", days: int = 0) -> CreatedKey:
    return await create_key(app.environment(), app.operator(), name="another", kind=kind, days=days)


async def test_the_store_holds_a_hash_and_no_secret(app: App, demo: Demo) -> None:
    token = (await made(app)).token.reveal()
    secret = token.rpartition("_")[2]
    files = [path.read_bytes() for path in (demo.folder / "store").iterdir() if path.is_file()]

    assert not any(secret.encode() in body for body in files)
    assert any(hashlib.sha256(secret.encode()).hexdigest().encode() in body for body in files)


async def test_a_key_has_256_random_bits_and_prints_nowhere(app: App) -> None:
    one, other = await made(app), await made(app)

    assert len(one.token.reveal().rpartition("_")[2]) * 5 >= 256
    assert one.token.reveal() != other.token.reveal()
    assert one.token.reveal() not in f"{one!r} {one}"


async def test_an_unknown_id_is_compared_as_a_wrong_secret_is(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    token = (await made(app)).token.reveal()
    start, _, secret = token.rpartition("_")
    unknown = f"{start[:-16]}{'z' * 16}_{secret}"
    compared: list[tuple[int, int]] = []

    class Watched:
        """The standard comparison, counted."""

        @staticmethod
        def compare_digest(one: str, other: str) -> bool:
            compared.append((len(one), len(other)))
            return hmac.compare_digest(one, other)

    monkeypatch.setattr(api_keys, "hmac", Watched)
    refusals = [refusal(app, wrong) for wrong in (f"{start}_{'a' * 52}", unknown)]

    assert compared == [(64, 64), (64, 64)]
    assert refusals[0].as_json() == refusals[1].as_json()


def refusal(app: App, token: str) -> VdwError:
    env = app.environment()
    with pytest.raises(VdwError) as refused:
        env.store.read(lambda reader: principal_of(reader, token, env.clock()))
    assert refused.value.code is ErrorCode.UNAUTHENTICATED
    return refused.value


async def test_a_revoked_key_is_refused_at_once_by_a_running_server(app: App, served: Served) -> None:
    key = await made(app)
    before = sent(served.port, key.token.reveal(), Request()).status
    await revoke_key(app.environment(), app.operator(), key.key_id)
    after = sent(served.port, key.token.reveal(), Request())

    assert (before, after.status) == (200, 401)
    assert after.headers["www-authenticate"] == "Bearer"
    assert b"revoked" not in after.body


async def test_an_expired_key_is_refused(app: App) -> None:
    key = await made(app, days=1)
    env = app.environment()

    def at(days: float) -> object:
        now = env.clock() + timedelta(days=days)
        return env.store.read(lambda reader: principal_of(reader, key.token.reveal(), now))

    assert at(0.9)
    with pytest.raises(VdwError) as refused:
        at(1)
    assert refused.value.code is ErrorCode.UNAUTHENTICATED


@pytest.mark.parametrize("kind", ["human", "operator", "admin", "", "Agent"])
async def test_a_kind_that_has_no_keys_gets_none(kind: str, app: App) -> None:
    with pytest.raises(VdwError) as refused:
        await made(app, kind)

    assert refused.value.code is ErrorCode.INVALID_INPUT


@pytest.mark.parametrize("kind", PrincipalKind)
async def test_a_stored_principal_can_do_no_more_than_its_kind(kind: PrincipalKind, app: App) -> None:
    key = await made(app)
    row = app.environment().store.read(
        lambda reader: reader.principal(app.operator().tenant, PrincipalId(key.principal))
    )
    assert row is not None
    forged = replace(row, kind=kind.value, permissions=tuple(Permission))

    if kind is PrincipalKind.OPERATOR:
        with pytest.raises(VdwError) as refused:
            to_principal(forged)
        assert refused.value.code is ErrorCode.UNAUTHENTICATED
    else:
        assert to_principal(forged).permissions == KIND_PERMISSIONS[kind]


@pytest.mark.parametrize("wrong", [{"kind": "human"}, {"kind": ""}, {"permissions": ("project:read", "gate:decide")}])
async def test_a_stored_principal_that_this_version_does_not_know_is_nobody(wrong: dict[str, Any], app: App) -> None:
    key = await made(app)
    row = app.environment().store.read(
        lambda reader: reader.principal(app.operator().tenant, PrincipalId(key.principal))
    )
    assert row is not None

    with pytest.raises(VdwError) as refused:
        to_principal(replace(row, **wrong))

    assert refused.value.code is ErrorCode.UNAUTHENTICATED
    assert key.principal in refused.value.reason


@pytest.mark.row(id="E8")
async def test_a_handle_is_128_bits_of_the_operating_systems_randomness(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    env, operator = app.environment(), app.operator()
    drawn: list[bytes] = []
    urandom = os.urandom

    def watched(size: int) -> bytes:
        drawn.append(urandom(size))
        return drawn[-1]

    monkeypatch.setattr(os, "urandom", watched)
    made = await create_project(env, operator, vibe="It must be hard to guess.", lane=Lane.FULL)

    assert made.project in {random_id("prj", each) for each in drawn if len(each) * 8 >= 128}
