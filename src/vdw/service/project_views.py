"""Queries about where projects are. They answer from stored state and verdicts: reading never reasons."""

from __future__ import annotations

from dataclasses import replace

from vdw.artifacts.verified import CLAIMS_ONLY, is_verified
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping, text, texts
from vdw.domain.ids import ProjectId
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import IterationStatus, Phase, seed_state_name
from vdw.domain.stored_json import from_text
from vdw.lifecycle.state import PhaseWork, ProjectState, Review
from vdw.lifecycle.stored import state_from_text
from vdw.lifecycle.table import Situation, situation
from vdw.service.answers import FindingView, PhaseView, ProjectList, ProjectListItem, ProjectView, ReviewView
from vdw.service.environment import Environment
from vdw.service.graph import read_graph
from vdw.service.kept_views import Basis, KeptViews
from vdw.service.loading import Loaded
from vdw.service.next_steps import next_step, review_command
from vdw.service.proven import is_decided, proven, proven_review
from vdw.service.refounded import read_as_put_back
from vdw.service.timeline import feedback_of, shown_feedback
from vdw.service.trust_view import completed_under, is_self_approved, signed_under
from vdw.store.interface import Page, ProjectRow, Reader
from vdw.trust.state import TrustState
from vdw.trust.votes import is_rejected, newest_approval

UNSIGNED = "no: its signatures do not verify"

SHOWN_FINDINGS = 40
"""Findings of one answer, so that it stays below 6,000 tokens; the rest are counted."""


def get_project(env: Environment, principal: Principal, project: str) -> ProjectView:
    """Where the project is and what to do next."""

    def read(reader: Reader) -> ProjectView:
        loaded, trust = read_as_put_back(env, reader, principal, project)
        return project_view(env, reader, loaded, trust)

    return env.store.read(read)


def list_projects(
    env: Environment,
    principal: Principal,
    *,
    phase: str = "",
    stage: str = "",
    stale: bool | None = None,
    limit: int = 20,
    cursor: str = "",
) -> ProjectList:
    """One page of the tenant's projects, newest first."""
    principal.require(Permission.PROJECT_READ)

    def read(reader: Reader) -> tuple[Page, TrustState]:
        page = reader.projects(principal.tenant, phase=phase, stage=stage, stale=stale, limit=limit, cursor=cursor)
        return page, env.trust.state(reader, principal.tenant)

    page, trust = env.store.read(read)
    more = "Call list_projects again with this cursor for more." if page.cursor else ""
    return ProjectList(
        projects=[_list_item(row, trust) for row in page.rows],
        cursor=page.cursor,
        next=more or ("Call get_project for one of them." if page.rows else "Begin one with create_project."),
    )


def project_view(env: Environment, reader: Reader, loaded: Loaded, trust: TrustState) -> ProjectView:
    """Where the project is by what the reader's snapshot holds: a view that is kept is one of the same basis."""
    state = loaded.state
    verdict, verified = _stored_verdict(reader, state), _verified_view(reader, state, trust)
    basis = Basis(loaded.row, trust.head, verdict, verified, env.command)
    view = _KEPT.view(basis, lambda: _made_view(env, loaded, _findings_in(verdict), trust, verified))
    feedback = feedback_of(reader, trust, state.project, state.current) if state.current else []
    return view.model_copy(update={"feedback": shown_feedback(feedback)}) if feedback else view


def _made_view(
    env: Environment, loaded: Loaded, findings: list[FindingView], trust: TrustState, verified: str
) -> ProjectView:
    """The view without its feedback. It takes nothing but what its `Basis` holds."""
    state, row = loaded.state, loaded.row
    return ProjectView(
        project=row.id,
        slug=row.slug,
        title=row.title,
        iteration=state.iteration,
        lane=state.lane.value,
        status=state.status.value,
        phase=row.phase,
        stage=row.stage,
        state=seed_state_name(state.current, state.stage, state.status),
        version=row.version,
        verified=verified,
        phases=[_phase_view(phase, state, trust) for phase in state.lane_phases],
        review=review_view(env, row, proven_review(state.review, row.id, trust)) if state.review else None,
        feedback=[],
        findings=findings[:SHOWN_FINDINGS],
        more_findings=max(0, len(findings) - SHOWN_FINDINGS),
        next=next_step(env, loaded, findings, trust.policy),
    )


