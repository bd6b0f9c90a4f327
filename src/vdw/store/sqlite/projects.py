"""Projects and their events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.stored_json import from_text, to_text
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.store.interface import EventRow, Page, ProjectRow
from vdw.store.sqlite.session import Row, Session

_BY_ID = """
    SELECT tenant, id, slug, title, version, phase, stage, stale, state, created_at, updated_at
    FROM project WHERE tenant = ? AND id = ?
"""
_BY_SLUG = """
    SELECT tenant, id, slug, title, version, phase, stage, stale, state, created_at, updated_at
    FROM project WHERE tenant = ? AND slug = ?
"""
_PAGE = """
    SELECT tenant, id, slug, title, version, phase, stage, stale, state, created_at, updated_at
    FROM project WHERE tenant = :tenant AND seq < :before {filters} ORDER BY seq DESC LIMIT :limit
"""
_EVENTS = """
    SELECT seq, tenant, project, version, type, actor, at, data
    FROM event WHERE tenant = ? AND project = ? AND version > ? ORDER BY version LIMIT ?
"""
# By itself SQLite walks down all versions: 12 ms instead of 0.3 where 10,000 events hold none of these types.
_NEWEST_EVENTS = """
    SELECT seq, tenant, project, version, type, actor, at, data
    FROM event INDEXED BY event_by_type
    WHERE tenant = ? AND project = ? AND version < ? AND type IN (SELECT value FROM json_each(?))
    ORDER BY version DESC LIMIT ?
"""
_NAMES = """
    SELECT name FROM (
        SELECT slug AS name, 0 AS place FROM project WHERE tenant = :tenant AND slug >= :first AND slug < :last
        UNION ALL
        SELECT id, 1 FROM project WHERE tenant = :tenant AND id >= :first AND id < :last
    ) ORDER BY place, name LIMIT :limit
"""
_LAST = "\U0010ffff"
"""Behind every character of a name."""
_NEWEST = 2**63 - 1
"""Above every row number that SQLite gives, and every version."""


class ProjectReads(Session):
    __slots__ = ()

    def project(self, tenant: TenantId, project: str) -> ProjectRow | None:
        # One statement with OR makes SQLite walk two indexes and sort: 28 µs instead of 3 to 5.
        row = self._row(_BY_ID, (tenant, project)) or self._row(_BY_SLUG, (tenant, project))
        return _project(row) if row else None

    def projects(
        self,
        tenant: TenantId,
        *,
        phase: str = "",
        stage: str = "",
        stale: bool | None = None,
        limit: int = 50,
        cursor: str = "",
    ) -> Page:
        filters = {
            " AND phase = :phase": phase != "",
            " AND stage = :stage": stage != "",
            " AND stale = 1": stale is True,
            " AND stale = 0": stale is False,
        }
        statement = _PAGE.format(filters="".join(text for text, wanted in filters.items() if wanted))
        before = self._position(tenant, cursor) if cursor else _NEWEST
        values = {"tenant": tenant, "before": before, "phase": phase, "stage": stage, "limit": limit + 1}
        rows = [_project(row) for row in self._rows(statement, values)]
        return Page(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else "")

    def slugs(self, tenant: TenantId, words: Sequence[str]) -> frozenset[str]:
        rows = self._rows(
            "SELECT slug FROM project WHERE tenant = ? AND slug IN (SELECT value FROM json_each(?))",
            (tenant, json.dumps(words)),
        )
        return frozenset(row[0] for row in rows)

    def project_names(self, tenant: TenantId, prefix: str, *, limit: int) -> tuple[str, ...]:
        # Ranges, which indexes answer; LIKE would fold case and go through all of the tenant's projects.
        values = {"tenant": tenant, "first": prefix, "last": f"{prefix}{_LAST}", "limit": limit}
        return tuple(row[0] for row in self._rows(_NAMES, values))

    def projects_naming(self, tenant: TenantId, repository: str) -> tuple[ProjectId, ...]:
        rows = self._rows(
            "SELECT project FROM repository WHERE tenant = ? AND repository = ? ORDER BY project", (tenant, repository)
        )
        return tuple(row[0] for row in rows)

    def events(self, tenant: TenantId, project: ProjectId, *, after: int = 0, limit: int) -> tuple[EventRow, ...]:
        rows = self._rows(_EVENTS, (tenant, project, after, limit))
        return tuple(_event(row) for row in rows)

    def newest_events(
        self, tenant: TenantId, project: ProjectId, types: Sequence[str], *, before: int | None = None, limit: int
    ) -> tuple[EventRow, ...]:
        below = _NEWEST if before is None else before
        rows = self._rows(_NEWEST_EVENTS, (tenant, project, below, json.dumps(types), limit))
        return tuple(_event(row) for row in rows)

    def last_seq(self) -> int:
        row = self._row("SELECT coalesce(max(seq), 0) FROM event")
        return int(row[0]) if row else 0

    def projects_since(self, seq: int, *, limit: int) -> frozenset[ProjectId] | None:
        rows = self._rows("SELECT project FROM event WHERE seq > ? LIMIT ?", (seq, limit + 1))
        return None if len(rows) > limit else frozenset(row[0] for row in rows)

    def _position(self, tenant: TenantId, cursor: str) -> int:
        # The cursor is a project's id: unlike a row number it tells nothing about other tenants.
        row = self._row("SELECT seq FROM project WHERE tenant = ? AND id = ?", (tenant, cursor))
        if row is None:
            raise invalid("cursor", "not a cursor of this list", next_step="Begin again without a cursor.")
        return int(row[0])


class ProjectWrites(Session):
    __slots__ = ()

    def add_project(self, row: ProjectRow) -> None:
        self._write(
            """
            INSERT INTO project
                (tenant, id, slug, title, version, phase, stage, stale, state, created_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                row.tenant,
                row.id,
                row.slug,
                row.title,
                row.version,
                row.phase,
                row.stage,
                row.stale,
                row.state,
                row.created_at,
                row.updated_at,
            ),
        )

    def save_project(self, row: ProjectRow, *, expected_version: int) -> None:
        changed = self._write(
            """
            UPDATE project SET title = ?, version = ?, phase = ?, stage = ?, stale = ?, state = ?, updated_at = ?
            WHERE tenant = ? AND id = ? AND version = ?
            """,
            (
                row.title,
                row.version,
                row.phase,
                row.stage,
                row.stale,
                row.state,
                row.updated_at,
                row.tenant,
                row.id,
                expected_version,
            ),
        )
        if not changed:
            raise VdwError(
                ErrorCode.CONFLICT,
                "The project was changed by another call at the same time.",
                "Look at it again and repeat what is still right.",
            )

    def name_repositories(self, tenant: TenantId, project: ProjectId, repositories: Iterable[str]) -> None:
        self._write_each(
            "INSERT INTO repository (tenant, repository, project) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(tenant, repository, project) for repository in repositories],
        )

    def add_event(self, event: EventRow) -> int:
        rows = self._rows(
            "INSERT INTO event (tenant, project, version, type, actor, at, data) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING seq",
            (event.tenant, event.project, event.version, event.type, event.actor, event.at, to_text(event.data)),
        )
        return int(rows[0][0])


def _project(row: Row) -> ProjectRow:
    tenant, project, slug, title, version, phase, stage, stale, state, created_at, updated_at = row
    return ProjectRow(tenant, project, slug, title, version, phase, stage, bool(stale), state, created_at, updated_at)


def _event(row: Row) -> EventRow:
    seq, tenant, project, version, kind, actor, at, data = row
    return EventRow(seq, tenant, project, version, kind, actor, at, from_text(data))
