"""Tenants, remembered calls, and what belongs to the installation."""

from __future__ import annotations

from vdw.domain.ids import PrincipalId, TenantId
from vdw.store.interface import ReplayRow
from vdw.store.sqlite.session import Session


class BookkeepingReads(Session):
    __slots__ = ()

    def tenants(self) -> tuple[tuple[TenantId, str, str], ...]:
        return tuple((row[0], row[1], row[2]) for row in self._rows("SELECT id, kind, region FROM tenant ORDER BY seq"))

    def replay(self, tenant: TenantId, principal: PrincipalId, key: str) -> ReplayRow | None:
        row = self._row(
            """
            SELECT tenant, principal, key, body, project, event_version, at, unchanged
            FROM replay WHERE tenant = ? AND principal = ? AND key = ?
            """,
            (tenant, principal, key),
        )
        return ReplayRow(*row) if row else None

    def setting(self, name: str) -> bytes | None:
        row = self._row("SELECT value FROM setting WHERE name = ?", (name,))
        return row[0] if row else None


class BookkeepingWrites(Session):
    __slots__ = ()

    def add_tenant(self, tenant: TenantId, kind: str, region: str, at: str) -> None:
        self._write("INSERT INTO tenant (id, kind, region, created_at) VALUES (?, ?, ?, ?)", (tenant, kind, region, at))

    def put_replay(self, row: ReplayRow) -> None:
        self._write(
            """
            INSERT INTO replay (tenant, principal, key, body, project, event_version, at, unchanged)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant, principal, key) DO UPDATE SET
                body = excluded.body, project = excluded.project, event_version = excluded.event_version,
                at = excluded.at, unchanged = excluded.unchanged
            """,
            (row.tenant, row.principal, row.key, row.body, row.project, row.event_version, row.at, row.unchanged),
        )

    def drop_replays(self, before: str, *, limit: int) -> int:
        return self._write(
            """
            DELETE FROM replay WHERE (tenant, principal, key) IN
                (SELECT tenant, principal, key FROM replay WHERE at < ? ORDER BY at LIMIT ?)
            """,
            (before, limit),
        )

    def put_setting(self, name: str, value: bytes) -> None:
        self._write(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )
