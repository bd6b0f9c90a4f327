"""From a tool's arguments to the service's call. No rule lives here; services are imported when first called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from vdw.beside import beside_unsized
from vdw.domain.principal import Principal
from vdw.domain.stages import Lane, Phase
from vdw.server import inputs
from vdw.service import answers
from vdw.service.environment import Environment

Progress = Callable[[int, int, str], Awaitable[None]]
"""(done, of, message): tells a waiting client that the call is alive."""


async def create_project(
    env: Environment, principal: Principal, given: inputs.CreateProject, _: Progress
) -> answers.CreatedProject:
    from vdw.service.creating import create_project as create

    return await create(
        env, principal, vibe=given.vibe, lane=Lane(given.lane), title=given.title, key=given.idempotency_key
    )


async def list_projects(
    env: Environment, principal: Principal, given: inputs.ListProjects, _: Progress
) -> answers.ProjectList:
    from vdw.service.project_views import list_projects as list_

    return list_(
        env,
        principal,
        phase=given.phase or "",
        stage=given.stage or "",
        stale=given.stale,
        limit=given.limit,
        cursor=given.cursor,
    )


async def get_project(
    env: Environment, principal: Principal, given: inputs.OneProject, _: Progress
) -> answers.ProjectView:
    from vdw.service.project_views import get_project as get

    return get(env, principal, given.project)


async def get_brief(env: Environment, principal: Principal, given: inputs.GetBrief, _: Progress) -> answers.Brief:
    from vdw.service.briefing import get_brief as get

    def read() -> answers.Brief:
        return get(
            env,
            principal,
            given.project,
            schema_digest=given.schema_digest,
            skeleton=given.skeleton,
            cursor=given.cursor,
        )

    return await beside_unsized(read)  # whole documents are read for it


async def submit_artifact(
    env: Environment, principal: Principal, given: inputs.SubmitArtifact, _: Progress
) -> answers.SubmittedArtifact:
    from vdw.service.submitting import Submission
    from vdw.service.submitting import submit_artifact as submit

    submission = Submission(
        phase=Phase(given.phase),
        artifact=given.artifact,
        base=given.base,
        changes=tuple(given.changes),
        withdraw=given.withdraw,
    )
    return await submit(env, principal, given.project, submission, key=given.idempotency_key)


async def submit_evidence(
    env: Environment, principal: Principal, given: inputs.SubmitEvidence, _: Progress
) -> answers.RecordedEvidence:
    from vdw.service.evidencing import EvidenceOffer
    from vdw.service.evidencing import submit_evidence as submit

    offer = EvidenceOffer(
        kind=given.kind,
        report=given.report,
        claim=given.claim,
        run=given.run,
        repository=given.repository,
        commit=given.commit,
    )
    return await submit(env, principal, given.project, offer, key=given.idempotency_key)


async def trace(env: Environment, principal: Principal, given: inputs.Trace, _: Progress) -> answers.Traced:
    from vdw.service.tracing import trace as trace_

    return await trace_(env, principal, given.project, given.kind, given.of, cursor=given.cursor)


async def change_project(
    env: Environment, principal: Principal, given: inputs.ChangeProject, _: Progress
) -> answers.ChangedProject:
    from vdw.service.changing import Change
    from vdw.service.changing import change_project as change

    wanted = Change(
        action=given.action,
        phase=Phase(given.phase) if given.phase else None,
        reason=given.reason,
        vibe=given.vibe,
        lane=Lane(given.lane) if given.lane else None,
    )
    return await change(env, principal, given.project, wanted, key=given.idempotency_key)


async def request_review(
    env: Environment, principal: Principal, given: inputs.RequestReview, progress: Progress
) -> answers.RequestedReview:
    from vdw.service.reviewing import request_review as request

    return await request(env, principal, given.project, wait_seconds=given.wait_seconds, progress=progress)


async def submit_statement(
    env: Environment, principal: Principal, given: inputs.SubmitStatement, _: Progress
) -> answers.AcceptedStatement:
    from vdw.service.deciding import submit_statement as submit

    return await submit(env, principal, given.envelope, tuple(given.attachments))


async def export_project(
    env: Environment, principal: Principal, given: inputs.ExportProject, _: Progress
) -> answers.Exported:
    from vdw.service.exporting import export_project as export

    return export(env, principal, given.project, path=given.path, cursor=given.cursor)
