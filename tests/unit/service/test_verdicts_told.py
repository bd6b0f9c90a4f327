"""What a verdict says is what everybody reads from then on, also where the command that asked for it was refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.service.walking import Tenant, Walk, refusal, requirement_changed, waive, without_acceptance
from vdw.domain.canonical import Digest, JsonObject, JsonValue
from vdw.domain.fields import items, mapping
from vdw.domain.finding import Verdict
from vdw.domain.ids import ProjectId
from vdw.domain.stages import Phase
from vdw.domain.stored_json import from_text, to_text
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.facts import ProjectFacts
from vdw.reasoning.service import Reasoner
from vdw.service.answers import AcceptedStatement
from vdw.service.changing import Change
from vdw.service.project_views import list_projects
from vdw.service.tracing import trace

FINDING = "missing_acceptance:REQ-001"
ONE_REQUIREMENT = "The helper must add an item."


async def test_an_approval_that_makes_a_later_phase_stale_shows_it_there_at_once(tenant: Tenant) -> None:
    walk = await _with_its_basis_changed(tenant, at=Phase.SPECIFICATION)

    assert walk.view().phase == "architecture"
    assert [finding.rule for finding in walk.view().findings] == ["stale"]
    assert "Mend 1 blocking finding" in walk.view().next


async def test_a_draft_that_was_never_approved_is_judged_again_as_its_gate_is_reached(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    await walk.submit()

    await _change_the_basis(walk)

    assert [finding.rule for finding in walk.view().findings] == ["stale"]


async def test_what_refuses_a_review_is_what_get_project_lists(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    await _waive(walk, days=1)
    tenant.clock.forward(timedelta(days=2))
    version = walk.view().version

    with pytest.raises(VdwError) as caught:
        await walk.ask()

    assert refusal(caught) == "blocked"
    assert [(finding.key, finding.waived_by) for finding in walk.view().findings] == [(FINDING, [])]
    assert "Mend 1 blocking finding" in walk.view().next
    assert walk.view().version == version


async def test_what_ends_a_review_at_a_vote_is_what_get_project_lists(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    before = _stored(walk)
    await _waive(walk, days=1)
    await walk.ask()
    tenant.clock.forward(timedelta(days=2))
    sight = await walk.look()
    nothing_found: JsonObject = {**before[1], "allowed": True, "findings": []}
    await tenant.env.store.commit(
        lambda uow: uow.put_verdict(ProjectId(walk.project), "mood", before[0], to_text(nothing_found))
    )

    with pytest.raises(VdwError) as caught:
        await walk.decide(sight=sight)

    assert refusal(caught) == "blocked"
    assert [(finding.key, finding.waived_by) for finding in walk.view().findings] == [(FINDING, [])]


async def test_a_finding_that_is_gone_when_it_is_to_be_waived_is_no_longer_listed(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    facts, said = _stored(walk)
    found: list[JsonValue] = [{**mapping(finding), "rule": "uncovered"} for finding in items(said["findings"])]
    gone: JsonObject = {**said, "findings": found}
    await tenant.env.store.commit(lambda uow: uow.put_verdict(ProjectId(walk.project), "mood", facts, to_text(gone)))

    with pytest.raises(VdwError) as caught:
        await _waive(walk, days=1, finding="uncovered:REQ-001")

    assert refusal(caught) == "not_found"
    assert [finding.key for finding in walk.view().findings] == [FINDING]


async def test_a_project_is_listed_as_stale_as_long_as_its_trace_shows_something_stale(tenant: Tenant) -> None:
    walk = await _with_its_basis_changed(tenant, at=Phase.SPECIFICATION)
    assert await _is_stale(walk) == (True, True)

    await walk.submit()

    assert await _is_stale(walk) == (False, False)


async def test_what_an_abandoned_iteration_made_stale_is_so_no_longer_in_the_next(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    await walk.next_iteration()
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.change(Change("abandon"), by=tenant.operator)
    assert await _is_stale(walk) == (True, True)

    await walk.next_iteration()

    assert await _is_stale(walk) == (False, False)


async def test_a_submission_that_comes_while_a_waiver_is_taken_up_keeps_its_verdict(tenant: Tenant) -> None:
    walk = await _blocked(tenant)

    async def submit_more() -> None:
        await walk.change_elements({"op": "set", "id": "REQ-002", "element": {**_requirement(walk), "id": "REQ-002"}})

    await _waive(walk, days=1, reasoner=Interrupted(tenant.env.reasoner, at=3, by=submit_more))

    found = {finding.key: len(finding.waived_by) for finding in walk.view().findings}
    assert found == {FINDING: 1, "missing_acceptance:REQ-002": 0}


async def test_a_waiver_without_the_verdict_that_it_leads_to_is_not_accepted(tenant: Tenant) -> None:
    walk = await _blocked(tenant)
    head = tenant.env.store.read(lambda reader: reader.log_head(tenant.operator.tenant))

    with pytest.raises(VdwError) as caught:
        await _waive(walk, days=1, reasoner=Interrupted(tenant.env.reasoner, at=3, by=_no_verdict))

    assert refusal(caught) == "no_verdict"
    assert tenant.env.store.read(lambda reader: reader.log_head(tenant.operator.tenant)) == head


class Interrupted(Reasoner):
    """A reasoner beside which something happens as one of its verdicts begins; the first is number 1."""

    def __init__(self, within: Reasoner, *, at: int, by: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._within, self._left, self._by = within, at, by

    async def evaluate(self, facts: ProjectFacts) -> Verdict:
        self._left -= 1
        if self._left == 0:
            await self._by()
        return await self._within.evaluate(facts)


async def _no_verdict() -> None:
    raise VdwError(ErrorCode.NO_VERDICT, "The reasoner gave no verdict, so nothing was changed.", "Try again.")


async def _blocked(tenant: Tenant) -> Walk:
    walk = await Walk.begin(tenant, vibe=ONE_REQUIREMENT)
    await walk.submit(without_acceptance(walk.draft()))
    return walk


async def _with_its_basis_changed(tenant: Tenant, *, at: Phase) -> Walk:
    walk = await (await Walk.begin(tenant)).to(at)
    await _change_the_basis(walk)
    return walk


async def _change_the_basis(walk: Walk) -> None:
    """Reopens mood, changes REQ-001 and approves that."""
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements(requirement_changed(walk.brief()))
    await walk.ask()
    await walk.decide()


async def _waive(
    walk: Walk, *, days: int, finding: str = FINDING, reasoner: Reasoner | None = None
) -> AcceptedStatement:
    tenant = walk.tenant
    until = (tenant.clock() + timedelta(days=days)).date().isoformat()
    return await waive(
        replace(tenant.env, reasoner=reasoner or tenant.env.reasoner),
        tenant.operator,
        tenant.signer,
        walk.project,
        finding=finding,
        until=until,
        reason="Tried by hand.",
    )


def _stored(walk: Walk) -> tuple[Digest, JsonObject]:
    found = walk.tenant.env.store.read(lambda reader: reader.verdict(ProjectId(walk.project), "mood"))
    assert found is not None
    facts, verdict = found
    return facts, from_text(verdict)


def _requirement(walk: Walk) -> JsonObject:
    return mapping(items(walk.brief().basis["requirements"])[0])


async def _is_stale(walk: Walk) -> tuple[bool, bool]:
    """What the list of projects says, and what the trace of the first requirement does."""
    tenant = walk.tenant
    traced = await trace(tenant.env, tenant.agent, walk.project, "impact", "REQ-001")
    listed = list_projects(tenant.env, tenant.agent, stale=True).projects
    return bool(listed), any(node["stale"] for node in traced.nodes)
