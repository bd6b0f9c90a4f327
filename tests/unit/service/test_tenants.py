"""Tenants do not see each other: what is another's and what is not there are answered in the same words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.unit.service.walking import COMMIT, REPOSITORY, VIBE, Tenant, Walk, no_progress, report
from vdw.domain.canonical import ZERO_DIGEST
from vdw.domain.clock import timestamp
from vdw.domain.ids import PersonId, PrincipalId, TenantId
from vdw.domain.principal import KIND_PERMISSIONS, Principal, PrincipalKind
from vdw.domain.stages import Lane, Phase
from vdw.domain.tenant import TenantKind
from vdw.errors import VdwError
from vdw.service.briefing import get_brief
from vdw.service.changing import Change, change_project
from vdw.service.creating import create_project
from vdw.service.documents import artifact_document
from vdw.service.environment import Environment
from vdw.service.evidencing import EvidenceOffer, submit_evidence
from vdw.service.following import ALL, Following
from vdw.service.founding import DEMO, NewTenant, new_tenant
from vdw.service.project_views import get_project, list_projects
from vdw.service.reviewing import current_brief, request_review
from vdw.service.submitting import Submission, submit_artifact
from vdw.service.timeline import timeline
from vdw.service.tracing import trace, trace_matrix
from vdw.store.interface import PersonRow, UnitOfWork
from vdw.trust.acceptance import append
from vdw.trust.envelope import sign
from vdw.trust.signer import DemoSigner, new_demo_signer
from vdw.trust.statements import FoundStatement

Call = Callable[[Environment, Principal, str], Awaitable[object]]


async def _get(env: Environment, caller: Principal, project: str) -> object:
    return get_project(env, caller, project)


async def _brief(env: Environment, caller: Principal, project: str) -> object:
    return get_brief(env, caller, project)


async def _submit(env: Environment, caller: Principal, project: str) -> object:
    return await submit_artifact(env, caller, project, Submission(Phase.MOOD, artifact={}))


async def _ask(env: Environment, caller: Principal, project: str) -> object:
    return await request_review(env, caller, project, wait_seconds=0, progress=no_progress)


async def _look(env: Environment, caller: Principal, project: str) -> object:
    return await current_brief(env, caller, project)


async def _record(env: Environment, caller: Principal, project: str) -> object:
    offer = EvidenceOffer("junit", report=report(), repository=REPOSITORY, commit=COMMIT)
    return await submit_evidence(env, caller, project, offer)


async def _trace(env: Environment, caller: Principal, project: str) -> object:
    return await trace(env, caller, project, "trace", "REQ-001")


async def _matrix(env: Environment, caller: Principal, project: str) -> object:
    return trace_matrix(env, caller, project)


async def _timeline(env: Environment, caller: Principal, project: str) -> object:
    return timeline(env, caller, project)


async def _document(env: Environment, caller: Principal, project: str) -> object:
    return artifact_document(env, caller, project, Phase.MOOD, None)


async def _reopen(env: Environment, caller: Principal, project: str) -> object:
    return await change_project(env, caller, project, Change("reopen", phase=Phase.MOOD))


CALLS: list[Call] = [
    _get,
    _brief,
    _submit,
    _ask,
    _look,
    _record,
    _trace,
    _matrix,
    _timeline,
    _document,
    _reopen,
]


@pytest.mark.parametrize("call", CALLS, ids=[call.__name__ for call in CALLS])
@pytest.mark.row(id="E7")
async def test_another_tenants_project_is_answered_like_one_that_does_not_exist(tenant: Tenant, call: Call) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    before = walk.view()
    stranger, _ = await _second_tenant(tenant)

    answers = [
        await _refused(call, tenant.env, stranger, name) for name in (walk.project, before.slug, "prj_" + "a" * 26)
    ]

    assert answers[0]["code"] == "not_found"
    assert answers[0] == answers[1] == answers[2]
    assert walk.view() == before


@pytest.mark.row(id="E7")
async def test_another_tenants_projects_are_in_no_list(tenant: Tenant) -> None:
    await Walk.begin(tenant)
    stranger, _ = await _second_tenant(tenant)

    assert list_projects(tenant.env, stranger).projects == []


@pytest.mark.row(id="F10")
async def test_another_tenants_changes_are_not_heard(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    stranger, _ = await _second_tenant(tenant)
    ours = await create_project(tenant.env, stranger, vibe="It must be another.", lane=Lane.FULL)

    async def admit() -> Principal:
        return stranger

    following = Following(tenant.env, admit, [walk.project, walk.view().slug, ours.project, ALL])
    await following.begin()

    async with asyncio.TaskGroup() as group:
        heard = group.create_task(following.changed())
        await walk.submit()
        await create_project(tenant.env, tenant.agent, vibe="It must be ours.", lane=Lane.FULL)
        await change_project(tenant.env, stranger, ours.project, Change("change_lane", lane=Lane.LIGHT))

    assert heard.result() == {ours.project}


@pytest.mark.row(id="E8")
async def test_two_tenants_may_use_the_same_name_and_key(tenant: Tenant) -> None:
    ours = await create_project(tenant.env, tenant.agent, vibe=VIBE, lane=Lane.FULL, key="monday")
    stranger, _ = await _second_tenant(tenant)

    theirs = await create_project(tenant.env, stranger, vibe=VIBE, lane=Lane.FULL, key="monday")

    assert (theirs.slug, theirs.project != ours.project) == (ours.slug, True)
    assert get_project(tenant.env, stranger, ours.slug).project == theirs.project


async def test_another_tenants_approver_decides_nothing_here(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    _, their_signer = await _second_tenant(tenant)

    with pytest.raises(VdwError) as caught:
        await walk.decide(signer=their_signer)

    assert caught.value.code.value == "signature"
    assert walk.view().stage == "review"


async def _refused(call: Call, env: Environment, caller: Principal, project: str) -> dict[str, object]:
    with pytest.raises(VdwError) as caught:
        await call(env, caller, project)
    return caught.value.as_json()


async def _second_tenant(tenant: Tenant) -> tuple[Principal, DemoSigner]:
    """Another founded and pinned tenant in the same store: an agent of it, who may do all that agents may, and its
    approver."""
    env = tenant.env
    ids = new_tenant(env)
    signer = new_demo_signer(ids.approver, env.random_bytes)
    entry, trust = append(None, sign(_founding(env, ids, signer).as_statement(), (signer,)), timestamp(env.clock()))

    def work(uow: UnitOfWork) -> None:
        uow.add_tenant(ids.tenant, "demo", "local", timestamp(env.clock()))
        uow.put_person(PersonRow(ids.tenant, ids.person, "Eve"))
        uow.append_entry(entry)

    await env.store.commit(work)
    env.trust.pin(trust)
    kind = PrincipalKind.AGENT
    agent = Principal(PrincipalId("prn_eve"), TenantId(ids.tenant), kind, PersonId(ids.person), KIND_PERMISSIONS[kind])
    return agent, signer


def _founding(env: Environment, ids: NewTenant, signer: DemoSigner) -> FoundStatement:
    return FoundStatement(
        tenant=ids.tenant,
        kind=TenantKind.DEMO,
        approver=ids.approver,
        owner=ids.person,
        public_key=signer.public_key,
        assurance=signer.assurance,
        policy=DEMO,
        time=timestamp(env.clock()),
        prev=ZERO_DIGEST,
    )
