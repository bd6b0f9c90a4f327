"""Artifacts as documents: what resources, the command line and exports show of a revision."""

from __future__ import annotations

import re

from vdw.artifacts.markdown import artifact_markdown as render
from vdw.artifacts.schemas import schema_of
from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.fields import text
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError, not_found
from vdw.reasoning.rulebook import rule_source
from vdw.service.environment import Environment
from vdw.service.graph import read_revision
from vdw.service.loading import load_project
from vdw.store.interface import Reader

_SCHEMA = re.compile(r"vdw\.([a-z]+)/1")


def artifact_document(
    env: Environment, principal: Principal, project: str, phase: Phase, revision: int | None
) -> JsonObject:
    """One revision's document, the current one if none is named. Raises `VdwError` (not_found)."""

    def read(reader: Reader) -> JsonObject:
        loaded = load_project(reader, principal, project, Permission.PROJECT_READ)
        digest = loaded.state.work(phase).digest
        if revision is not None:
            row = reader.revision(loaded.row.id, phase.value, revision)
            digest = row.digest if row else ""
        if not digest:
            raise VdwError(
                ErrorCode.NOT_FOUND,
                f"Nothing has been submitted in the {phase.value} phase yet."
                if revision is None
                else f"The {phase.value} phase has no revision {revision}.",
                "Look at the project: it shows what each phase has.",
            )
        return read_revision(reader, loaded.row.id, Digest(digest)).document()

    return env.store.read(read)


def artifact_markdown(document: JsonObject) -> str:
    """A document as Markdown; its schema says of which phase it is."""
    match = _SCHEMA.fullmatch(text(document["schema"]))
    if match is None:
        raise not_found("renderer for this schema")
    return render(Phase(match.group(1)), document)


def schema_document(phase: Phase) -> JsonObject:
    return schema_of(phase)


def rule_text(rule: str) -> str:
    """A rule file, as it runs. Raises `VdwError` (not_found)."""
    source = rule_source(rule)
    if source is None:
        raise not_found("rule")
    return source
