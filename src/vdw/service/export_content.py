"""What an export of a project holds, read from the store in one snapshot: approved revisions, and all that signatures
name. Approved is what the verified log approves, whatever the project's row says. Drafts are not exported."""

from __future__ import annotations

from collections.abc import Mapping

from vdw.artifacts.revision import Revision
from vdw.bundle.briefs import basis_of
from vdw.bundle.content import ExportContent
from vdw.bundle.layout import EXPORT_SCHEMA
from vdw.bundle.standing import standing
from vdw.domain.canonical import Digest, JsonObject, JsonValue, canonical_bytes, digest_of, parse_object
from vdw.domain.manifest import element_from_body
from vdw.domain.stages import IterationStatus, Phase, Stage
from vdw.domain.stored_json import from_text
from vdw.errors import LawRefusal
from vdw.lifecycle.events import EventType
from vdw.lifecycle.state import ProjectState
from vdw.service.graph import MAX_MANIFEST_BYTES, ProjectGraph, read_graph, read_revision
from vdw.service.history import newest_first
from vdw.service.loading import Loaded
from vdw.service.objects import genuine_object, require_digest
from vdw.service.proven import is_approved, proven
from vdw.service.sources import source_text
from vdw.service.trust_view import completed_under
from vdw.store.interface import ProjectRow, Reader
from vdw.trust.state import Root, TrustState
from vdw.trust.votes import count_waivers, opening_vote


def approved_revisions(state: ProjectState, graph: ProjectGraph, trust: TrustState) -> dict[Phase, Revision]:
    """The revisions that are approved in the project's lane, by phase, in order; none where nothing is. Those of a
    completed iteration may be signed under a root that was replaced since: all of them, under the same one."""
    root = _root_of(state, trust)
    return {
        phase: found
        for phase, found in ((phase, graph.revisions.get(phase)) for phase in state.lane_phases)
        if found is not None
        and state.work(phase).approved_as_is
        and not state.work(phase).suspended
        and is_approved(state, found, trust, root)
    }


def standing_words(state: ProjectState, trust: TrustState, revisions: Mapping[Phase, Revision]) -> Mapping[Phase, str]:
    """Of each approved revision that stands no longer, why."""
    passed = [phase for phase in revisions if state.work(phase).stage is Stage.APPROVED]
    waivers = count_waivers(trust, state.project, _root_of(state, trust))
    return standing(revisions, state.lane, passed, waivers).words


def export_content(reader: Reader, loaded: Loaded, trust: TrustState) -> ExportContent:
    """The content of the project's export. Raises `LawRefusal` (1) where nothing is approved."""
    graph = read_graph(reader, loaded.state)
    state = proven(loaded.state, graph, trust)
    revisions = approved_revisions(state, graph, trust)
    if not revisions:
        raise LawRefusal(
            1, "Nothing of this project is approved, so there is nothing to export.", "Finish a gate first."
        )
    sources = _sources(reader, state)
    verdicts = _verdicts(reader, state, trust, revisions)
    objects = _objects(reader, state, trust, revisions, verdicts, sources)
    return ExportContent(
        project=_project(loaded.row, state, trust, revisions, sources),
        entries=reader.log_entries(state.tenant),
        trust=trust,
        revisions=revisions,
        objects=objects,
        verdicts=verdicts,
        vibes={source: text for source, (_, text) in sources.items()},
    )


def _project(
    row: ProjectRow,
    state: ProjectState,
    trust: TrustState,
    revisions: Mapping[Phase, Revision],
    sources: dict[str, tuple[str, str]],
) -> JsonObject:
    """project.json: what the server says of the project, and which decisions it takes for the approval of each
    phase."""
    phases: JsonObject = {
        phase.value: {
            "digest": approval.digest,
            "review": approval.review,
            "envelopes": list[JsonValue](approval.envelopes),
            "stage": state.work(phase).stage.value,
        }
        for phase in revisions
        if (approval := state.work(phase).approval) is not None
    }
    return {
        "schema": EXPORT_SCHEMA,
        "tenant": state.tenant,
        "project": state.project,
        "slug": row.slug,
        "title": row.title,
        "iteration": state.iteration,
        "lane": state.lane.value,
        "status": state.status.value,
        "source": state.source,
        "sources": {source: digest for source, (digest, _) in sources.items()},
        "phases": phases,
        "last_statement": trust.last_statement(state.project),
    }


