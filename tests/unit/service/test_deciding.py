"""Laws 2 to 5 at the gate: what a signature counts for, and what makes it count no more."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.unit.service.walking import Sight, Tenant, Walk, refusal, waive, without_acceptance
from vdw.domain.canonical import Digest, JsonObject, digest_of
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import ApproverId
from vdw.domain.stages import GateVerdict, Phase
from vdw.errors import VdwError
from vdw.lifecycle.state import persons
from vdw.service.changing import Change
from vdw.service.deciding import submit_statement
from vdw.service.timeline import timeline
from vdw.trust.envelope import sign
from vdw.trust.signer import DecisionSigner, new_demo_signer
from vdw.trust.statements import DecisionStatement


async def test_an_approval_opens_the_next_phase_and_names_who_answers_for_the_work(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()

    accepted = await walk.decide()

    assert accepted.outcome == "approved"
    assert (walk.view().phase, walk.approved()["mood"]) == ("architecture", "self-approved")


async def test_a_rejection_ends_the_review_and_its_comments_reach_the_agent(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()

    await walk.decide(GateVerdict.REJECT, ("REQ-001", "Which date?"), ("", "Too short."))

    said = [{"element": "REQ-001", "text": "Which date?"}, {"element": "", "text": "Too short."}]
    view, brief = walk.view(), walk.brief()
    assert (view.phase, view.stage, view.review) == ("mood", "drafting", None)
    assert [item["comments"] for item in view.feedback] == [said]
    assert [item["comments"] for item in brief.feedback] == [said]


async def test_the_next_brief_shows_the_signer_what_was_said_before(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft)
    await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("", "Too short."))
    await walk.submit({**draft, "core_aesthetic": "calm"})
    await walk.ask()

    sight = await walk.look()

    assert [mapping(item)["comments"] for item in items(sight.brief["comments"])] == [
        [{"element": "", "text": "Too short."}]
    ]


async def test_what_was_rejected_may_be_reviewed_again_under_a_new_id(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    rejected = await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("", "No."))

    again = await walk.ask()

    assert (again.digest, again.review != rejected.review) == (rejected.digest, True)


async def test_the_comments_of_a_rejection_are_gone_once_the_phase_is_approved(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("", "No."))
    await walk.ask()
    await walk.decide()

    await walk.change(Change("reopen", phase=Phase.MOOD))

    assert walk.view().feedback == []


async def test_a_decision_for_an_older_digest_does_not_count(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft)
    await walk.ask()
    old = await walk.look()
    await walk.submit({**draft, "core_aesthetic": "calm"}, withdraw=True)
    await walk.ask()

    await _refused_with_look_again(walk, old)


async def test_a_signature_on_other_bytes_than_those_in_review_does_not_count(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    earlier = await walk.submit({**draft, "core_aesthetic": "calm"})
    await walk.submit(draft)
    await walk.ask()
    sight = await walk.look()

    await _refused_with_look_again(walk, Sight(sight.scene, {**sight.brief, "digest": earlier.digest}))


async def test_a_signature_on_another_brief_does_not_count(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()

    await _refused_with_look_again(walk, Sight(sight.scene, {**sight.brief, "findings": ["nothing to see"]}))


async def test_a_decision_made_for_another_review_does_not_count(tenant: Tenant) -> None:
    walk, other = await Walk.begin(tenant), await Walk.begin(tenant, vibe="It must rain every day.")
    for one in (walk, other):
        await one.submit()
        await one.ask()
    sight, others = await walk.look(), await other.look()

    await _refused_with_look_again(walk, Sight(sight.scene, {**sight.brief, "review": others.brief["review"]}))


async def test_the_votes_of_a_withdrawn_review_never_count_again(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    draft = walk.draft()
    await walk.submit(draft)
    await walk.ask()
    old = await walk.look()
    await walk.submit({**draft, "core_aesthetic": "calm"}, withdraw=True)
    await walk.submit(draft)
    await walk.ask()

    await _refused_with_look_again(walk, old)


async def test_facts_that_moved_in_review_ask_for_a_new_look(tenant: Tenant) -> None:
    walk = await _in_review_under_a_waiver(tenant, days=3)
    old = await walk.look()
    tenant.clock.forward(timedelta(days=1))

    await _refused_with_look_again(walk, old)
    again = await walk.look()
    accepted = await walk.decide(sight=again)

    assert again.brief["review"] == old.brief["review"]
    assert again.brief["facts"] != old.brief["facts"]
    assert accepted.outcome == "approved"


async def test_a_finding_that_comes_back_in_review_ends_it_at_the_next_approval(tenant: Tenant) -> None:
    walk = await _in_review_under_a_waiver(tenant, days=1)
    tenant.clock.forward(timedelta(days=2))

    with pytest.raises(VdwError) as caught:
        await walk.decide()

    assert (refusal(caught), caught.value.details["law"]) == ("blocked", 4)
    assert (walk.view().stage, _last_end(walk)) == ("drafting", "finding")


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_signature_made_more_than_five_minutes_from_now_is_refused(tenant: Tenant, minutes: int) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()
    envelope = _approval(sight, tenant.signer, tenant.clock() + timedelta(minutes=minutes))

    with pytest.raises(VdwError) as caught:
        await submit_statement(tenant.env, tenant.operator, envelope)

    assert refusal(caught) == "signature"
    assert walk.view().stage == "review"


@pytest.mark.row(id="E3")
async def test_the_same_envelope_twice_takes_effect_once(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()
    envelope = _approval(sight, tenant.signer, tenant.clock())
    first = await submit_statement(tenant.env, tenant.operator, envelope)

    again = await submit_statement(tenant.env, tenant.operator, envelope)

    assert (again.kind, again.entry, again.position) == ("repeated", first.entry, first.position)
    assert walk.view().phase == "architecture"


@pytest.mark.row(id="E3")
async def test_the_same_envelope_fifty_times_at_once_takes_effect_once(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()
    envelope = _approval(sight, tenant.signer, tenant.clock())

    answers = await asyncio.gather(*(submit_statement(tenant.env, tenant.operator, envelope) for _ in range(50)))

    assert sum(answer.kind != "repeated" for answer in answers) == 1
    assert len({(answer.entry, answer.position) for answer in answers}) == 1
    assert walk.view().phase == "architecture"


async def test_the_signature_decides_whoever_hands_it_over(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    envelope = _approval(await walk.look(), tenant.signer, tenant.clock())

    accepted = await submit_statement(tenant.env, tenant.agent, envelope)

    assert accepted.outcome == "approved"


async def test_a_key_that_nobody_enrolled_decides_nothing(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    stranger = new_demo_signer(ApproverId("apr_stranger"), tenant.env.random_bytes)

    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=stranger)

    assert refusal(caught) == "signature"
    assert walk.view().stage == "review"


async def test_a_key_of_ones_own_under_the_approvers_name_decides_nothing(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    forger = new_demo_signer(tenant.signer.keyid, tenant.env.random_bytes)

    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=forger)

    assert refusal(caught) == "signature"
    assert walk.view().stage == "review"


async def test_comments_that_the_signature_does_not_name_are_refused(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    envelope = _approval(await walk.look(), tenant.signer, tenant.clock())
    slipped_in: JsonObject = {"schema": "vdw.comments/1", "salt": "00" * 16, "comments": []}

    with pytest.raises(VdwError) as caught:
        await submit_statement(tenant.env, tenant.operator, envelope, (slipped_in,))

    assert refusal(caught) == "invalid_input"
    assert walk.view().stage == "review"


async def test_a_review_that_was_reopened_over_is_closed_and_its_revision_kept(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    submitted = await walk.submit()
    await walk.ask()
    old = await walk.look()

    await walk.change(Change("reopen", phase=Phase.MOOD))

    architecture = walk.view().phases[1]
    assert (architecture.stage, architecture.digest, _last_end(walk)) == ("pending", submitted.digest, "reopened")
    await _refused_with_look_again(walk, old)


async def _refused_with_look_again(walk: Walk, sight: Sight) -> None:
    before = walk.view()
    with pytest.raises(VdwError) as caught:
        await walk.decide(sight=sight)
    assert refusal(caught) == "look_again"
    assert walk.view() == before


def _approval(sight: Sight, signer: DecisionSigner, time: datetime) -> JsonObject:
    """The envelope of an approval without comments, made at that time."""
    scene, brief = sight.scene, sight.brief
    statement = DecisionStatement(
        verdict=GateVerdict.APPROVE,
        gate=Phase(text(brief["phase"])),
        tenant=scene.state.tenant,
        project=scene.state.project,
        iteration=scene.state.iteration,
        lane=scene.state.lane,
        digest=Digest(text(brief["digest"])),
        review=text(brief["review"]),
        brief=digest_of(brief),
        comments=None,
        approver=signer.keyid,
        assurance=signer.assurance,
        owners=persons(brief["contributors"]),
        policy=scene.trust.policy_entry,
        log_head=scene.trust.head,
        previous=scene.trust.last_statement(scene.state.project),
        template=False,
        time=timestamp(time),
    )
    return sign(statement.as_statement(), (signer,)).as_json()


async def _in_review_under_a_waiver(tenant: Tenant, days: int) -> Walk:
    walk = await Walk.begin(tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))
    until = (tenant.clock() + timedelta(days=days)).date().isoformat()
    await waive(
        tenant.env,
        tenant.operator,
        tenant.signer,
        walk.project,
        finding="missing_acceptance:REQ-001",
        until=until,
        reason="Tried by hand.",
    )
    await walk.ask()
    return walk


def _last_end(walk: Walk) -> str:
    events = items(timeline(walk.tenant.env, walk.tenant.agent, walk.project)["events"])
    ends = [str(mapping(item)["end"]) for item in events if mapping(item)["type"] == "review_ended"]
    return ends[-1]
