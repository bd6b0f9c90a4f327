"""Law 8: reopening, resuming, iterations, lanes, abandoning; what stands passes by itself, what was touched does
not."""

from __future__ import annotations

import pytest

from tests.unit.service.walking import VIBE, Tenant, Walk, refusal, report, requirement_changed
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError
from vdw.service.changing import Change
from vdw.service.project_views import list_projects
from vdw.service.timeline import timeline
from vdw.service.tracing import trace


async def test_reopening_keeps_the_later_phases_byte_for_byte(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.IMPLEMENTATION)
    before = {phase.phase: phase.digest for phase in walk.view().phases}

    changed = await walk.change(Change("reopen", phase=Phase.MOOD))

    assert (changed.phase, changed.stage) == ("mood", "drafting")
    assert {phase.phase: phase.digest for phase in walk.view().phases} == before
    assert walk.approved() == {
        "mood": "suspended",
        "architecture": "self-approved",
        "specification": "self-approved",
        "implementation": "no",
        "validation": "no",
    }


async def test_reopening_tells_what_rests_on_the_phase(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.IMPLEMENTATION)

    changed = await walk.change(Change("reopen", phase=Phase.ARCHITECTURE))

    assert [node["id"] for node in changed.affected] == ["SPC-001", "SPC-002", "TSK-001", "TSK-002"]


async def test_resuming_restores_everything_and_goes_on_where_the_work_was(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.IMPLEMENTATION)
    before = walk.approved()
    await walk.change(Change("reopen", phase=Phase.MOOD))

    resumed = await walk.change(Change("resume"))

    assert (resumed.phase, resumed.stage) == ("implementation", "drafting")
    assert walk.approved() == before
    assert _passed(walk) == ["mood", "architecture", "specification"]