def stored_findings(reader: Reader, state: ProjectState) -> list[FindingView]:
    """The findings of the current gate's last verdict; none where nothing has been submitted."""
    return _findings_in(_stored_verdict(reader, state))


def _stored_verdict(reader: Reader, state: ProjectState) -> str:
    """The text of the current gate's last verdict; '' where nothing has been submitted."""
    if state.current is None or situation(state) is Situation.DRAFTING_EMPTY:
        return ""
    stored = reader.verdict(state.project, state.current.value)
    return stored[1] if stored else ""


def _findings_in(verdict: str) -> list[FindingView]:
    return [finding_from_json(mapping(item)) for item in items(from_text(verdict)["findings"])] if verdict else []


def finding_from_json(value: JsonObject) -> FindingView:
    subjects = [text(mapping(subject)["id"]) for subject in items(value["subjects"])]
    return FindingView(
        key=text(value["rule"]) + ":" + ",".join(subjects),
        rule=text(value["rule"]),
        severity=text(value["severity"]),
        subjects=subjects,
        reason=text(value["reason"]),
        waived_by=list(texts(value["waived_by"])),
    )


def verified_words(state: ProjectState, trust: TrustState) -> str:
    """What every view says about verification: yes, no (claims only), or not yet. A completion that nobody signed is
    none; one that was signed under a root that is over is marked as such."""
    if state.status is not IterationStatus.COMPLETED:
        return "not yet"
    root = completed_under(state, trust)
    if root is None:
        return UNSIGNED
    words = "yes" if state.verified else CLAIMS_ONLY
    return f"{words}, as approved {root.mark}" if root.mark else words


def _verified_view(reader: Reader, state: ProjectState, trust: TrustState) -> str:
    """`verified_words`, and where they say yes, whether the signed documents say so too."""
    words = verified_words(state, trust)
    if not words.startswith("yes"):
        return words
    graph = read_graph(reader, state)
    seen = proven(state, graph, trust)
    root = completed_under(seen, trust)
    if not all(
        phase in graph.revisions and is_decided(seen, graph.revisions[phase], trust, root) for phase in seen.lane_phases
    ):
        return UNSIGNED
    return words if is_verified(graph.revisions) else verified_words(replace(state, verified=False), trust)


def review_view(env: Environment, row: ProjectRow, review: Review) -> ReviewView:
    return ReviewView(
        review=review.id,
        phase=review.phase.value,
        digest=review.digest,
        brief=review.brief,
        approvals=len({vote.owner for vote in review.votes}),
        needed=review.quorum,
        command=review_command(env, row),
    )


def _phase_view(phase: Phase, state: ProjectState, trust: TrustState) -> PhaseView:
    work = state.work(phase)
    return PhaseView(
        phase=phase.value,
        stage=work.stage.value,
        revision=work.revision,
        digest=work.digest,
        approved=_approved_words(phase, work, state.project, trust),
    )


def _approved_words(phase: Phase, work: PhaseWork, project: ProjectId, trust: TrustState) -> str:
    if work.approval is None:
        return "no"
    # A row written by hand says nothing: only signatures on these bytes that the trust log holds count.
    root = signed_under(work.approval, project, phase, trust)
    if root is None:
        return _unsigned_words(phase, work.approval.digest, project, trust)
    if root.mark:
        return f"signed {root.mark}"
    if not work.approved_as_is:
        return "earlier revision"
    if work.suspended:
        return "suspended"
    return "self-approved" if is_self_approved(work.approval, trust) else "yes"


def _unsigned_words(phase: Phase, digest: str, project: ProjectId, trust: TrustState) -> str:
    if is_rejected(trust, project, digest):
        return "no: rejected"
    newest = newest_approval(trust, project, phase)
    later = newest is not None and newest.digest != digest
    return "no: another revision was approved later" if later else UNSIGNED


def _list_item(row: ProjectRow, trust: TrustState) -> ProjectListItem:
    return ProjectListItem(
        project=row.id,
        slug=row.slug,
        title=row.title,
        phase=row.phase,
        stage=row.stage,
        stale=row.stale,
        verified=verified_words(state_from_text(row.state), trust),
        updated_at=row.updated_at,
    )


_KEPT = KeptViews()
