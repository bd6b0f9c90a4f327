"""Whoever can write the database moves no review on: votes, quorum and contributors are where they were signed."""

from __future__ import annotations

import pytest

from tests.unit.service.changes import change_policy
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.forging import approval_on, delete_element, edited_state, enter
from tests.unit.service.walking import Tenant, Walk, refusal
from vdw.domain.policy import Policy
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.errors import VdwError
from vdw.service.deciding import submit_statement


async def test_a_true_vote_in_another_review_counts_for_nothing_in_this_one(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant)
    await _pass(walk, two_owners)
    await _in_review(walk)
    with edited_state(walk) as state:
        envelope = state["phases"]["mood"]["approval"]["envelopes"][1]
        vote = {"approver": two_owners.carla.keyid, "owner": "per_x", "verdict": "approve", "envelope": envelope}
        state["review"]["votes"] = [vote]

    answer = await walk.decide(signer=two_owners.ben)

    assert answer.outcome == "counted; 1 more approval needed"
    assert walk.view().stage == "review"


async def test_a_quorum_written_by_sql_asks_for_nobody_less(two_owners: TwoOwners) -> None:
    walk = await _in_review(await Walk.begin(two_owners.tenant))
    with edited_state(walk) as state:
        state["review"]["quorum"] = 1

    answer = await walk.decide(signer=two_owners.ben)

    assert answer.outcome == "counted; 1 more approval needed"
    assert walk.approved()["mood"] == "no"


async def test_a_review_that_was_rejected_is_opened_again_by_no_row(two_owners: TwoOwners) -> None:
    walk = await _in_review(await Walk.begin(two_owners.tenant))
    with edited_state(walk) as state:
        before = dict(state)
    await walk.decide(GateVerdict.REJECT, signer=two_owners.carla)
    with edited_state(walk) as state:
        state |= {"review": before["review"], "phases": before["phases"]}

    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=two_owners.ben)

    assert refusal(caught) == "look_again"


async def test_contributors_taken_out_of_the_row_are_still_those_of_the_manifest(two_owners: TwoOwners) -> None:
    await _quorum(two_owners, 1)
    walk = await _in_review(await Walk.begin(two_owners.tenant))
    with edited_state(walk) as state:
        state["phases"]["mood"]["contributors"] = []
    sight = await walk.look()
    envelope = approval_on(walk, sight, two_owners.ada, sight.brief, owners=())

    with pytest.raises(VdwError) as caught:
        await submit_statement(walk.tenant.env, walk.tenant.operator, envelope.as_json())

    assert refusal(caught) == "look_again"
    assert walk.approved()["mood"] == "no"


async def test_an_approval_that_names_no_contributor_opens_nothing_though_the_log_holds_it(
    two_owners: TwoOwners,
) -> None:
    await _quorum(two_owners, 1)
    walk = await _in_review(await Walk.begin(two_owners.tenant))
    sight = await walk.look()
    await enter(walk, approval_on(walk, sight, two_owners.ada, sight.brief, owners=()))

    submitted = await walk.submit({"schema": "vdw.architecture/1", "components": []})

    assert "prerequisite_phase:mood" in [finding.key for finding in submitted.findings]


@pytest.mark.parametrize("erased", [False, True], ids=["the row says agent", "nothing is left that says template"])
async def test_a_template_draft_is_one_whatever_the_row_says(two_owners: TwoOwners, erased: bool) -> None:
    walk = await Walk.begin(two_owners.tenant)
    submitted = await walk.submit({**walk.draft(), "drafted_by": "template"})
    with edited_state(walk) as state:
        state["phases"]["mood"]["template"] = False
    if erased:
        delete_element(walk, submitted.digest, "DOC")

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert caught.value.details["law"] == 2


async def test_a_lane_written_by_sql_leaves_out_no_gate(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    with edited_state(walk) as state:
        state["lane"], state["current"] = Lane.LIGHT.value, Phase.IMPLEMENTATION.value
        state["phases"]["implementation"]["stage"] = "drafting"

    submitted = await walk.submit({"schema": "vdw.implementation/1", "heads": [], "changes": []})

    found = {finding.key for finding in submitted.findings}
    assert {"prerequisite_phase:architecture", "prerequisite_phase:specification"} <= found


async def test_a_revision_of_another_phase_stands_in_none(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.to(Phase.SPECIFICATION)
    with edited_state(walk) as state:
        state["phases"]["architecture"]["digest"] = state["phases"]["mood"]["digest"]

    with pytest.raises(VdwError) as caught:
        await walk.submit()

    assert refusal(caught) == "storage"


async def _in_review(walk: Walk) -> Walk:
    await walk.submit()
    await walk.ask()
    return walk


async def _pass(walk: Walk, two_owners: TwoOwners) -> None:
    await _in_review(walk)
    for signer in (two_owners.ben, two_owners.carla):
        await walk.decide(signer=signer)


async def _quorum(two_owners: TwoOwners, quorum: int) -> None:
    """Policy `quorum`, set by as many as the policy before asked."""
    tenant, policy = two_owners.tenant, Policy(quorum=quorum, self_approval=False)
    await change_policy(tenant.env, tenant.operator, policy, two_owners.ada, two_owners.ben)
