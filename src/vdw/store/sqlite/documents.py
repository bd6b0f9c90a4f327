"""What belongs to a project beside its events: objects, revisions, numbers, evidence, verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from vdw.domain.canonical import Digest
from vdw.domain.ids import ElementId, ProjectId
from vdw.domain.stored_json import from_text, to_text
from vdw.store.interface import EvidenceRow, RevisionRow
from vdw.store.sqlite.session import Session


class DocumentReads(Session):
    __slots__ = ()

    def object(self, project: ProjectId, digest: Digest) -> bytes | None:
        row = self._row("SELECT body FROM object WHERE project = ? AND digest = ?", (project, digest))
        return row[0] if row else None

    def objects(self, project: ProjectId, digests: Sequence[Digest]) -> dict[Digest, bytes]:
        rows = self._rows(
            "SELECT digest, body FROM object WHERE project = ? AND digest IN (SELECT value FROM json_each(?))",
            (project, json.dumps(digests)),
        )
        return {Digest(row[0]): row[1] for row in rows}

    def revisions(self, project: ProjectId, phase: str) -> tuple[RevisionRow, ...]:
        rows = self._rows(
            """
            SELECT project, phase, revision, iteration, digest, submitted_by, at
            FROM revision WHERE project = ? AND phase = ? ORDER BY revision
            """,
            (project, phase),
        )
        return tuple(RevisionRow(*row) for row in rows)

    def revision(self, project: ProjectId, phase: str, revision: int) -> RevisionRow | None:
        row = self._row(
            """
            SELECT project, phase, revision, iteration, digest, submitted_by, at
            FROM revision WHERE project = ? AND phase = ? AND revision = ?
            """,
            (project, phase, revision),
        )
        return RevisionRow(*row) if row else None

    def element_numbers(self, project: ProjectId) -> dict[ElementId, int]:
        rows = self._rows("SELECT element, number FROM element_number WHERE project = ? ORDER BY number", (project,))
        return {row[0]: row[1] for row in rows}

    def digest_versions(self, project: ProjectId) -> dict[tuple[ElementId, Digest], int]:
        rows = self._rows("SELECT element, digest, version FROM digest_version WHERE project = ?", (project,))
        return {(row[0], Digest(row[1])): row[2] for row in rows}

    def bound_ids(self, project: ProjectId) -> frozenset[ElementId]:
        return frozenset(row[0] for row in self._rows("SELECT element FROM bound_id WHERE project = ?", (project,)))

    def evidence(self, project: ProjectId) -> tuple[EvidenceRow, ...]:
        rows = self._rows(
            "SELECT project, id, iteration, record, report, at FROM evidence WHERE project = ? ORDER BY seq", (project,)
        )
        return tuple(
            EvidenceRow(project, evidence, iteration, from_text(record), report, at)
            for project, evidence, iteration, record, report, at in rows
        )

    def newest_evidence_number(self, project: ProjectId) -> int:
        rows = self._rows("SELECT last FROM evidence_counter WHERE project = ?", (project,))
        return int(rows[0][0]) if rows else 0

    def verdict(self, project: ProjectId, gate: str) -> tuple[Digest, str] | None:
        row = self._row("SELECT facts, verdict FROM verdict WHERE project = ? AND gate = ?", (project, gate))
        return (Digest(row[0]), row[1]) if row else None


class DocumentWrites(Session):
    __slots__ = ()

    def put_object(self, project: ProjectId, digest: Digest, body: bytes) -> None:
        self._write(
            "INSERT INTO object (project, digest, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (project, digest, body),
        )

    def add_revision(self, row: RevisionRow) -> None:
        self._write(
            """
            INSERT INTO revision (project, phase, revision, iteration, digest, submitted_by, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            (row.project, row.phase, row.revision, row.iteration, row.digest, row.submitted_by, row.at),
        )

    def number_elements(self, project: ProjectId, refs: Iterable[tuple[ElementId, Digest]]) -> None:
        new = list(refs)
        self._write_each(
            """
            INSERT INTO element_number (project, element, number)
            SELECT ?1, ?2, coalesce(max(number), 0) + 1 FROM element_number WHERE project = ?1
            ON CONFLICT (project, element) DO NOTHING
            """,
            [(project, element) for element, _ in new],
        )
        self._write_each(
            """
            INSERT INTO digest_version (project, element, digest, version)
            SELECT ?1, ?2, ?3, coalesce(max(version), 0) + 1 FROM digest_version WHERE project = ?1 AND element = ?2
            ON CONFLICT (project, element, digest) DO NOTHING
            """,
            [(project, element, digest) for element, digest in new],
        )

    def bind_ids(self, project: ProjectId, ids: Iterable[ElementId]) -> None:
        self._write_each(
            "INSERT INTO bound_id (project, element) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(project, element) for element in ids],
        )

    def next_evidence_number(self, project: ProjectId) -> int:
        rows = self._rows(
            """
            INSERT INTO evidence_counter (project, last) VALUES (?, 1)
            ON CONFLICT (project) DO UPDATE SET last = last + 1 RETURNING last
            """,
            (project,),
        )
        return int(rows[0][0])

    def add_evidence(self, row: EvidenceRow) -> None:
        self._write(
            "INSERT INTO evidence (project, id, iteration, record, report, at) VALUES (?, ?, ?, ?, ?, ?)",
            (row.project, row.id, row.iteration, to_text(row.record), row.report, row.at),
        )

    def put_verdict(self, project: ProjectId, gate: str, facts: Digest, verdict: str) -> None:
        self._write(
            """
            INSERT INTO verdict (project, gate, facts, verdict) VALUES (?, ?, ?, ?)
            ON CONFLICT (project, gate) DO UPDATE SET facts = excluded.facts, verdict = excluded.verdict
            """,
            (project, gate, facts, verdict),
        )
