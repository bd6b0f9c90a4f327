"""Waiting for a decision: by a clock that only goes forward, whatever happens to the system's."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.unit.service.forging import execute
from tests.unit.service.walking import Tenant, Walk, no_progress, refounded
from vdw.domain.stages import GateVerdict
from vdw.service.reviewing import request_review

LONG_S = 60
"""More than a test lives, in seconds: whoever returns has heard."""
FAR_TOO_LONG_S = 20


async def test_a_wait_ends_though_the_clock_is_set_back_meanwhile(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()

    def set_back_at_every_look() -> datetime:
        tenant.clock.forward(-timedelta(seconds=1))
        return tenant.clock()

    env = replace(tenant.env, clock=set_back_at_every_look)
    async with asyncio.timeout(FAR_TOO_LONG_S):
        asked = await request_review(env, tenant.agent, walk.project, wait_seconds=1, progress=no_progress)

    assert asked.outcome == "waiting"


async def test_a_wait_hears_how_the_review_ended(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()

    waiting = asyncio.create_task(
        request_review(tenant.env, tenant.agent, walk.project, wait_seconds=LONG_S, progress=no_progress)
    )
    await asyncio.sleep(0)
    await walk.decide(GateVerdict.REJECT, ("REQ-001", "Which date?"))

    assert (await waiting).outcome == "rejected"


@pytest.mark.parametrize("verdict", GateVerdict)
@pytest.mark.parametrize("sweep", [True, False])
async def test_a_wait_hears_that_the_root_was_replaced_behind_the_verdict(
    tenant: Tenant, verdict: GateVerdict, sweep: bool
) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()

    async def decide_and_refound(*_: object) -> None:
        await walk.decide(verdict)
        await refounded(tenant, sweep=sweep)

    asked = await request_review(tenant.env, tenant.agent, walk.project, wait_seconds=1, progress=decide_and_refound)

    assert asked.outcome == "refounded"


async def test_a_wait_tells_at_once_what_it_waits_for(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    told: list[tuple[int, int, str]] = []

    async def hear(passed: int, of: int, message: str) -> None:
        told.append((passed, of, message))

    await request_review(tenant.env, tenant.agent, walk.project, wait_seconds=1, progress=hear)

    (first,) = told
    assert first[:2] == (0, 1)
    assert " gate review " in first[2]


@pytest.mark.parametrize("end", ["approved", "rejected"])
async def test_a_verdict_that_nobody_signed_is_not_heard(tenant: Tenant, end: str) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    review, version = (await walk.ask()).review, walk.view().version
    ended = json.dumps({"review": review, "phase": "mood", "end": end})
    execute(
        tenant,
        "INSERT INTO event (tenant, project, version, type, actor, at, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(tenant.agent.tenant, walk.project, version + 1, "review_ended", "apr_x", "2026-11-24T00:00:00Z", ended),
    )

    asked = await request_review(tenant.env, tenant.agent, walk.project, wait_seconds=1, progress=no_progress)

    assert asked.outcome == "waiting"
