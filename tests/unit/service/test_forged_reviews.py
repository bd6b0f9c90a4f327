"""Whoever can write the database moves no review on: votes, quorum and contributors are where they were signed."""

from __future__ import annotations

import pytest

from tests.unit.service.changes import change_policy
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.forging import edited_state
from tests.unit.service.walking import Tenant, Walk, refusal
from vdw.domain.canonical import digest_of
from vdw.domain.clock import timestamp
from vdw.domain.fields import number, text
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.domain.statement import Policy
from vdw.errors import VdwError
from vdw.service.deciding import submit_statement
from vdw.trust.acceptance import append
from vdw.trust.envelope import Envelope, sign
from vdw.trust.signer import DecisionSigner
from vdw.trust.statements import DecisionStatement


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
    envelope = await _decision(walk, two_owners.ada, owners=())

    with pytest.raises(VdwError) as caught:
        await submit_statement(walk.tenant.env, walk.tenant.operator, envelope.as_json())

    assert refusal(caught) == "look_again"
    assert walk.approved()["mood"] == "no"


async def test_an_approval_that_names_no_contributor_opens_nothing_though_the_log_holds_it(
    two_owners: TwoOwners,
) -> None:
    await _quorum(two_owners, 1)
    tenant = two_owners.tenant
    walk = await _in_review(await Walk.begin(tenant))
    envelope = await _decision(walk, two_owners.ada, owners=())
    trust = tenant.env.store.read(lambda reader: tenant.env.trust.state(reader, tenant.agent.tenant))
    entry, _ = append(trust, envelope, timestamp(tenant.clock()))
    await tenant.env.store.commit(lambda uow: uow.append_entry(entry))
    with edited_state(walk) as state:
        mood, review = state["phases"]["mood"], state["review"]
        approval = {"digest": mood["digest"], "iteration": 1, "review": review["id"], "envelopes": [envelope.digest()]}
        mood["approval"] = {**approval, "policy": trust.policy.as_json(), "self_approved": False, "template": False}
        mood["stage"], state["review"] = "approved", None
        state["current"], state["phases"]["architecture"]["stage"] = "architecture", "drafting"

    submitted = await walk.submit({"schema": "vdw.architecture/1", "components": []})

    assert "prerequisite_phase:mood" in [finding.key for finding in submitted.findings]


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


async def _decision(walk: Walk, signer: DecisionSigner, *, owners: tuple[str, ...]) -> Envelope:
    """The signer's own statement on the brief that is shown, with the owners that suit them."""
    sight = await walk.look()
    shown, trust = sight.brief, sight.scene.trust
    statement = DecisionStatement(
        verdict=GateVerdict.APPROVE,
        gate=Phase(text(shown["phase"])),
        tenant=trust.tenant,
        project=walk.project,
        iteration=number(shown["iteration"]),
        lane=Lane(text(shown["lane"])),
        digest=sight.scene.graph.revisions[Phase.MOOD].digest,
        review=text(shown["review"]),
        brief=digest_of(shown),
        comments=None,
        approver=signer.keyid,
        assurance=signer.assurance,
        owners=owners,
        policy=trust.policy_entry,
        log_head=trust.head,
        previous=trust.last_statement(walk.project),
        template=False,
        time=timestamp(walk.tenant.clock()),
    )
    return sign(statement.as_statement(), (signer,))
