"""Who may call: principals, their API keys, and the directory of persons."""

from __future__ import annotations

import json

from vdw.domain.ids import PrincipalId, TenantId
from vdw.store.interface import KeyRow, PersonRow, PrincipalRow
from vdw.store.sqlite.session import Row, Session


class CallerReads(Session):
    __slots__ = ()

    def principal(self, tenant: TenantId, principal: PrincipalId) -> PrincipalRow | None:
        row = self._row(
            """
            SELECT tenant, id, kind, owner, name, permissions, created_at
            FROM principal WHERE tenant = ? AND id = ?
            """,
            (tenant, principal),
        )
        return _principal(row) if row else None

    def principals(self, tenant: TenantId) -> tuple[PrincipalRow, ...]:
        rows = self._rows(
            """
            SELECT tenant, id, kind, owner, name, permissions, created_at
            FROM principal WHERE tenant = ? ORDER BY seq
            """,
            (tenant,),
        )
        return tuple(_principal(row) for row in rows)

    def key(self, key_id: str) -> KeyRow | None:
        row = self._row(
            """
            SELECT id, tenant, principal, secret_sha256, created_at, expires_at, revoked_at, last_used_at
            FROM api_key WHERE id = ?
            """,
            (key_id,),
        )
        return KeyRow(*row) if row else None

    def keys(self, tenant: TenantId) -> tuple[KeyRow, ...]:
        rows = self._rows(
            """
            SELECT id, tenant, principal, secret_sha256, created_at, expires_at, revoked_at, last_used_at
            FROM api_key WHERE tenant = ? ORDER BY seq
            """,
            (tenant,),
        )
        return tuple(KeyRow(*row) for row in rows)

    def persons(self, tenant: TenantId) -> tuple[PersonRow, ...]:
        rows = self._rows("SELECT tenant, id, name FROM person WHERE tenant = ? ORDER BY seq", (tenant,))
        return tuple(PersonRow(*row) for row in rows)


class CallerWrites(Session):
    __slots__ = ()

    def add_principal(self, row: PrincipalRow) -> None:
        self._write(
            """
            INSERT INTO principal (tenant, id, kind, owner, name, permissions, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            (row.tenant, row.id, row.kind, row.owner, row.name, json.dumps(row.permissions), row.created_at),
        )

    def add_key(self, row: KeyRow) -> None:
        self._write(
            """
            INSERT INTO api_key
                (id, tenant, principal, secret_sha256, created_at, expires_at, revoked_at, last_used_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                row.id,
                row.tenant,
                row.principal,
                row.secret_sha256,
                row.created_at,
                row.expires_at,
                row.revoked_at,
                row.last_used_at,
            ),
        )

    def revoke_key(self, tenant: TenantId, key_id: str, at: str) -> bool:
        # The first revocation stays: from then on the key was refused.
        changed = self._write(
            "UPDATE api_key SET revoked_at = iif(revoked_at = '', ?, revoked_at) WHERE tenant = ? AND id = ?",
            (at, tenant, key_id),
        )
        return changed > 0

    def touch_key(self, key_id: str, at: str) -> None:
        self._write("UPDATE api_key SET last_used_at = ? WHERE id = ?", (at, key_id))

    def put_person(self, row: PersonRow) -> None:
        self._write(
            """
            INSERT INTO person (tenant, id, name) VALUES (?, ?, ?)
            ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name
            """,
            (row.tenant, row.id, row.name),
        )


def _principal(row: Row) -> PrincipalRow:
    tenant, principal, kind, owner, name, permissions, created_at = row
    return PrincipalRow(tenant, principal, kind, owner, name, tuple(json.loads(permissions)), created_at)
