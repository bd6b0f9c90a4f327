"""What is told as the next step can be taken: no law refuses it, and where it leads the project goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.service.changes import change_policy
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.walking import Tenant, Walk, refounded, refusal, waive, without_acceptance
from vdw.domain.canonical import JsonValue
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError
from vdw.service.changing import Change, change_project
from vdw.service.founding import DEMO
from vdw.service.next_steps import FOR_AGENT, Step
from vdw.service.person_steps import FOR_PERSON, next_for_person
from vdw.service.refounded import put_back_all

FINDING = "missing_acceptance:REQ-001"
LANE_MOVED = "The lane changed after this revision was submitted: submit_artifact mood again, changed or not."
ONE = "The helper must add an item."


def test_every_step_has_words_for_agents_and_for_people() -> None:
    assert set(FOR_AGENT) == set(FOR_PERSON) == set(Step)


async def test_after_a_change_of_lane_and_a_resumed_mood_it_is_to_submit_it_again(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.pass_gate(draft)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change(Change("change_lane", lane=Lane.LIGHT))
    await walk.change(Change("resume"))

    assert (walk.view().next, walk.brief().next) == (LANE_MOVED, LANE_MOVED)
    assert "The lane changed" in _for_person(walk)
    await walk.submit(draft)
    assert walk.view().next == "Nothing blocks: call request_review."
    assert (await walk.ask()).outcome == "waiting"


async def test_after_a_change_of_lane_during_the_review_of_the_mood_too(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    await walk.change(Change("change_lane", lane=Lane.LIGHT))

    assert walk.view().next == LANE_MOVED


async def test_where_the_policy_no_longer_has_the_lane_it_is_to_be_changed(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant, Lane.LIGHT)
    await walk.submit()
    await change_policy(tenant.env, tenant.operator, replace(DEMO, lanes=("full",)), tenant.signer)

    assert walk.view().next == walk.brief().next
    assert walk.view().next.endswith(
        "no longer has the light lane, so no review will open: change_project change_lane full."
    )
    assert f'Change the lane of {walk.view().slug} in vdw to full."' in _for_person(walk)
    await walk.change(Change("change_lane", lane=Lane.FULL))
    assert walk.view().next == LANE_MOVED


async def test_where_the_policy_no_longer_has_the_full_lane_the_mood_is_reopened_first(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    await change_policy(tenant.env, tenant.operator, replace(DEMO, lanes=("light",)), tenant.signer)

    assert walk.view().next == walk.brief().next
    assert walk.view().next.endswith("change_project reopen mood, and then change_lane light.")
    assert "Reopen the mood of" in _for_person(walk)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    assert walk.view().next.endswith("change_project change_lane light.")
    await walk.change(Change("change_lane", lane=Lane.LIGHT))
    assert "lane" not in walk.view().next


async def test_a_waiver_of_one_finding_of_two_leaves_the_other_to_mend(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit(without_acceptance(walk.draft()))
    until = timestamp(tenant.clock())[:10]

    told = [
        await waive(
            tenant.env, tenant.operator, tenant.signer, walk.project, finding=finding, until=until, reason="Later."
        )
        for finding in (FINDING, "missing_acceptance:REQ-002")
    ]

    assert [statement.next for statement in told] == [
        "Mend 1 blocking finding, then submit_artifact again.",
        "Nothing blocks: call request_review.",
    ]


@pytest.mark.parametrize("submitted", [True, False], ids=["a later gate has a revision", "a later gate has none"])
async def test_what_a_sweep_has_not_put_back_yet_is_told_as_the_sweep_leaves_it(
    tenant: Tenant, submitted: bool
) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    if submitted:
        await walk.submit()
    now = await refounded(tenant, sweep=False)
    walk = Walk(now, walk.project)

    before = _told(walk)
    await put_back_all(now.env, now.operator)

    assert before == _told(walk)
    assert (before[0], before[2]) == ("mood", walk.view().next)
    assert "a human signs it again" in before[2]
    await walk.signed_again()
    assert walk.view().phase == "architecture"


def _told(walk: Walk) -> tuple[str, ...]:
    view, brief = walk.view(), walk.brief()
    return view.phase, view.stage, view.next, brief.phase, brief.next, str(walk.draft()["schema"]), _for_person(walk)


async def test_a_template_draft_that_the_policy_does_not_accept_is_told_as_such(two_owners: TwoOwners) -> None:
    tenant = two_owners.tenant
    walk = await Walk.begin(tenant)
    await walk.submit({**walk.draft(), "drafted_by": "template"})

    assert walk.view().next == walk.brief().next
    assert "accepts no template draft" in walk.view().next
    assert "accepts no template draft" in _for_person(walk)


async def test_a_finding_in_a_phase_before_is_mended_where_it_lies(tenant: Tenant) -> None:
    walk = await _waived_mood(tenant)
    await walk.ask()
    await walk.decide()
    tenant.clock.forward(timedelta(days=2))
    await walk.submit()

    assert walk.view().next == (
        "1 blocking finding to mend in mood, a phase before this one: change_project reopen mood and submit_artifact "
        "there, or have a human waive what can be waived."
    )
    assert "to mend in the mood phase, which is to be reopened" in _for_person(walk)

    await walk.change(Change("reopen", phase=Phase.MOOD))
    mood = walk.draft()
    requirements: list[JsonValue] = [
        {**mapping(item), "acceptance": ["It is there."]} for item in items(mood["requirements"])
    ]
    await walk.pass_gate({**mood, "requirements": requirements})
    assert walk.view().phase != "mood"


async def test_a_requirement_that_the_current_phase_leaves_out_is_mended_in_the_current_phase(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    await walk.submit({**walk.draft(), "components": []})

    assert walk.view().next == "Mend 2 blocking findings, then submit_artifact again."


async def test_approving_over_a_waiver_that_ran_out_ends_the_review_and_says_so(tenant: Tenant) -> None:
    walk = await _waived_mood(tenant)
    await walk.ask()
    tenant.clock.forward(timedelta(days=2))

    with pytest.raises(VdwError) as caught:
        await walk.decide()

    assert refusal(caught) == "blocked"
    assert caught.value.next_step == "Have the finding mended or waived, and then the review requested anew."
    assert walk.view().review is None


async def test_after_an_abandoned_iteration_the_draft_takes_free_ids_and_the_brief_tells_them(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.VALIDATION)
    await change_project(tenant.env, tenant.operator, walk.project, Change("abandon", reason="Enough."))
    await walk.next_iteration()
    await walk.pass_gate()

    assert walk.brief().free_ids["changes"] == "CHG-002"
    submitted = await walk.submit()

    assert submitted.allowed
    assert walk.brief().free_ids["changes"] == "CHG-003"


async def _waived_mood(tenant: Tenant) -> Walk:
    """A mood whose one finding is waived until tomorrow."""
    walk = await Walk.begin(tenant, Lane.LIGHT, ONE)
    await walk.submit(without_acceptance(walk.draft()))
    until = timestamp(tenant.clock() + timedelta(days=1))[:10]
    await waive(tenant.env, tenant.operator, tenant.signer, walk.project, finding=FINDING, until=until, reason="Later.")
    return walk


def _for_person(walk: Walk) -> str:
    return next_for_person(walk.tenant.env, walk.tenant.operator, walk.project)
