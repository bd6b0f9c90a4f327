"""The whole way, once in each lane: what every other test of this folder takes a piece of."""

from __future__ import annotations

import pytest

from tests.unit.service.walking import Tenant, Walk
from vdw.domain.stages import Lane


@pytest.mark.parametrize("lane", list(Lane))
async def test_every_gate_of_a_lane_opens_in_turn_and_the_last_one_completes_the_iteration(
    tenant: Tenant, lane: Lane
) -> None:
    walk = await Walk.begin(tenant, lane)

    await walk.complete()

    view = walk.view()
    assert (view.status, view.verified, view.lane) == ("completed", "yes", lane.value)
    assert set(walk.approved().values()) == {"self-approved"}
