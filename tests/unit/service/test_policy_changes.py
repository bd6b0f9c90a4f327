"""A change of policy ends what was judged by the old one: every open review, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.service.changes import change_policy
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.walking import Sight, Walk, refusal
from vdw.domain.fields import items, mapping, text
from vdw.errors import VdwError
from vdw.service import closing
from vdw.service.approvers import current_trust, policy_change
from vdw.service.deciding import submit_statement
from vdw.service.timeline import timeline
from vdw.trust.acceptance import append
from vdw.trust.envelope import Envelope, sign


async def test_every_open_review_is_closed_however_many_there_are(
    two_owners: TwoOwners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "BATCH", 2)
    walks = [await _in_review(two_owners) for _ in range(5)]

    await _set_quorum(two_owners, 1)

    assert [(walk.view().stage, _ends(walk)) for walk in walks] == [("drafting", ["policy_changed"])] * 5


async def test_a_review_that_a_dead_process_left_open_takes_no_decision(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    old = await walk.look()
    await _dies_after_the_entry(two_owners)

    # Whoever signs what was shown before, and whoever forges a brief under the new policy.
    trust = current_trust(two_owners.tenant.env, two_owners.tenant.operator)
    newer = Sight(replace(old.scene, trust=trust), {**old.brief, "policy_entry": trust.policy_entry})
    for sight in (old, newer):
        with pytest.raises(VdwError) as caught:
            await walk.decide(signer=two_owners.ben, sight=sight)
        assert refusal(caught) == "look_again"
        assert "policy changed" in caught.value.public
    assert walk.view().review is not None


async def test_a_review_that_a_dead_process_left_open_is_closed_when_somebody_looks(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await _dies_after_the_entry(two_owners)

    with pytest.raises(VdwError) as caught:
        await walk.look()

    assert refusal(caught) == "look_again"
    assert (walk.view().stage, _ends(walk)) == ("drafting", ["policy_changed"])


async def test_an_agent_that_asks_again_gets_a_review_under_the_new_policy(two_owners: TwoOwners) -> None:
    walk = await _in_review(two_owners)
    await _dies_after_the_entry(two_owners)

    await walk.ask()

    assert _ends(walk) == ["policy_changed"]
    assert (await walk.decide(signer=two_owners.ben)).outcome == "approved"


async def test_handing_the_policy_in_again_closes_what_a_dead_process_left_open(two_owners: TwoOwners) -> None:
    walks = [await _in_review(two_owners) for _ in range(2)]
    envelope = await _dies_after_the_entry(two_owners)

    answer = await submit_statement(two_owners.tenant.env, two_owners.tenant.agent, envelope.as_json())

    assert answer.kind == "repeated"
    assert [_ends(walk) for walk in walks] == [["policy_changed"]] * 2


async def test_a_review_under_the_policy_in_force_stays_open(two_owners: TwoOwners) -> None:
    envelope = await _dies_after_the_entry(two_owners)
    walk = await _in_review(two_owners)

    await submit_statement(two_owners.tenant.env, two_owners.tenant.agent, envelope.as_json())

    assert walk.view().stage == "review"


async def _in_review(two_owners: TwoOwners) -> Walk:
    walk = await Walk.begin(two_owners.tenant)
    await walk.submit()
    await walk.ask()
    return walk


async def _set_quorum(two_owners: TwoOwners, quorum: int) -> None:
    tenant = two_owners.tenant
    policy = replace(current_trust(tenant.env, tenant.operator).policy, quorum=quorum)
    await change_policy(tenant.env, tenant.operator, policy, two_owners.ada, two_owners.ben)


async def _dies_after_the_entry(two_owners: TwoOwners) -> Envelope:
    """A policy of quorum 1 is in the log, and whoever wrote it closed no review."""
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    trust = current_trust(env, operator)
    statement = policy_change(env, operator, replace(trust.policy, quorum=1))
    envelope = sign(statement.as_statement(), (two_owners.ada, two_owners.ben))
    entry, _ = append(trust, envelope, statement.time)
    await env.store.commit(lambda uow: uow.append_entry(entry))
    return envelope


def _ends(walk: Walk) -> list[str]:
    events = items(timeline(walk.tenant.env, walk.tenant.agent, walk.project)["events"])
    return [text(mapping(item)["end"]) for item in events if mapping(item)["type"] == "review_ended"]
