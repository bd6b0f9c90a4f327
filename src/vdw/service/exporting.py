"""Exporting a project: reads what signatures name, and hands it to `bundle`. Only approved revisions are exported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vdw.bundle.build import build_files
from vdw.bundle.content import ExportContent, ExportedRevision
from vdw.bundle.folder import write_folder
from vdw.bundle.layout import EXPORT_SCHEMA
from vdw.domain.canonical import Digest, JsonObject, JsonValue, canonical_bytes, digest_bytes, digest_of
from vdw.domain.clock import timestamp
from vdw.domain.manifest import element_from_body
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, LawRefusal, VdwError, not_found
from vdw.lifecycle.events import EventType
from vdw.lifecycle.state import ProjectState
from vdw.service.answers import Exported
from vdw.service.environment import Environment
from vdw.service.founding import SERVER_KEY_SETTING
from vdw.service.graph import read_revision
from vdw.service.loading import Loaded, load_project
from vdw.service.sources import source_text
from vdw.store.interface import Reader
from vdw.trust.server_key import server_signer
from vdw.trust.state import TrustState

SHOWN_CHARACTERS = 16_000
"""Most of one file in an answer, in characters: about 4,500 tokens."""
SHOWN_FILES = 120


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """`last_statement` is printed at export, so that a later cut can be told."""

    folder: Path
    files: int
    last_statement: str


def write_export(env: Environment, principal: Principal, project: str, folder: Path) -> ExportSummary:
    """Writes the export of a project with an approved phase. Raises `LawRefusal` (1) where nothing is approved yet."""
    files, content = _files(env, principal, project)
    write_folder(folder, files)
    return ExportSummary(folder, len(files), str(content.project["last_statement"]))


def export_project(env: Environment, principal: Principal, project: str, *, path: str) -> Exported:
    """The list of files, or one file's text by its exact path."""
    files, content = _files(env, principal, project)
    if path:
        if path not in files:
            raise not_found("file in this export")
        body = files[path].decode("utf-8", "replace")
        shown: list[JsonObject] = [{"path": path, "size": len(files[path]), "text": body[:SHOWN_CHARACTERS]}]
        cut = len(body) > SHOWN_CHARACTERS
    else:
        listed = sorted(files, key=lambda name: (name.startswith("objects/"), name))
        shown = [{"path": name, "size": len(files[name]), "sha256": digest_bytes(files[name])} for name in listed]
        cut = len(shown) > SHOWN_FILES
        shown = shown[:SHOWN_FILES]
    more = "This is not all of it; `vdw export` writes the whole folder." if cut else ""
    return Exported(
        project=str(content.project["project"]),
        uri=f"vdw://projects/{content.project['project']}",
        files=shown,
        last_statement=str(content.project["last_statement"]),
        next=more or "Call export_project with a path for one file; `vdw export` writes the folder.",
    )


def _files(env: Environment, principal: Principal, project: str) -> tuple[dict[str, bytes], ExportContent]:
    def read(reader: Reader) -> tuple[ExportContent, bytes]:
        loaded = load_project(reader, principal, project, Permission.PROJECT_EXPORT)
        trust = env.trust.state(reader, principal.tenant)
        private = reader.setting(SERVER_KEY_SETTING)
        if private is None:
            raise VdwError(
                ErrorCode.STORAGE, "The server's key is missing from the store.", "Restore it from a backup."
            )
        return _content(reader, loaded, trust), private

    content, private = env.store.read(read)
    return build_files(content, server_signer(content.trust, private), timestamp(env.clock())), content


def _content(reader: Reader, loaded: Loaded, trust: TrustState) -> ExportContent:
    state = loaded.state
    approved = {
        phase: work.approval
        for phase, work in state.phases.items()
        if phase in state.lane_phases and work.approval is not None and work.approved_as_is and not work.suspended
    }
    if not approved:
        raise LawRefusal(
            1, "Nothing of this project is approved yet, so there is nothing to export.", "Finish a gate first."
        )
    revisions: dict[Phase, ExportedRevision] = {}
    for phase, approval in approved.items():
        found = read_revision(reader, state.project, Digest(approval.digest))
        revisions[phase] = ExportedRevision(found.digest, found.manifest, found.elements)
    sources = _sources(reader, state)
    verdicts = {phase: verdict for phase in revisions if (verdict := _verdict(reader, state, phase)) is not None}
    objects = _objects(reader, state, trust, revisions, verdicts, sources)
    phases: JsonObject = {
        phase.value: {
            "digest": approval.digest,
            "review": approval.review,
            "envelopes": list[JsonValue](approval.envelopes),
        }
        for phase, approval in approved.items()
    }
    project: JsonObject = {
        "schema": EXPORT_SCHEMA,
        "tenant": state.tenant,
        "project": state.project,
        "slug": loaded.row.slug,
        "title": loaded.row.title,
        "iteration": state.iteration,
        "lane": state.lane.value,
        "status": state.status.value,
        "source": state.source,
        "sources": {source: digest for source, (digest, _) in sources.items()},
        "phases": phases,
        "last_statement": trust.last_statement(state.project),
    }
    return ExportContent(
        project=project,
        entries=reader.log_entries(state.tenant),
        trust=trust,
        revisions=revisions,
        objects=objects,
        verdicts=verdicts,
        vibes={source: text for source, (_, text) in sources.items()},
    )


def _sources(reader: Reader, state: ProjectState) -> dict[str, tuple[str, str]]:
    """The vibe of every iteration: source id → (digest, text)."""
    found: dict[str, tuple[str, str]] = {}
    for event in reader.events(state.tenant, state.project):
        if event.type in (EventType.CREATED, EventType.ITERATION_STARTED):
            digest = str(event.data["source_digest"])
            body = reader.object(state.project, Digest(digest))
            if body is not None:
                found[str(event.data["source"])] = (digest, source_text(element_from_body(body)))
    return found


def _verdict(reader: Reader, state: ProjectState, phase: Phase) -> JsonObject | None:
    stored = reader.verdict(state.project, phase.value)
    return stored[1] if stored else None


def _objects(
    reader: Reader,
    state: ProjectState,
    trust: TrustState,
    revisions: dict[Phase, ExportedRevision],
    verdicts: dict[Phase, JsonObject],
    sources: dict[str, tuple[str, str]],
) -> dict[Digest, bytes]:
    """Everything that a signature or a manifest names by digest."""
    wanted: set[Digest] = {Digest(digest) for digest, _ in sources.values()}
    for revision in revisions.values():
        wanted |= {revision.digest, *(ref.digest for ref in revision.manifest.elements)}
    for accepted in trust.decisions.values():
        found = accepted.statement
        if found.project == state.project:
            wanted |= {found.brief} | ({found.comments} if found.comments else set())
    wanted |= {item.statement.reason for item in trust.waivers.values() if item.statement.project == state.project}
    wanted |= {Digest(row.report) for row in reader.evidence(state.project) if row.report}
    objects = reader.objects(state.project, sorted(wanted))
    return {**objects, **{digest_of(verdict): canonical_bytes(verdict) for verdict in verdicts.values()}}
