"""A new root after the only key was lost: open iterations are signed again, completed ones are marked, nothing is
deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.service.walking import Tenant, Walk, refounded, refusal, waive, without_acceptance
from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping
from vdw.domain.stages import GateVerdict, Phase
from vdw.domain.stored_json import from_text, to_text
from vdw.errors import VdwError
from vdw.service import refounded as sweeping
from vdw.service.changing import Change
from vdw.service.project_views import list_projects
from vdw.service.refounded import put_back_all, to_be_signed_again
from vdw.service.reviewing import review_again
from vdw.service.submitting import Submission, submit_artifact
from vdw.service.timeline import timeline

LOST = "signed under a root that was replaced at entry"


async def test_every_open_iteration_goes_back_however_many_there_are(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 2)
    walks = [
        await (await Walk.begin(tenant, vibe=f"It must boil {n} litres.")).to(Phase.ARCHITECTURE) for n in range(5)
    ]

    new = await refounded(tenant)

    views = [Walk(new, walk.project).view() for walk in walks]
    assert [(view.phase, view.stage) for view in views] == [("mood", "drafting")] * 5
    assert set(to_be_signed_again(new.env, new.operator)) == {walk.project for walk in walks}
    assert await put_back_all(new.env, new.operator) == 0


async def test_revisions_decisions_and_evidence_stay_and_the_timeline_names_the_new_root(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.VALIDATION)
    before = walk.view().phases
    events = _events(walk)

    walk = Walk(await refounded(tenant), walk.project)

    after = walk.view().phases
    assert [(phase.revision, phase.digest) for phase in after] == [(phase.revision, phase.digest) for phase in before]
    assert after[0].approved.startswith(LOST)
    *kept, last = _events(walk)
    assert kept == events
    assert (last["type"], last["phase"]) == ("refounded", "mood")
    assert last["phases"] == ["mood", "architecture", "specification", "implementation"]
    assert last["actor"] == walk.tenant.signer.keyid
    assert f"entry {last['position']}" in after[0].approved


async def test_whose_work_was_approved_and_rejected_before_the_root_was_lost_has_contributed_to_what_follows(
    tenant: Tenant,
) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.ask()
    await walk.decide(GateVerdict.REJECT)

    walk = Walk(await refounded(tenant), walk.project)

    last = _events(walk)[-1]
    assert (last["type"], last["phases"], last["made"]) == ("refounded", [], ["mood"])
    assert await put_back_all(walk.tenant.env, walk.tenant.operator) == 0
    await walk.pass_gate(walk.draft())
    assert walk.view().phase == Phase.ARCHITECTURE


async def test_an_open_review_ends_as_refounded_and_says_so_to_whoever_waits(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()

    walk = Walk(await refounded(tenant), walk.project)

    ended, _ = _events(walk)[-2:]
    assert (ended["type"], ended["end"]) == ("review_ended", "refounded")
    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=tenant.signer, sight=sight)
    assert refusal(caught) == "signature"


async def test_kept_revisions_are_signed_again_one_after_the_other_and_no_agent_is_needed(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete_but_the_last()
    await walk.ask()
    walk = Walk(await refounded(tenant), walk.project)

    for _ in range(5):
        await walk.signed_again()

    view = walk.view()
    assert (view.status, view.verified) == ("completed", "yes")
    assert {phase.revision for phase in view.phases} == {1}
    assert set(walk.approved().values()) == {"self-approved"}


async def test_whoever_signs_again_reads_the_whole_revision_and_not_the_difference_to_what_a_lost_root_approved(
    tenant: Tenant,
) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    walk = Walk(await refounded(tenant), walk.project)

    await review_again(walk.tenant.env, walk.tenant.operator, walk.project)

    changes = [mapping(item) for item in items((await walk.look()).brief["changes"])]
    assert {"REQ-001", "REQ-002"} <= {change["id"] for change in changes}
    assert {change["change"] for change in changes} == {"added"}


async def test_a_waiver_under_the_lost_root_lifts_nothing_until_it_is_signed_again(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))
    await _waive(walk)
    await walk.ask()
    await walk.decide()
    walk = Walk(await refounded(tenant), walk.project)

    with pytest.raises(VdwError) as caught:
        await review_again(walk.tenant.env, walk.tenant.operator, walk.project)
    await _waive(walk)
    await review_again(walk.tenant.env, walk.tenant.operator, walk.project)

    assert refusal(caught) == "blocked"
    assert (await walk.decide()).outcome == "approved"


async def test_nothing_is_asked_for_again_that_somebody_changed_or_that_nobody_had_asked_for(tenant: Tenant) -> None:
    draft = await Walk.begin(tenant)
    await draft.submit()
    changed = await (await Walk.begin(tenant, vibe="It must rain.")).to(Phase.ARCHITECTURE)
    new = await refounded(tenant)
    mood: JsonObject = {**Walk(new, changed.project).draft(), "keywords": ["wet"]}
    await Walk(new, changed.project).submit(mood)

    for walk in (draft, changed):
        with pytest.raises(VdwError) as caught:
            await review_again(new.env, new.operator, walk.project)
        assert refusal(caught) == "not_found"


async def test_a_command_that_comes_before_the_sweep_finds_the_project_at_its_first_gate(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    artifact = walk.draft()
    walk = Walk(await refounded(tenant, sweep=False), walk.project)
    assert _stored_phase(walk) == "architecture"

    with pytest.raises(VdwError) as caught:
        await _submitted_to(Phase.ARCHITECTURE, walk, artifact)

    assert refusal(caught) == "law"
    assert walk.view().phase == _stored_phase(walk) == "mood"


async def test_a_project_whose_row_is_set_back_by_hand_goes_to_its_first_gate_again(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.SPECIFICATION)
    stored = walk.tenant.env.store.read(lambda reader: reader.project(tenant.agent.tenant, walk.project))
    artifact = walk.draft()
    walk = Walk(await refounded(tenant), walk.project)
    assert stored is not None
    version = walk.view().version
    forged = replace(stored, version=version, state=to_text({**from_text(stored.state), "version": version}))
    await walk.tenant.env.store.commit(lambda uow: uow.save_project(forged, expected_version=version))

    with pytest.raises(VdwError) as caught:
        await _submitted_to(Phase.SPECIFICATION, walk, artifact)

    assert refusal(caught) == "law"
    assert walk.view().phase == _stored_phase(walk) == "mood"


async def _submitted_to(phase: Phase, walk: Walk, artifact: JsonObject) -> None:
    """As an agent does that has its brief from before the refounding."""
    await submit_artifact(walk.tenant.env, walk.tenant.agent, walk.project, Submission(phase, artifact=artifact))


def _stored_phase(walk: Walk) -> str:
    """Where the row has it, whatever a read tells."""
    row = walk.tenant.env.store.read(lambda reader: reader.project(walk.tenant.agent.tenant, walk.project))
    return row.phase if row else ""


async def test_a_completed_iteration_stays_completed_and_every_view_marks_it(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    before = walk.view()

    walk = Walk(await refounded(tenant), walk.project)

    view, listed = walk.view(), list_projects(walk.tenant.env, walk.tenant.agent).projects[0]
    entry = walk.tenant.env.store.read(
        lambda reader: walk.tenant.env.trust.state(reader, tenant.agent.tenant)
    ).root_position
    assert (view.status, view.version) == ("completed", before.version)
    assert view.verified == listed.verified == f"yes, as approved under a root that was replaced at entry {entry}"
    assert set(walk.approved().values()) == {f"{LOST} {entry}"}


async def test_the_iteration_after_a_completed_one_signs_again_what_would_have_stood(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    walk = Walk(await refounded(tenant), walk.project)
    await walk.next_iteration()
    assert _events(walk)[-1]["type"] == "refounded"

    await walk.pass_gate()

    assert walk.view().phase == "architecture"
    await walk.signed_again()
    assert walk.approved()["architecture"] == "self-approved"


async def test_a_second_refounding_sends_back_what_was_signed_under_the_first(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    walk = Walk(await refounded(tenant), walk.project)
    await walk.signed_again()
    assert walk.view().phase == "architecture"

    walk = Walk(await refounded(walk.tenant), walk.project)

    trust = walk.tenant.env.store.read(lambda reader: walk.tenant.env.trust.state(reader, tenant.agent.tenant))
    assert walk.view().phase == "mood"
    assert walk.approved()["mood"] == f"{LOST} {trust.root_position}"


async def _waive(walk: Walk) -> None:
    tenant = walk.tenant
    await waive(
        tenant.env,
        tenant.operator,
        tenant.signer,
        walk.project,
        finding="missing_acceptance:REQ-001",
        until=timestamp(tenant.clock())[:10],
        reason="It is measured after launch.",
    )


def _events(walk: Walk) -> list[JsonObject]:
    return [mapping(item) for item in items(timeline(walk.tenant.env, walk.tenant.agent, walk.project)["events"])]
