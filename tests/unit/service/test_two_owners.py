"""Quorum and separation: two people decide, neither on what their own agents made, under the policy of that moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.service import changes
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.walking import Walk, refusal, waive, without_acceptance
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping
from vdw.domain.stages import GateVerdict, Phase
from vdw.errors import VdwError
from vdw.service.answers import AcceptedStatement
from vdw.service.approvers import current_trust, list_approvers, policy_change
from vdw.service.changing import Change
from vdw.service.deciding import submit_statement
from vdw.service.keys import create_key
from vdw.service.proposing import propose
from vdw.service.timeline import timeline
from vdw.trust.signer import KeySigner


async def test_a_gate_opens_when_two_owners_have_approved(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)

    first = await walk.decide(signer=two_owners.ben)
    review = walk.view().review
    assert review is not None
    second = await walk.decide(signer=two_owners.carla)

    assert first.outcome == "counted; 1 more approval needed"
    assert (review.approvals, review.needed) == (1, 2)
    assert second.outcome == "approved"
    assert walk.approved()["mood"] == "yes"


async def test_one_owner_has_one_vote(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await walk.decide(signer=two_owners.ben)

    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=two_owners.ben)

    assert caught.value.details["law"] == 5
    assert walk.view().stage == "review"


async def test_a_new_key_gives_its_owner_no_second_vote(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await walk.decide(signer=two_owners.ben)
    tenant = walk.tenant
    signers = (two_owners.ada, two_owners.carla)
    bens_next = await changes.replace(tenant.env, tenant.operator, two_owners.ben.keyid, *signers)

    accepted = await walk.decide(signer=bens_next)

    # The old key's vote is void with the key, so the new one stands in its place and not beside it.
    assert accepted.outcome == "counted; 1 more approval needed"
    assert walk.view().stage == "review"


async def test_the_first_rejection_ends_the_review(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await walk.decide(signer=two_owners.ben)

    rejected = await walk.decide(GateVerdict.REJECT, ("", "No."), signer=two_owners.carla)

    assert (rejected.outcome, walk.view().stage) == ("rejected", "drafting")


async def test_an_approval_of_an_ended_review_counts_in_no_later_one(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await walk.decide(signer=two_owners.ben)
    await walk.decide(GateVerdict.REJECT, ("", "No."), signer=two_owners.carla)
    await walk.ask()

    accepted = await walk.decide(signer=two_owners.carla)

    assert accepted.outcome == "counted; 1 more approval needed"


async def test_nobody_decides_on_what_their_own_agent_made(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)

    for verdict in GateVerdict:
        with pytest.raises(VdwError) as caught:
            await walk.decide(verdict, signer=two_owners.ada)
        assert caught.value.details["law"] == 2

    assert walk.view().stage == "review"


async def test_among_several_people_a_key_belongs_to_none_by_default(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator

    with pytest.raises(VdwError) as caught:
        await create_key(env, operator, name="Ben's new agent")

    assert refusal(caught) == "invalid_input"
    assert caught.value.next_step == "Name one as --owner: Ada, Ben, Carla"


async def test_everybody_whose_agent_contributed_since_the_last_approval_is_kept_out(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant)
    draft = walk.draft()
    await walk.submit({**draft, "core_aesthetic": "calm"}, by=two_owners.bens_agent)
    await walk.submit(draft)
    await walk.ask()

    for signer in (two_owners.ada, two_owners.ben):
        with pytest.raises(VdwError) as caught:
            await walk.decide(signer=signer)
        assert caught.value.details["law"] == 2

    sight = await walk.look()
    assert len(items(sight.brief["contributors"])) == 2


async def test_contributors_are_counted_anew_after_an_approval(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await _both_approve(walk, two_owners)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    changed = {**_current(walk), "core_aesthetic": "calm"}
    await walk.submit(changed, by=two_owners.bens_agent)
    await walk.ask()

    accepted = await walk.decide(signer=two_owners.ada)

    assert accepted.outcome == "counted; 1 more approval needed"


async def test_the_vote_of_a_revoked_approver_is_void(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await walk.decide(signer=two_owners.ben)
    tenant = walk.tenant
    await changes.revoke(tenant.env, tenant.operator, two_owners.ben.keyid, two_owners.ada, two_owners.carla)

    void = walk.view().review
    accepted = await walk.decide(signer=two_owners.carla)
    one = walk.view().review

    assert accepted.outcome == "counted; 1 more approval needed"
    assert void is not None
    assert one is not None
    assert (void.approvals, one.approvals) == (0, 1)


async def test_a_revoked_approver_decides_nothing_more_and_what_they_decided_stays(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await _both_approve(walk, two_owners)
    tenant = walk.tenant
    await changes.revoke(tenant.env, tenant.operator, two_owners.ben.keyid, two_owners.ada, two_owners.carla)
    await walk.submit()
    await walk.ask()

    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=two_owners.ben)

    assert refusal(caught) == "signature"
    assert walk.approved()["mood"] == "yes"
    ended = [item["until"] for item in list_approvers(tenant.env, tenant.operator)]
    assert [position is None for position in ended] == [True, False, True]


async def test_a_policy_change_closes_open_reviews_and_their_signatures(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    old = await walk.look()
    await _set_quorum(two_owners, 1)

    assert (walk.view().stage, walk.view().review) == ("drafting", None)
    assert [event["end"] for event in _ends(walk)] == ["policy_changed"]
    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=two_owners.ben, sight=old)
    assert refusal(caught) == "look_again"


async def test_after_a_policy_change_the_gate_asks_what_the_new_policy_asks(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await _set_quorum(two_owners, 1)
    await walk.ask()

    accepted = await walk.decide(signer=two_owners.ben)

    assert accepted.outcome == "approved"


async def test_an_approval_under_a_policy_that_asked_less_does_not_stand_by_itself(two_owners: TwoOwners) -> None:
    await _set_quorum(two_owners, 1)
    walk = await _in_review(two_owners)
    await walk.decide(signer=two_owners.ben)
    await _set_quorum(two_owners, 2)
    await walk.change(Change("reopen", phase=Phase.MOOD))

    await walk.change(Change("resume"))

    assert (walk.view().phase, walk.view().stage) == ("mood", "drafting")


async def test_one_approver_alone_changes_no_policy(two_owners: TwoOwners) -> None:
    tenant = two_owners.tenant
    easier = replace(current_trust(tenant.env, tenant.operator).policy, self_approval=True)
    change = policy_change(tenant.env, tenant.operator, easier)

    proposed = await propose(tenant.env, tenant.operator, two_owners.ada, change)
    with pytest.raises(VdwError) as caught:
        await submit_statement(tenant.env, tenant.agent, proposed.examined.proposal.envelope.as_json())

    assert (proposed.accepted, refusal(caught)) == (None, "forbidden")
    assert not current_trust(tenant.env, tenant.operator).policy.self_approval


async def test_a_waiver_takes_the_gates_quorum_and_separation(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))

    with pytest.raises(VdwError) as caught:
        await _waive(walk, two_owners.ada)
    first = await _waive(walk, two_owners.ben)
    second = await _waive(walk, two_owners.carla)

    assert caught.value.details["law"] == 2
    assert (first.outcome, second.outcome) == ("signed; more approvers are needed", "waived")


async def test_a_waiver_whose_first_signer_was_revoked_lacks_that_signature(two_owners: TwoOwners) -> None:
    tenant = two_owners.tenant
    walk = await Walk.begin(tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))
    await _waive(walk, two_owners.ben)
    await changes.revoke(tenant.env, tenant.operator, two_owners.ben.keyid, two_owners.ada, two_owners.carla)

    answer = await _waive(walk, two_owners.carla)

    assert answer.outcome == "signed; more approvers are needed"


async def test_a_lower_quorum_makes_no_waiver_of_what_one_signed_when_it_was_higher(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))
    await _waive(walk, two_owners.ben)
    await _set_quorum(two_owners, 1)

    with pytest.raises(VdwError) as caught:
        await walk.ask()
    answer = await _waive(walk, two_owners.carla)

    assert (refusal(caught), answer.outcome) == ("blocked", "waived")


async def test_a_waiver_begun_under_another_policy_is_begun_anew_and_joined(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))
    await _waive(walk, two_owners.ben)
    await _set_quorum(two_owners, 1)
    await _set_quorum(two_owners, 2)

    first = await _waive(walk, two_owners.ben)
    second = await _waive(walk, two_owners.carla)

    assert (first.outcome, second.outcome) == ("signed; more approvers are needed", "waived")


async def test_a_waiver_ends_on_the_earliest_day_that_was_named(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))
    await _waive(walk, two_owners.ben, days=400)
    await _waive(walk, two_owners.carla, days=1)
    two_owners.tenant.clock.forward(timedelta(days=2))

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "blocked"


async def test_what_ran_out_can_be_waived_again(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant, vibe="The helper must add an item.")
    await walk.submit(without_acceptance(walk.draft()))
    await _waive(walk, two_owners.ben)
    await _waive(walk, two_owners.carla)
    two_owners.tenant.clock.forward(timedelta(days=2))

    first = await _waive(walk, two_owners.carla)
    second = await _waive(walk, two_owners.ben)

    assert (first.outcome, second.outcome) == ("signed; more approvers are needed", "waived")


async def test_two_who_decide_at_once_are_two_votes_or_one_is_asked_to_look_again(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    sight = await walk.look()

    answers = await asyncio.gather(
        walk.decide(signer=two_owners.ben, sight=sight),
        walk.decide(signer=two_owners.carla, sight=sight),
        return_exceptions=True,
    )

    # Each signed as the next after the same statement, so only one of them is.
    refused = [answer for answer in answers if isinstance(answer, VdwError)]
    assert [error.code.value for error in refused] == ["look_again"]
    review = walk.view().review
    assert review is not None
    assert review.approvals == 1


async def _in_review(two_owners: TwoOwners) -> Walk:
    walk = await Walk.begin(two_owners.tenant)
    await walk.submit()
    await walk.ask()
    return walk


async def _both_approve(walk: Walk, two_owners: TwoOwners) -> None:
    await walk.decide(signer=two_owners.ben)
    await walk.decide(signer=two_owners.carla)


async def _set_quorum(two_owners: TwoOwners, quorum: int) -> None:
    tenant = two_owners.tenant
    policy = replace(current_trust(tenant.env, tenant.operator).policy, quorum=quorum)
    await changes.change_policy(tenant.env, tenant.operator, policy, two_owners.ada, two_owners.ben)


async def _waive(walk: Walk, signer: KeySigner, days: int = 0) -> AcceptedStatement:
    tenant = walk.tenant
    until = (tenant.clock().date() + timedelta(days=days)).isoformat()
    return await waive(
        tenant.env,
        tenant.operator,
        signer,
        walk.project,
        finding="missing_acceptance:REQ-001",
        until=until,
        reason="Tried by hand.",
    )


def _current(walk: Walk) -> JsonObject:
    current = walk.brief().current
    assert current is not None
    return current


def _ends(walk: Walk) -> list[JsonObject]:
    events = items(timeline(walk.tenant.env, walk.tenant.agent, walk.project)["events"])
    return [mapping(item) for item in events if mapping(item)["type"] == "review_ended"]