def _sources(reader: Reader, state: ProjectState) -> dict[str, tuple[str, str]]:
    """The vibe of every iteration, oldest first: source id → (digest, text)."""
    found: dict[str, tuple[str, str]] = {}
    for event in newest_first(reader, state.tenant, state.project, EventType.CREATED, EventType.ITERATION_STARTED):
        digest = str(event.data["source_digest"])
        body = genuine_object(reader, state.project, Digest(digest))
        if body is not None:
            found[str(event.data["source"])] = (digest, source_text(element_from_body(body)))
    return dict(reversed(found.items()))


def _verdicts(
    reader: Reader, state: ProjectState, trust: TrustState, revisions: Mapping[Phase, Revision]
) -> dict[Phase, JsonObject]:
    """The verdict on which each gate opened: the one that the vote was given on that completed its approval. Where none
    is held, the gate's last one, of which verification says whether it is on the facts that were approved."""
    root = _root_of(state, trust)
    votes = {phase: opening_vote(trust, state.project, found.digest, root) for phase, found in revisions.items()}
    wanted = {vote.envelope: phase for phase, vote in votes.items() if vote}
    last = {phase: reader.verdict(state.project, phase.value) for phase in revisions}
    found = {phase: from_text(stored[1]) for phase, stored in last.items() if stored is not None}
    for event in newest_first(reader, state.tenant, state.project, EventType.VOTED):
        phase = wanted.get(Digest(str(event.data["envelope"])))
        body = genuine_object(reader, state.project, Digest(str(event.data.get("judged", "")))) if phase else None
        if phase and body:
            found[phase] = parse_object(body, max_bytes=MAX_MANIFEST_BYTES)
    return found


def _root_of(state: ProjectState, trust: TrustState) -> Root | None:
    """The root that the approvals have to be under: the present one (None), or of a completed iteration its own."""
    return completed_under(state, trust) if state.status is IterationStatus.COMPLETED else None


def _objects(
    reader: Reader,
    state: ProjectState,
    trust: TrustState,
    revisions: dict[Phase, Revision],
    verdicts: dict[Phase, JsonObject],
    sources: dict[str, tuple[str, str]],
) -> dict[Digest, bytes]:
    """Everything that a signature or a manifest names by digest. Raises `VdwError` (storage) where other bytes lie in
    the place of any."""
    wanted: set[Digest] = {Digest(digest) for digest, _ in sources.values()}
    for revision in revisions.values():
        wanted |= {revision.digest, *(ref.digest for ref in revision.manifest.elements)}
    exported = {revision.digest for revision in revisions.values()}
    for accepted in trust.decisions.values():
        found = accepted.statement
        if found.project == state.project:
            wanted |= {found.brief} | ({found.comments} if found.comments else set())
            basis = basis_of(trust, accepted) if found.digest in exported else None
            if basis is not None:
                before = read_revision(reader, state.project, basis).manifest
                wanted |= {basis, *(ref.digest for ref in before.elements)}
    wanted |= {item.statement.reason for item in trust.waivers.values() if item.statement.project == state.project}
    wanted |= {Digest(row.report) for row in reader.evidence(state.project) if row.report}
    objects = reader.objects(state.project, sorted(wanted))
    for digest, body in objects.items():
        require_digest(digest, body)
    return {**objects, **{digest_of(verdict): canonical_bytes(verdict) for verdict in verdicts.values()}}
