"""What an argument may be, by how it begins: names of the caller's projects, and what a project holds.

It decides nothing and tells nobody of what they may not read.
"""

from __future__ import annotations

from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError
from vdw.service.environment import Environment
from vdw.service.loading import load_project
from vdw.store.interface import Reader

MAX_COMPLETIONS = 100
"""Values of one answer (MCP: Completion)."""


def project_names(env: Environment, principal: Principal, prefix: str) -> tuple[str, ...]:
    """Slugs, and behind them ids, that begin so; one more than `MAX_COMPLETIONS` where there are more."""
    principal.require(Permission.PROJECT_READ)
    return env.store.read(lambda reader: reader.project_names(principal.tenant, prefix, limit=MAX_COMPLETIONS + 1))


def revision_numbers(env: Environment, principal: Principal, project: str, phase: Phase) -> tuple[str, ...]:
    """Of the phase's revisions, the newest first; none of a project that is not there for the caller."""

    def read(reader: Reader) -> tuple[str, ...]:
        loaded = load_project(reader, principal, project, Permission.PROJECT_READ)
        return tuple(str(row.revision) for row in reversed(reader.revisions(loaded.row.id, phase.value)))

    try:
        return env.store.read(read)
    except VdwError as error:
        if error.code is ErrorCode.NOT_FOUND:
            return ()
        raise
