"""Law 7: the same command again gives the same answer and does nothing twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.unit.service.walking import (
    VIBE,
    Tenant,
    Walk,
    refusal,
    report,
    requirement_changed,
    without_acceptance,
)
from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping, text
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError
from vdw.service.answers import SubmittedArtifact
from vdw.service.changing import Change
from vdw.service.creating import create_project
from vdw.service.evidencing import EvidenceOffer, submit_evidence
from vdw.service.project_views import list_projects
from vdw.service.submitting import Submission, submit_artifact
from vdw.service.timeline import timeline


async def test_a_key_with_the_same_body_answers_the_same_and_adds_nothing(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    first = await walk.submit(key="monday")
    version = walk.view().version

    again = await walk.submit(key="monday")

    assert (again.digest, again.revision) == (first.digest, first.revision)
    assert walk.view().version == version


async def test_a_key_answers_for_its_own_revision_whatever_was_submitted_since(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    first = await walk.submit(draft, key="monday")
    await walk.submit(without_acceptance(draft))

    again = await walk.submit(draft, key="monday")

    assert again == first
    assert (again.revision, again.allowed, walk.view().phases[0].revision) == (1, True, 2)


async def test_a_key_answers_what_was_found_then_also_once_the_gate_is_behind(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant, vibe="The helper must add an item.")
    blocked = without_acceptance(walk.draft())
    first = await _submit_to_mood(walk, blocked, key="monday")
    await walk.pass_gate()
    await walk.submit({**walk.draft(), "components": []})
    assert walk.view().findings

    again = await _submit_to_mood(walk, blocked, key="monday")

    assert again == first
    assert [finding.key for finding in again.findings] == ["missing_acceptance:REQ-001"]


async def test_a_key_under_which_nothing_had_to_change_changes_nothing_later(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft)
    first = await walk.submit(draft, key="monday")
    await walk.submit(without_acceptance(draft))
    version = walk.view().version

    again = await walk.submit(draft, key="monday")

    assert first.unchanged
    assert again == first
    assert walk.view().version == version


async def test_a_key_answers_where_the_project_was_after_its_change(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    reopened = await walk.change(Change("reopen", phase=Phase.MOOD), key="monday")
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.ask()
    await walk.decide()

    again = await walk.change(Change("reopen", phase=Phase.MOOD), key="monday")

    assert again == reopened
    assert (again.phase, walk.view().phase) == ("mood", "architecture")


async def test_a_key_with_another_body_is_refused_and_names_the_earlier_call(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft, key="monday")

    with pytest.raises(VdwError) as caught:
        await walk.submit(without_acceptance(draft), key="monday")

    assert refusal(caught) == "idempotency"
    assert caught.value.details["project"] == walk.project


async def test_a_key_is_forgotten_after_a_day(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft, key="monday")
    tenant.clock.forward(timedelta(hours=24, seconds=1))

    other = await walk.submit(without_acceptance(draft), key="monday")

    assert other.revision == 2


async def test_what_is_too_old_to_be_answered_is_not_kept(tenant: Tenant) -> None:
    await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL, key="monday")
    tenant.clock.forward(timedelta(hours=24, seconds=1))

    await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL, key="tuesday")

    def kept(key: str) -> bool:
        found = tenant.env.store.read(lambda reader: reader.replay(tenant.agent.tenant, tenant.agent.id, f"key:{key}"))
        return found is not None

    assert (kept("monday"), kept("tuesday")) == (False, True)


async def test_a_key_is_the_callers_own(tenant: Tenant) -> None:
    mine = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL, key="monday")

    operators = await create_project(tenant.env, tenant.operator, vibe="It must rain.", lane=Lane.FULL, key="monday")

    assert operators.project != mine.project


async def test_a_key_for_one_tool_is_refused_for_another(tenant: Tenant) -> None:
    created = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL, key="monday")
    walk = Walk(tenant, created.project)

    with pytest.raises(VdwError) as caught:
        await walk.submit(key="monday")

    assert refusal(caught) == "idempotency"


@pytest.mark.parametrize("key", ["a" * 129, "a\x00b", "a\nb", "\u202e"])
async def test_a_key_that_is_too_long_or_not_printable_is_refused(tenant: Tenant, key: str) -> None:
    with pytest.raises(VdwError) as caught:
        await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL, key=key)

    assert refusal(caught) == "invalid_input"
    assert list_projects(tenant.env, tenant.agent).projects == []


async def test_the_retry_of_the_last_command_is_recognised_without_a_key(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    reopened = await walk.change(Change("reopen", phase=Phase.MOOD))

    again = await walk.change(Change("reopen", phase=Phase.MOOD))

    assert again == reopened


async def test_a_command_that_is_no_longer_the_last_one_is_a_new_command(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    await walk.change(Change("reopen", phase=Phase.ARCHITECTURE))
    await walk.change(Change("resume"))

    reopened = await walk.change(Change("reopen", phase=Phase.ARCHITECTURE))

    assert (reopened.phase, _count(walk, "reopened")) == ("architecture", 2)


async def test_another_caller_with_the_same_body_is_no_retry(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))

    with pytest.raises(VdwError) as caught:
        await walk.change(Change("reopen", phase=Phase.MOOD), by=tenant.operator)

    assert caught.value.details["law"] == 8


async def test_the_same_evidence_twice_in_a_row_is_recorded_once(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.IMPLEMENTATION)
    now = timestamp(tenant.clock())
    run = {"command": "pytest", "exit_code": 0, "dirty": False, "started_at": now, "ended_at": now}
    offer = EvidenceOffer("junit", report=report(), run=run, repository="pantry", commit="a" * 40)
    first = await submit_evidence(tenant.env, tenant.runner, walk.project, offer)

    again = await submit_evidence(tenant.env, tenant.runner, walk.project, offer)

    assert again == first
    assert len(items(walk.brief().basis["evidence"])) == 1


async def test_creating_twice_within_ten_minutes_answers_the_same_project(tenant: Tenant) -> None:
    first = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL)
    tenant.clock.forward(timedelta(minutes=9))

    again = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL)

    assert again == first


async def test_creating_twice_at_once_makes_one_project(tenant: Tenant) -> None:
    first, second = await asyncio.gather(
        *(create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL) for _ in range(2))
    )

    assert first == second


async def test_a_vibe_is_a_retry_also_after_others(tenant: Tenant) -> None:
    first = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL)
    await create_project(tenant.env, tenant.agent, vibe="It must rain.", lane=Lane.FULL)

    again = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL, title="Another name")

    assert again == first


async def test_a_project_whose_name_is_taken_is_named_by_its_id_as_well(tenant: Tenant) -> None:
    vibes = ("It must rain.", "It must snow.")

    first, second = [
        await create_project(tenant.env, tenant.agent, vibe=vibe, lane=Lane.FULL, title="Kettle") for vibe in vibes
    ]

    assert (first.slug, second.slug) == ("kettle", f"kettle-{second.project.removeprefix('prj_')[:6]}")


@pytest.mark.parametrize("lane", [Lane.FULL, Lane.LIGHT])
async def test_creating_again_after_ten_minutes_or_in_another_lane_makes_another_project(
    tenant: Tenant, lane: Lane
) -> None:
    first = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL)
    if lane is Lane.FULL:
        tenant.clock.forward(timedelta(minutes=10, seconds=2))

    other = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=lane)

    assert other.project != first.project


async def test_creating_again_makes_another_project_once_the_first_was_worked_on(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()

    other = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL)

    assert other.project != walk.project


async def test_what_is_current_already_is_answered_as_unchanged(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    first = await walk.submit(draft)
    await walk.submit(without_acceptance(draft))
    back = await walk.submit(draft)
    version = walk.view().version

    again = await walk.submit(draft, key="new key")

    assert again.unchanged
    assert (again.digest, walk.view().version) == (back.digest, version)
    assert back.digest != first.digest


async def test_asking_for_a_review_twice_joins_the_open_one(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    first = await walk.ask()

    again = await walk.ask()

    assert again == first
    assert _count(walk, "review_opened") == 1


async def _submit_to_mood(walk: Walk, artifact: JsonObject, key: str) -> SubmittedArtifact:
    submission = Submission(Phase.MOOD, artifact=artifact)
    return await submit_artifact(walk.tenant.env, walk.tenant.agent, walk.project, submission, key=key)


def _count(walk: Walk, event: str) -> int:
    events: list[JsonObject] = [
        mapping(item) for item in items(timeline(walk.tenant.env, walk.tenant.agent, walk.project)["events"])
    ]
    return [text(item["type"]) for item in events].count(event)
