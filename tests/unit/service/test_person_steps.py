"""What a person reads to do next: in every situation something, and never the name of a tool."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.service.changes import revoke
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.walking import Tenant, Walk
from vdw.cli.done import tell_done
from vdw.domain.fields import items, mapping
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.server.surface import SURFACE
from vdw.service.changing import Change, change_project
from vdw.service.person_steps import next_for_person, project_for_person
from vdw.service.project_views import get_project


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What was said on the way; no name of a tool stands in any of it."""
    sentences: list[str] = []
    yield sentences
    assert len(sentences) > 1
    assert [(name, words) for words in sentences for name in SURFACE.by_name if name in words] == []


def told(walk: Walk, said: list[str]) -> str:
    said.append(next_for_person(walk.tenant.env, walk.tenant.operator, walk.project))
    return said[-1]


async def changed(walk: Walk, change: Change) -> None:
    await change_project(walk.tenant.env, walk.tenant.operator, walk.project, change)


async def test_on_the_way_to_a_gate_it_is_the_agents_turn_and_at_the_gate_the_persons(
    tenant: Tenant, said: list[str]
) -> None:
    walk = await Walk.begin(tenant)
    slug, vdw = walk.view().slug, walk.tenant.env.command

    assert told(walk, said) == f'The mood artifact is to be written. Say to your agent: "Go on with {slug} in vdw."'
    await walk.submit()
    assert told(walk, said) == (
        f'Nothing blocks. Say to your agent: "Request the review of {slug} in vdw." '
        f"Then you decide: {vdw} gate review {slug}"
    )
    await walk.ask()
    assert told(walk, said) == f"You decide: {vdw} gate review {slug}"
    await walk.decide(GateVerdict.REJECT)
    assert told(walk, said) == (
        "The mood artifact was rejected, and the agent mends what was said. "
        f'Say to your agent: "Mend what was rejected in {slug} in vdw."'
    )
    assert walk.view().next == "This revision was rejected. Mend what the feedback says, then submit_artifact."


async def test_what_blocks_is_mended_by_the_agent_or_waived_by_the_person(tenant: Tenant, said: list[str]) -> None:
    walk = await Walk.begin(tenant)
    told(walk, said)
    draft = walk.draft()
    requirements = items(draft["requirements"])
    await walk.submit({**draft, "requirements": [{**mapping(item), "acceptance": []} for item in requirements]})

    assert "blocking finding" in told(walk, said)
    assert f"{walk.tenant.env.command} gate waive --help" in said[-1]


async def test_what_has_ended_or_was_reopened_says_how_it_goes_on(tenant: Tenant, said: list[str]) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.IMPLEMENTATION)
    await changed(walk, Change(action="reopen", phase=Phase.MOOD, reason="The shelf is new."))
    assert told(walk, said).startswith("The mood phase was reopened.")
    await changed(walk, Change(action="abandon", reason="Enough."))
    assert "Begin the next iteration of" in told(walk, said)

    other = await (await Walk.begin(tenant, Lane.LIGHT, "The lamp must glow.")).complete()
    assert told(other, said).endswith(f"{tenant.env.command} export {other.view().slug}")


async def test_votes_of_keys_that_were_ended_are_not_counted_among_those_that_came(two_owners: TwoOwners) -> None:
    walk = await Walk.begin(two_owners.tenant)
    await walk.submit()
    await walk.ask()
    env, operator = walk.tenant.env, walk.tenant.operator
    review = f"{env.command} gate review {walk.view().slug}"

    await walk.decide(signer=two_owners.ben)
    assert told(walk, []) == f"1 more approval needed, of people who have not decided yet: {review}"
    await revoke(env, operator, two_owners.ben.keyid, two_owners.ada, two_owners.carla)
    assert told(walk, []) == f"2 approvals of different people needed: {review}"


async def test_a_project_is_shown_with_what_comes_next_in_it(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit({**walk.draft(), "requirements": []})

    shown = project_for_person(tenant.env, tenant.operator, walk.project)

    assert shown == (get_project(tenant.env, tenant.operator, walk.project), told(walk, []))
    assert "blocking finding" in shown[1]


async def test_what_was_done_is_told_and_then_the_next_step(
    tenant: Tenant, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    walk = await Walk.begin(tenant)

    tell_done(tenant.env, tenant.operator, walk.project, "It has begun.")

    said += capsys.readouterr().out.splitlines()
    assert said == ["It has begun.", told(walk, [])]


async def test_what_was_done_is_told_where_the_next_step_cannot_be_read(
    tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_done(tenant.env, tenant.operator, "no-project", "Signed, log entry 7: approved.")

    assert capsys.readouterr().out == "Signed, log entry 7: approved.\n"
