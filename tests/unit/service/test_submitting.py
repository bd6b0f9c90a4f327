"""Submitting: whole artifacts and element changes, what is in review stands still, ids are never used twice."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests.unit.service.walking import Tenant, Walk, refusal, requirement_changed, without_acceptance
from vdw.beside import MANY_ELEMENTS
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping
from vdw.domain.principal import Principal
from vdw.domain.stages import Phase
from vdw.errors import VdwError
from vdw.lifecycle.distiller import distil
from vdw.service.answers import SubmittedArtifact
from vdw.service.changing import Change
from vdw.service.submitting import Submission, submit_artifact


async def test_changes_on_an_old_base_are_refused_and_shown_the_difference(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    old = walk.brief()
    await walk.change_elements(requirement_changed(old))
    late = Submission(Phase.MOOD, base=old.base, changes=(requirement_changed(old, 1),))

    with pytest.raises(VdwError) as caught:
        await submit_artifact(tenant.env, tenant.agent, walk.project, late)

    details = caught.value.details
    assert (refusal(caught), details["current"]) == ("stale_base", walk.brief().base)
    assert "REQ-001" in str(details["difference"])
    assert "REQ-002" not in str(details["difference"])
    assert walk.view().phases[0].revision == 2


async def test_changes_keep_what_they_do_not_name(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft)

    await walk.change_elements(requirement_changed(walk.brief()))

    before, after = items(draft["requirements"]), items(walk.brief().basis["requirements"])
    assert mapping(after[0])["statement"] == f"{mapping(before[0])['statement']} And quickly."
    assert mapping(after[1])["statement"] == mapping(before[1])["statement"]


async def test_what_is_in_review_does_not_move(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    submitted = await walk.submit(draft)
    await walk.ask()

    with pytest.raises(VdwError) as caught:
        await walk.submit(without_acceptance(draft))

    assert refusal(caught) == "in_review"
    assert walk.brief().base == submitted.digest


async def test_withdrawing_ends_the_review_and_stores_the_new_revision(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft)
    await walk.ask()

    submitted = await walk.submit(without_acceptance(draft), withdraw=True)

    view = walk.view()
    assert (view.stage, view.review, submitted.revision) == ("drafting", None, 2)


async def test_a_blocking_finding_is_told_at_once_and_keeps_the_review_closed(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    submitted = await walk.submit(without_acceptance(walk.draft()))

    assert not submitted.allowed
    assert {finding.rule for finding in submitted.findings} == {"missing_acceptance"}
    with pytest.raises(VdwError) as caught:
        await walk.ask()
    assert (refusal(caught), caught.value.details["law"]) == ("blocked", 4)


async def test_statements_that_no_code_checks_give_a_warning_and_open_a_review(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant, vibe="Le système doit garder la liste.")
    requirement: JsonObject = {
        "id": "REQ-001",
        "statement": "Le système doit garder la liste.",
        "pattern": "free",
        "acceptance": ["La liste est là après un redémarrage."],
    }

    submitted = await walk.submit({"schema": "vdw.mood/1", "language": "fr", "requirements": [requirement]})

    assert [(finding.key, finding.severity) for finding in submitted.findings] == [("free_pattern:REQ-001", "warning")]
    assert submitted.allowed
    assert submitted.next == "Nothing blocks: call request_review."
    assert (await walk.ask()).outcome == "waiting"


@pytest.mark.parametrize("phase", [Phase.ARCHITECTURE, Phase.VALIDATION])
async def test_a_later_phase_is_closed_until_the_one_before_it_is_approved(tenant: Tenant, phase: Phase) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()

    with pytest.raises(VdwError) as caught:
        await submit_artifact(tenant.env, tenant.agent, walk.project, Submission(phase, artifact={}))

    assert caught.value.details["law"] == 1


async def test_an_approved_phase_changes_only_after_it_was_reopened(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.pass_gate(draft)

    with pytest.raises(VdwError) as caught:
        await submit_artifact(tenant.env, tenant.agent, walk.project, Submission(Phase.MOOD, artifact=draft))

    assert caught.value.details["law"] == 8


async def test_who_has_no_owner_may_not_submit(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    agent = tenant.agent
    nobodys = Principal(agent.id, agent.tenant, agent.kind, None, agent.permissions)

    with pytest.raises(VdwError) as caught:
        await walk.submit(by=nobodys)

    assert caught.value.details["law"] == 2


async def test_a_runner_may_not_submit_an_artifact(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.submit(by=tenant.runner)

    assert refusal(caught) == "forbidden"


async def test_an_id_that_an_approval_bound_is_never_used_for_anything_else(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.pass_gate(draft)
    await _approve_without_the_second(walk)
    await walk.change(Change("reopen", phase=Phase.MOOD))

    with pytest.raises(VdwError) as caught:
        await walk.submit(draft)

    assert (refusal(caught), caught.value.details["path"]) == ("invalid_input", "REQ-002")


async def test_an_id_that_no_approval_bound_yet_is_free(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft)
    await walk.change_elements({"op": "remove", "id": "REQ-002"})

    submitted = await walk.submit(draft)

    assert submitted.revision == 3


async def test_an_id_bound_in_an_abandoned_iteration_stays_bound(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    await walk.next_iteration()
    await walk.pass_gate(_with_a_third(walk.draft(), "The helper must sort the items."))
    await walk.change(Change("abandon"), by=tenant.operator)
    await walk.next_iteration()

    with pytest.raises(VdwError) as caught:
        await walk.submit(_with_a_third(walk.draft(), "The helper must sing."))

    assert caught.value.details["path"] == "REQ-003"


async def _approve_without_the_second(walk: Walk) -> None:
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements({"op": "remove", "id": "REQ-002"})
    await walk.ask()
    await walk.decide()


def _with_a_third(mood: JsonObject, statement: str) -> JsonObject:
    third: JsonObject = {"id": "REQ-003", "statement": statement, "pattern": "ubiquitous", "acceptance": ["A test."]}
    return {**mood, "requirements": [*items(mood["requirements"]), third]}


async def test_a_large_document_is_worked_over_beside_the_event_loop(tenant: Tenant) -> None:
    threads: set[int] = set()

    def random_bytes(size: int) -> bytes:
        threads.add(threading.get_ident())
        return tenant.env.random_bytes(size)

    vibe = "\n".join(f"- The shop must sell {number} loaves." for number in range(MANY_ELEMENTS))
    walk = await Walk.begin(tenant, vibe=vibe)
    large = Submission(Phase.MOOD, artifact=distil(vibe).artifact)

    await submit_artifact(replace(tenant.env, random_bytes=random_bytes), tenant.agent, walk.project, large)

    assert threads  # each element was salted there
    assert threading.get_ident() not in threads


async def test_a_whole_artifact_on_an_old_base_is_refused_and_shown_the_difference(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    old = walk.brief()
    draft = walk.draft()
    await walk.change_elements(requirement_changed(old))

    with pytest.raises(VdwError) as caught:
        await _submit_on(walk, draft, old.base)

    assert (refusal(caught), caught.value.details["current"]) == ("stale_base", walk.brief().base)
    assert caught.value.details["difference"]
    assert (await _submit_on(walk, draft, walk.brief().base)).revision == 3


async def test_a_base_where_nothing_was_submitted_is_refused(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)

    with pytest.raises(VdwError) as caught:
        await _submit_on(walk, walk.draft(), "f" * 64)

    assert refusal(caught) == "invalid_input"


async def _submit_on(walk: Walk, artifact: JsonObject, base: str) -> SubmittedArtifact:
    submission = Submission(Phase.MOOD, artifact=artifact, base=base)
    return await submit_artifact(walk.tenant.env, walk.tenant.agent, walk.project, submission)
