"""Authorizing the object: a project is loaded for a principal, or it is not there."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.domain.principal import Permission, Principal
from vdw.errors import VdwError, not_found
from vdw.lifecycle.state import ProjectState
from vdw.lifecycle.stored import state_from_text
from vdw.store.interface import ProjectRow, Reader

MAX_PROJECT_NAME = 80
"""Characters of a project id or slug that are looked at; ours have at most 60."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project as it stood in one snapshot."""

    row: ProjectRow
    state: ProjectState


def load_project(reader: Reader, principal: Principal, project: str, permission: Permission) -> Loaded:
    """The project, by id or slug. Raises `VdwError`: forbidden where the permission is missing; not_found, in the same
    words, for a project that does not exist and for one of another tenant."""
    principal.require(permission)
    named = len(project) <= MAX_PROJECT_NAME and project.isascii()  # as all ids and slugs are
    row = reader.project(principal.tenant, project) if named else None
    if row is None:
        raise no_project()
    return Loaded(row, state_from_text(row.state))


def no_project() -> VdwError:
    return not_found("project")
