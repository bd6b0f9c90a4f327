"""Entries of the tenants' trust logs. Whether an entry is signed by whom it should be is judged in `vdw.trust`."""

from __future__ import annotations

from vdw.domain.canonical import ZERO_DIGEST, Digest
from vdw.domain.ids import TenantId
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import ErrorCode, VdwError
from vdw.store.sqlite.session import Session


class TrustLogReads(Session):
    __slots__ = ()

    def log_entries(self, tenant: TenantId, *, after: int = -1) -> tuple[TrustEntry, ...]:
        rows = self._rows(
            """
            SELECT tenant, position, prev, hash, envelope_digest, envelope, accepted_at
            FROM trust_entry WHERE tenant = ? AND position > ? ORDER BY position
            """,
            (tenant, after),
        )
        return tuple(TrustEntry(*row) for row in rows)

    def log_entry(self, tenant: TenantId, envelope: Digest) -> TrustEntry | None:
        row = self._row(
            """
            SELECT tenant, position, prev, hash, envelope_digest, envelope, accepted_at
            FROM trust_entry WHERE tenant = ? AND envelope_digest = ?
            """,
            (tenant, envelope),
        )
        return TrustEntry(*row) if row else None

    def log_head(self, tenant: TenantId) -> TrustEntry | None:
        row = self._row(
            """
            SELECT tenant, position, prev, hash, envelope_digest, envelope, accepted_at
            FROM trust_entry WHERE tenant = ? ORDER BY position DESC LIMIT 1
            """,
            (tenant,),
        )
        return TrustEntry(*row) if row else None


class TrustLogWrites(TrustLogReads):
    __slots__ = ()

    def append_entry(self, row: TrustEntry) -> None:
        head = self.log_head(row.tenant)
        fits = (head.position + 1, head.hash) if head else (0, ZERO_DIGEST)
        if (row.position, row.prev) != fits:
            raise VdwError(
                ErrorCode.CONFLICT,
                "Another entry of the trust log was accepted at the same time.",
                "Look at the log again and repeat what is still right.",
            )
        self._write(
            """
            INSERT INTO trust_entry (tenant, position, prev, hash, envelope_digest, envelope, accepted_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            (row.tenant, row.position, row.prev, row.hash, row.envelope_digest, row.envelope, row.accepted_at),
        )
