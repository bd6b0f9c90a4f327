"""From a tool's arguments to the service's call. No rule lives here; services are imported when first called."""

from __future__ import annotations

from vdw.beside import beside_unsized
from vdw.domain.stages import Lane, Phase
from vdw.server import inputs
from vdw.server.registry import Call
from vdw.service import answers


async def create_project(call: Call, given: inputs.CreateProject) -> answers.CreatedProject:
    from vdw.service.creating import create_project as create

    return await create(
        call.env, call.principal, vibe=given.vibe, lane=Lane(given.lane), title=given.title, key=given.idempotency_key
    )


async def list_projects(call: Call, given: inputs.ListProjects) -> answers.ProjectList:
    from vdw.service.project_views import list_projects as list_

    return list_(
        call.env,
        call.principal,
        phase=given.phase or "",
        stage=given.stage or "",
        stale=given.stale,
        limit=given.limit,
        cursor=given.cursor,
    )


async def get_project(call: Call, given: inputs.OneProject) -> answers.ProjectView:
    from vdw.service.project_views import get_project as get

    return get(call.env, call.principal, given.project)


async def get_brief(call: Call, given: inputs.GetBrief) -> answers.Brief:
    from vdw.service.briefing import get_brief as get

    def read() -> answers.Brief:
        return get(
            call.env,
            call.principal,
            given.project,
            schema_digest=given.schema_digest,
            skeleton=given.skeleton,
            cursor=given.cursor,
        )

    return await beside_unsized(read)  # whole documents are read for it


async def submit_artifact(call: Call, given: inputs.SubmitArtifact) -> answers.SubmittedArtifact:
    from vdw.service.submitting import Submission
    from vdw.service.submitting import submit_artifact as submit

    submission = Submission(
        phase=Phase(given.phase),
        artifact=given.artifact,
        base=given.base,
        changes=tuple(given.changes),
        withdraw=given.withdraw,
    )
    return await submit(call.env, call.principal, given.project, submission, key=given.idempotency_key)


async def submit_evidence(call: Call, given: inputs.SubmitEvidence) -> answers.RecordedEvidence:
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
    return await submit(call.env, call.principal, given.project, offer, key=given.idempotency_key)


async def trace(call: Call, given: inputs.Trace) -> answers.Traced:
    from vdw.service.tracing import trace as trace_

    return await trace_(call.env, call.principal, given.project, given.kind, given.of, cursor=given.cursor)


async def change_project(call: Call, given: inputs.ChangeProject) -> answers.ChangedProject:
    from vdw.service.changing import Change
    from vdw.service.changing import change_project as change

    wanted = Change(
        action=given.action,
        phase=Phase(given.phase) if given.phase else None,
        reason=given.reason,
        vibe=given.vibe,
        lane=Lane(given.lane) if given.lane else None,
    )
    return await change(call.env, call.principal, given.project, wanted, key=given.idempotency_key)


async def request_review(call: Call, given: inputs.RequestReview) -> answers.RequestedReview:
    from vdw.service.reviewing import request_review as request

    return await request(
        call.env, call.principal, given.project, wait_seconds=given.wait_seconds, progress=call.progress
    )


async def submit_statement(call: Call, given: inputs.SubmitStatement) -> answers.AcceptedStatement:
    from vdw.service.deciding import submit_statement as submit

    return await submit(call.env, call.principal, given.envelope, tuple(given.attachments))


async def export_project(call: Call, given: inputs.ExportProject) -> answers.Exported:
    from vdw.service.exporting import export_project as export

    def read() -> answers.Exported:
        return export(call.env, call.principal, given.project, path=given.path, cursor=given.cursor)

    return await beside_unsized(read)  # all files are made for one
