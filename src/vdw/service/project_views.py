"""Queries about where projects are. They answer from stored state and verdicts: reading never reasons."""

from __future__ import annotations

from dataclasses import replace

from vdw.artifacts.verified import CLAIMS_ONLY, is_verified
from vdw.domain.canonical import JsonObject
from vdw.domain.counting import counted
from vdw.domain.fields import items, mapping, text, texts
from vdw.domain.ids import ProjectId
from vdw.domain.policy import Policy
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import IterationStatus, Phase, Stage, seed_state_name
from vdw.lifecycle.state import PhaseWork, ProjectState, Review, state_from_json
from vdw.lifecycle.table import Situation, is_to_be_signed_again, situation
from vdw.service.answers import FindingView, PhaseView, ProjectList, ProjectListItem, ProjectView, ReviewView
from vdw.service.environment import Environment
from vdw.service.graph import read_graph
from vdw.service.loading import Loaded, load_project
from vdw.service.mending import earliest, unwaived
from vdw.service.proven import is_decided, proven, proven_review
from vdw.service.timeline import feedback_of, shown_feedback
from vdw.service.trust_view import completed_under, is_self_approved, signed_under
from vdw.store.interface import Page, ProjectRow, Reader
from vdw.trust.state import TrustState
from vdw.trust.votes import is_rejected, newest_approval

NOT_WRITTEN = (
    "The tenant's policy accepts no template draft, so no review will open: write the artifact, and submit it with "
    "drafted_by agent."
)

UNSIGNED = "no: its signatures do not verify"

SHOWN_FINDINGS = 40
"""Findings of one answer, so that it stays below 6,000 tokens; the rest are counted."""


def get_project(env: Environment, principal: Principal, project: str) -> ProjectView:
    """Where the project is and what to do next."""

    def read(reader: Reader) -> ProjectView:
        loaded = load_project(reader, principal, project, Permission.PROJECT_READ)
        trust = env.trust.state(reader, principal.tenant)
        return project_view(reader, loaded, trust, env.command)

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


def project_view(reader: Reader, loaded: Loaded, trust: TrustState, vdw: str) -> ProjectView:
    """`vdw`: what starts it in a person's own shell."""
    state, row = loaded.state, loaded.row
    findings = stored_findings(reader, state)
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
        verified=_verified_view(reader, state, trust),
        phases=[_phase_view(phase, state, trust) for phase in state.lane_phases],
        review=review_view(vdw, row, proven_review(state.review, row.id, trust)) if state.review else None,
        feedback=shown_feedback(feedback_of(reader, trust, row.id, state.current)) if state.current else [],
        findings=findings[:SHOWN_FINDINGS],
        more_findings=max(0, len(findings) - SHOWN_FINDINGS),
        next=next_step(vdw, state, row, findings, trust.policy),
    )


def stored_findings(reader: Reader, state: ProjectState) -> list[FindingView]:
    """The findings of the current gate's last verdict; none where nothing has been submitted."""
    if state.current is None or situation(state) is Situation.DRAFTING_EMPTY:
        return []
    stored = reader.verdict(state.project, state.current.value)
    return [finding_from_json(mapping(item)) for item in items(stored[1]["findings"])] if stored else []


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
    """What every view says about verification: yes, no (claims only), or not yet. A completion that nobody signed is none;
    one that was signed under a root that is over is marked as such."""
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


def review_command(vdw: str, row: ProjectRow) -> str:
    """The one command that a human runs to decide, in a shell where `vdw` is started as said."""
    return f"{vdw} gate review {row.slug}"


def review_view(vdw: str, row: ProjectRow, review: Review) -> ReviewView:
    return ReviewView(
        review=review.id,
        phase=review.phase.value,
        digest=review.digest,
        brief=review.brief,
        approvals=len({vote.owner for vote in review.votes}),
        needed=review.quorum,
        command=review_command(vdw, row),
    )


def next_step(vdw: str, state: ProjectState, row: ProjectRow, findings: list[FindingView], policy: Policy) -> str:
    """What the caller can do now under this policy, in one sentence; never what a law would refuse."""
    if state.status is IterationStatus.COMPLETED:
        return "This iteration is completed; change_project start_iteration begins the next one, export_project exports it."
    if state.current is None:
        return "This iteration was abandoned; change_project start_iteration begins another."
    phase = state.current.value
    if state.stage is Stage.REVIEW:
        return f"A human decides: {review_command(vdw, row)}. Wait with request_review wait_seconds."
    where = situation(state)
    if where is Situation.DRAFTING_EMPTY:
        return f"Call get_brief, write the {phase} artifact and submit_artifact."
    if where is Situation.SUSPENDED:
        return f"Submit the change of {phase}, or change_project resume to leave it as it was."
    if blocking := unwaived(findings):
        earlier = earliest(blocking, state.current)
        if earlier is None:
            return f"Mend {counted(len(blocking), 'blocking finding')}, then submit_artifact again."
        return (
            f"{counted(len(earlier.findings), 'blocking finding')} to mend in {earlier.phase}, a phase before this one: "
            f"change_project reopen {earlier.phase} and submit_artifact there, or have a human waive what can be waived."
        )
    if state.work(state.current).template and not policy.template_drafts:
        return NOT_WRITTEN
    if state.lane_moved:
        return "The lane changed after this revision was submitted: submit_artifact mood again, changed or not."
    if is_to_be_signed_again(state):
        return f"The root was replaced and this revision kept; a human signs it again: {review_command(vdw, row)}."
    if state.work(state.current).rejected:
        return "This revision was rejected. Mend what the feedback says, then submit_artifact."
    return "Nothing blocks: call request_review."


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
        verified=verified_words(state_from_json(row.state), trust),
        updated_at=row.updated_at,
    )
