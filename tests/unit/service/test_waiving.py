"""Waivers: one finding, lifted by a signature until its day, for its subjects as they were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.service.walking import Tenant, Walk, refusal, requirement_changed, waive, without_acceptance
from vdw.domain.clock import timestamp
from vdw.domain.stages import Phase
from vdw.errors import VdwError
from vdw.service.answers import AcceptedStatement
from vdw.service.waiving import require_waivable, sign_waiver

FINDING = "missing_acceptance:REQ-001"
ONE_REQUIREMENT = "The helper must add an item."


async def test_a_waiver_lifts_a_blocking_finding_and_the_finding_names_it(tenant: Tenant) -> None:
    walk = await _blocked(tenant)

    accepted = await _waive(walk)

    finding = walk.view().findings[0]
    assert (accepted.outcome, finding.key) == ("waived", FINDING)
    assert len(finding.waived_by) == 1
    assert (await walk.ask()).outcome == "waiting"


async def test_a_waiver_holds_on_its_last_day(tenant: Tenant) -> None:
    walk = await _blocked(tenant)

    await _waive(walk, days=0)

    assert (await walk.ask()).outcome == "waiting"


async def test_a_waiver_ends_with_its_day(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    await _waive(walk, days=1)
    tenant.clock.forward(timedelta(days=2))

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "blocked"


async def test_the_end_of_a_waiver_closes_no_gate_that_it_helped_to_open_but_blocks_the_next(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    await _waive(walk, days=1)
    await walk.ask()
    await walk.decide()
    tenant.clock.forward(timedelta(days=2))

    submitted = await walk.submit()

    assert walk.approved()["mood"] == "self-approved"
    assert [finding.key for finding in submitted.findings] == [FINDING]


async def test_a_waiver_dies_when_its_subject_changes(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    await _waive(walk)

    submitted = await walk.change_elements(requirement_changed(walk.brief()))

    assert [(finding.key, finding.waived_by) for finding in submitted.findings] == [(FINDING, [])]
    assert not submitted.allowed


async def test_a_waiver_lives_on_when_something_else_changes(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    await _waive(walk)

    submitted = await walk.change_elements(
        {"op": "set", "id": "CON-001", "element": {"id": "CON-001", "statement": "No cloud."}}
    )

    assert submitted.allowed


async def test_a_waiver_of_one_requirement_says_nothing_of_another(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit(without_acceptance(walk.draft()))

    await _waive(walk)

    with pytest.raises(VdwError) as caught:
        await walk.ask()
    assert caught.value.public == "No review can open: 1 blocking finding."


async def test_a_finding_that_does_not_stand_cannot_be_waived(tenant: Tenant) -> None:
    walk = await _blocked(tenant)

    with pytest.raises(VdwError) as caught:
        await _waive(walk, finding="missing_acceptance:REQ-009")

    assert refusal(caught) == "not_found"


@pytest.mark.parametrize("until", ["2020-01-01", "tomorrow", "", "2999-02-30"])
async def test_a_waiver_ends_on_a_day_that_is_to_come(tenant: Tenant, until: str) -> None:
    walk = await _blocked(tenant)

    with pytest.raises(VdwError) as caught:
        await waive(
            tenant.env, tenant.operator, tenant.signer, walk.project, finding=FINDING, until=until, reason="Later."
        )

    assert (refusal(caught), caught.value.details["path"]) == ("invalid_input", "until")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
async def test_a_waiver_says_why(tenant: Tenant, reason: str) -> None:
    walk = await _blocked(tenant)

    with pytest.raises(VdwError) as caught:
        await _waive(walk, reason=reason)

    assert (refusal(caught), caught.value.details["path"]) == ("invalid_input", "reason")


async def test_what_was_changed_since_a_waiver_was_checked_is_not_signed(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    until = timestamp(tenant.clock())[:10]
    wanted = await require_waivable(
        tenant.env, tenant.operator, walk.project, finding=FINDING, until=until, reason="It is tried by hand."
    )
    await walk.change_elements(requirement_changed(walk.brief()))

    with pytest.raises(VdwError) as caught:
        await sign_waiver(tenant.env, tenant.operator, tenant.signer, wanted)

    assert refusal(caught) == "look_again"
    assert [finding.waived_by for finding in walk.view().findings] == [[]]


async def test_nothing_is_waived_while_nothing_was_submitted(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    with pytest.raises(VdwError) as caught:
        await _waive(walk)

    assert refusal(caught) == "not_found"
    assert walk.view().phase == Phase.MOOD


async def _blocked(tenant: Tenant) -> Walk:
    """A project whose mood is blocked by `FINDING` alone."""
    walk = await Walk.begin(tenant, vibe=ONE_REQUIREMENT)
    await walk.submit(without_acceptance(walk.draft()))
    return walk


async def _waive(
    walk: Walk, *, days: int = 3, finding: str = FINDING, reason: str = "It is tried by hand."
) -> AcceptedStatement:
    tenant = walk.tenant
    until = timestamp(tenant.clock() + timedelta(days=days))[:10]
    return await waive(
        tenant.env, tenant.operator, tenant.signer, walk.project, finding=finding, until=until, reason=reason
    )
