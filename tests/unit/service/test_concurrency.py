"""Many at once: one gate opens once, nothing that was answered is lost."""

from __future__ import annotations

import asyncio

from tests.unit.service.walking import Tenant, Walk, report, requirement_changed
from vdw.domain.fields import items, mapping
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.errors import VdwError
from vdw.service.answers import AcceptedStatement, RecordedEvidence, SubmittedArtifact
from vdw.service.creating import create_project
from vdw.service.submitting import Submission, submit_artifact
from vdw.service.timeline import timeline

RIVALS = 20


async def test_twenty_decisions_at_once_are_one_approval(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()
    head = _head(tenant)

    # Comments make each of them an envelope of its own.
    answers = await asyncio.gather(
        *(walk.decide(GateVerdict.APPROVE, ("", f"yes {number}"), sight=sight) for number in range(RIVALS)),
        return_exceptions=True,
    )

    accepted = [answer for answer in answers if isinstance(answer, AcceptedStatement)]
    refused = [answer for answer in answers if isinstance(answer, VdwError)]
    assert (len(accepted), len(refused)) == (1, RIVALS - 1)
    assert {error.code.value for error in refused} <= {"look_again", "conflict"}
    assert (_count(walk, "approved"), _count(walk, "voted"), _head(tenant)) == (1, 1, head + 1)
    assert walk.view().phase == "architecture"


async def test_approvals_and_rejections_at_once_are_one_verdict(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()

    answers = await asyncio.gather(
        *(walk.decide(verdict, sight=sight) for verdict in GateVerdict for _ in range(5)), return_exceptions=True
    )

    outcomes = {answer.outcome for answer in answers if isinstance(answer, AcceptedStatement)}
    assert len(outcomes - {"accepted before"}) == 1
    assert (_count(walk, "voted"), _count(walk, "review_ended")) == (1, 1)


async def test_changes_on_one_base_at_once_are_taken_once(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    brief = walk.brief()
    offers = [Submission(Phase.MOOD, base=brief.base, changes=(requirement_changed(brief, n),)) for n in (0, 1)]

    answers = await asyncio.gather(
        *(submit_artifact(tenant.env, tenant.agent, walk.project, offer) for offer in offers), return_exceptions=True
    )

    assert len([answer for answer in answers if isinstance(answer, SubmittedArtifact)]) == 1
    assert [answer.code.value for answer in answers if isinstance(answer, VdwError)] == ["stale_base"]
    assert walk.view().phases[0].revision == 2


async def test_reviews_requested_at_once_are_one_review(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()

    answers = await asyncio.gather(*(walk.ask() for _ in range(5)))

    assert len({answer.review for answer in answers}) == 1
    assert _count(walk, "review_opened") == 1


async def test_evidence_recorded_at_once_never_shares_an_id(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant, Lane.LIGHT)).to(Phase.VALIDATION)

    answers = await asyncio.gather(
        walk.record(report("REQ-001")), walk.record(report("REQ-002")), walk.record(report()), return_exceptions=True
    )

    recorded = [answer.evidence for answer in answers if isinstance(answer, RecordedEvidence)]
    assert len(set(recorded)) == len(recorded) == len(items(walk.brief().basis["evidence"]))


async def test_one_keyed_creation_at_once_is_one_project(tenant: Tenant) -> None:
    answers = await asyncio.gather(
        *(create_project(tenant.env, tenant.agent, vibe="It must rain.", lane=Lane.FULL, key="k") for _ in range(5))
    )

    assert len({answer.project for answer in answers}) == 1


def _head(tenant: Tenant) -> int:
    entry = tenant.env.store.read(lambda reader: reader.log_head(tenant.agent.tenant))
    assert entry is not None
    return entry.position


def _count(walk: Walk, event: str) -> int:
    events = items(timeline(walk.tenant.env, walk.tenant.agent, walk.project)["events"])
    return [mapping(item)["type"] for item in events].count(event)
