"""Exporting a project: a folder that proves itself, its files for an agent, and readable artifacts kept beside the
code."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vdw.artifacts.markdown import artifact_markdown
from vdw.bundle.build import build_files
from vdw.bundle.content import ExportContent
from vdw.bundle.folder import write_changed, write_folder
from vdw.domain.canonical import JsonObject, digest_bytes
from vdw.domain.principal import Permission, Principal
from vdw.errors import not_found
from vdw.service.answers import Exported
from vdw.service.cursors import cursor_position
from vdw.service.environment import Environment
from vdw.service.export_content import approved_revisions, export_content, standing_words
from vdw.service.founding import stored_server_key
from vdw.service.graph import read_graph
from vdw.service.loading import load_project
from vdw.service.proven import proven
from vdw.service.room import cut_text
from vdw.store.interface import Reader
from vdw.trust.server_key import server_signer

FILE_ROOM = 14_000
"""Room for the text of one file in an answer (see `room`): about 4,500 tokens."""
SHOWN_FILES = 60
"""Files that one answer lists: with their digests about 5,000 tokens."""
WATCH_S = 60.0
"""Seconds of one wait for something to happen; then another begins. What happens is heard at once."""


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


def export_project(env: Environment, principal: Principal, project: str, *, path: str, cursor: str = "") -> Exported:
    """The list of files, or one file's text by its exact path; from the cursor of an earlier answer on."""
    files, content = _files(env, principal, project)
    start = cursor_position(cursor)
    if path and path not in files:
        raise not_found("file in this export")
    shown, end = _text_of(files, path, start) if path else _listed(files, start)
    return Exported(
        project=str(content.project["project"]),
        uri=f"vdw://projects/{content.project['project']}",
        files=shown,
        last_statement=str(content.project["last_statement"]),
        cursor=str(end) if end else "",
        next="Call export_project again with this cursor for the rest; `vdw export` writes the whole folder."
        if end
        else "Call export_project with a path for one file; `vdw export` writes the folder.",
    )


def _text_of(files: Mapping[str, bytes], path: str, start: int) -> tuple[list[JsonObject], int]:
    """One file's text from this character on, and where the next answer goes on; 0 at the end."""
    body = files[path].decode("utf-8", "replace")
    text = cut_text(body[start:], FILE_ROOM)
    end = start + len(text)
    return [{"path": path, "size": len(files[path]), "text": text}], end if end < len(body) else 0


def _listed(files: Mapping[str, bytes], start: int) -> tuple[list[JsonObject], int]:
    listed = sorted(files, key=lambda name: (name.startswith("objects/"), name))
    end = start + SHOWN_FILES
    shown: list[JsonObject] = [
        {"path": name, "size": len(files[name]), "sha256": digest_bytes(files[name])} for name in listed[start:end]
    ]
    return shown, end if end < len(listed) else 0


async def watch_export(
    env: Environment, principal: Principal, project: str, folder: Path
) -> AsyncIterator[tuple[str, ...]]:
    """Keeps `<phase>.md` and `<phase>.json` of each approved artifact in the folder, for as long as it is iterated;
    gives the names of the files that were written, each time that any were.

    A file is rewritten only where its text is another, and never removed: a phase that is decided on anew keeps the
    text that was approved last. Raises `VdwError` (not_found, forbidden, configuration).
    """
    while True:
        seen = env.store.read(lambda reader: reader.last_seq())
        if written := write_changed(folder, _readable(env, principal, project)):
            yield written
        while await env.watch.wait(seen, WATCH_S) <= seen:
            pass


def _readable(env: Environment, principal: Principal, project: str) -> dict[str, bytes]:
    """Name → text of every approved artifact; the JSON has a line for each value, so that a difference is short."""

    def read(reader: Reader) -> dict[str, bytes]:
        loaded = load_project(reader, principal, project, Permission.PROJECT_EXPORT)
        trust = env.trust.state(reader, principal.tenant)
        files: dict[str, bytes] = {}
        graph = read_graph(reader, loaded.state)
        state = proven(loaded.state, graph, trust)
        revisions = approved_revisions(state, graph, trust)
        words = standing_words(state, trust, revisions)
        for phase, revision in revisions.items():
            document = revision.document()
            files[f"{phase.value}.md"] = artifact_markdown(phase, document, words.get(phase, "")).encode()
            lines = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True)
            files[f"{phase.value}.json"] = f"{lines}\n".encode()
        return files

    return env.store.read(read)


def _files(env: Environment, principal: Principal, project: str) -> tuple[dict[str, bytes], ExportContent]:
    def read(reader: Reader) -> tuple[ExportContent, bytes]:
        loaded = load_project(reader, principal, project, Permission.PROJECT_EXPORT)
        trust = env.trust.state(reader, principal.tenant)
        return export_content(reader, loaded, trust), stored_server_key(reader)

    content, private = env.store.read(read)
    return build_files(content, server_signer(content.trust, private)), content