async def test_resuming_is_refused_once_something_was_changed(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements(requirement_changed(walk.brief()))

    with pytest.raises(VdwError) as caught:
        await walk.change(Change("resume"))

    assert caught.value.details["law"] == 8


async def test_approvals_that_nothing_touched_pass_by_themselves_and_the_timeline_names_them(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.IMPLEMENTATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    constraint: JsonObject = {"id": "CON-001", "statement": "No cloud."}
    await walk.change_elements({"op": "set", "id": "CON-001", "element": constraint})
    await walk.ask()

    await walk.decide()

    assert walk.view().phase == "implementation"
    assert _passed(walk) == ["architecture", "specification"]


async def test_approvals_of_what_a_change_made_stale_are_asked_for_again(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.IMPLEMENTATION)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.ask()

    await walk.decide()

    assert (walk.view().phase, walk.view().stage, _passed(walk)) == ("architecture", "drafting", [])


async def test_only_an_approved_phase_reopens(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.change(Change("reopen", phase=Phase.SPECIFICATION))

    assert caught.value.details["law"] == 8


async def test_the_operator_abandons_and_an_agent_may_not(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.change(Change("abandon"))
    abandoned = await walk.change(Change("abandon", reason="We buy one."), by=tenant.operator)

    assert refusal(caught) == "forbidden"
    assert (abandoned.status, abandoned.phase) == ("abandoned", "")
    assert "We buy one." in str(_events(walk)[-1]["note"])


async def test_abandoning_closes_the_review(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    old = await walk.look()

    await walk.change(Change("abandon"), by=tenant.operator)

    with pytest.raises(VdwError) as caught:
        await walk.decide(sight=old)
    assert refusal(caught) == "look_again"
    assert walk.view().review is None


async def test_an_abandoned_project_starts_again_with_a_vibe(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.change(Change("abandon"), by=tenant.operator)

    started = await walk.next_iteration("It must rain.")

    assert (started.iteration, started.status, started.phase) == (2, "open", "mood")
    assert walk.brief().basis["vibe"] == ["It must rain."]


async def test_a_project_has_one_open_iteration(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.next_iteration()

    assert caught.value.details["law"] == 8


async def test_a_changed_requirement_makes_stale_exactly_what_rests_on_it(tenant: Tenant) -> None:
    walk = await _completed_in_two_threads(tenant)
    await walk.next_iteration()

    await walk.change_elements(requirement_changed(walk.brief()))

    assert await _stale(walk, "REQ-001") == {"CMP-001", "SPC-001", "TSK-001", "CHG-001", "EVD-001"}
    assert await _stale(walk, "REQ-002") == set()


async def test_mood_and_validation_are_decided_anew_and_what_was_not_touched_between_them_passes(
    tenant: Tenant,
) -> None:
    walk = await _completed_in_two_threads(tenant)
    await walk.next_iteration()
    assert walk.view().stage == "drafting"

    await walk.pass_gate(_mood_of(walk))

    assert walk.view().phase == "validation"
    assert _passed(walk) == ["architecture", "specification", "implementation"]
    with pytest.raises(VdwError) as caught:
        await walk.ask()
    assert caught.value.details["law"] == 4


async def test_keeping_an_element_says_that_it_is_still_right(tenant: Tenant) -> None:
    walk = await _completed_in_two_threads(tenant)
    await walk.next_iteration()
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.ask()
    await walk.decide()
    assert walk.view().phase == "architecture"

    kept = await walk.change_elements({"op": "keep", "id": "CMP-001"})

    assert (kept.allowed, kept.findings) == (True, [])
    assert await _stale(walk, "REQ-001") == {"SPC-001", "TSK-001", "CHG-001", "EVD-001"}


async def test_keeping_one_element_says_nothing_of_another(tenant: Tenant) -> None:
    walk = await _completed_in_two_threads(tenant)
    await walk.next_iteration()
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.ask()
    await walk.decide()

    kept = await walk.change_elements({"op": "keep", "id": "CMP-002"})

    assert not kept.allowed
    assert {tuple(finding.subjects) for finding in kept.findings} == {("CMP-001", "REQ-001")}
    assert list_projects(tenant.env, tenant.agent, stale=True).projects[0].project == walk.project


async def test_the_light_lane_has_three_gates(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant, Lane.LIGHT)

    await walk.pass_gate()

    assert (walk.view().phase, list(walk.approved())) == ("implementation", ["mood", "implementation", "validation"])


async def test_light_becomes_full_at_any_time_and_then_walks_what_it_left_out(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.VALIDATION)

    changed = await walk.change(Change("change_lane", lane=Lane.FULL))

    assert (changed.lane, changed.phase) == ("full", "architecture")
    assert walk.approved()["mood"] == "self-approved"


async def test_full_becomes_light_only_by_a_new_mood_decision(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    with pytest.raises(VdwError) as caught:
        await walk.change(Change("change_lane", lane=Lane.LIGHT))
    assert caught.value.details["law"] == 8
    await walk.change(Change("reopen", phase=Phase.MOOD))

    await walk.change(Change("change_lane", lane=Lane.LIGHT))

    assert walk.view().phase == "mood"
    await walk.pass_gate(_mood_of(walk))
    assert walk.view().phase == "implementation"


async def test_a_light_iteration_leaves_alone_what_architecture_rests_on(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    await walk.change(Change("start_iteration", vibe="Be quick.", lane=Lane.LIGHT))

    with pytest.raises(VdwError) as caught:
        await walk.change_elements(requirement_changed(walk.brief()))

    assert caught.value.details["law"] == 8
    assert "full lane" in caught.value.next_step


async def test_a_draft_of_another_architecture_frees_no_light_iteration_from_the_approved_one(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    await walk.change(Change("reopen", phase=Phase.ARCHITECTURE))
    await walk.submit({**walk.draft(), "summary": "Another one."})
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change(Change("change_lane", lane=Lane.LIGHT))

    with pytest.raises(VdwError) as caught:
        await walk.change_elements(requirement_changed(walk.brief()))

    assert caught.value.details["law"] == 8


async def test_the_architecture_approved_under_a_draft_that_light_left_behind_stands_in_the_next_iteration(
    tenant: Tenant,
) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    approved = next(phase.digest for phase in walk.view().phases if phase.phase == Phase.ARCHITECTURE)
    await walk.change(Change("reopen", phase=Phase.ARCHITECTURE))
    await walk.submit({**walk.draft(), "summary": "Another one."})
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change(Change("change_lane", lane=Lane.LIGHT))
    await walk.pass_gate(_mood_of(walk))
    await walk.complete()

    await walk.change(Change("start_iteration", vibe=VIBE, lane=Lane.FULL))
    await walk.pass_gate(_mood_of(walk))

    assert walk.view().phase == "specification"
    assert next(phase.digest for phase in walk.view().phases if phase.phase == Phase.ARCHITECTURE) == approved


async def test_a_light_iteration_may_add_what_nothing_rests_on_yet(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    await walk.change(Change("start_iteration", vibe="Be quick.", lane=Lane.LIGHT))
    third: JsonObject = {"id": "REQ-003", "statement": "The helper must sing.", "pattern": "ubiquitous"}

    submitted = await walk.change_elements(
        {"op": "set", "id": "REQ-003", "element": {**third, "acceptance": ["A test."]}}
    )

    assert submitted.allowed


async def _completed_in_two_threads(tenant: Tenant) -> Walk:
    """A completed project in which nothing that serves one requirement rests on anything that serves the other."""
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    architecture = walk.draft()
    whole = mapping(items(architecture["components"])[0])
    await walk.pass_gate({**architecture, "components": _one_each(whole, "CMP", "satisfies", "REQ")})
    await walk.to(Phase.IMPLEMENTATION)
    built = walk.draft()
    whole = mapping(items(built["changes"])[0])
    await walk.pass_gate({**built, "changes": _one_each(whole, "CHG", "implements", "TSK")})
    evidence = [(await walk.record(report(requirement))).evidence for requirement in ("REQ-001", "REQ-002")]
    await walk.pass_gate({**walk.draft(), "evidence": [*evidence]})
    return walk


def _one_each(whole: JsonObject, kind: str, link: str, target: str) -> list[JsonValue]:
    return [{**whole, "id": f"{kind}-{number}", link: [f"{target}-{number}"]} for number in ("001", "002")]


def _mood_of(walk: Walk) -> JsonObject:
    """The current mood artifact, as it stands."""
    current = walk.brief().current
    assert current is not None
    return current


async def _stale(walk: Walk, requirement: str) -> set[str]:
    traced = await trace(walk.tenant.env, walk.tenant.agent, walk.project, "impact", requirement)
    return {str(node["id"]) for node in traced.nodes if node["stale"]}


def _events(walk: Walk) -> list[JsonObject]:
    return [mapping(item) for item in items(timeline(walk.tenant.env, walk.tenant.agent, walk.project)["events"])]


def _passed(walk: Walk) -> list[str]:
    """Phases that a standing approval passed, in order."""
    return [str(event["phase"]) for event in _events(walk) if event["type"] == "passed"]
