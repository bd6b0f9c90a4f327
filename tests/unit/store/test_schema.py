"""What the schema itself forbids, to whoever writes."""

from __future__ import annotations

import apsw
import pytest

from tests.contract.store.rows import ONE, add_projects, digest, entry, evidence, revision
from vdw.domain.ids import ElementId
from vdw.store.interface import UnitOfWork
from vdw.store.sqlite.store import SqliteStore

INSERT_ONLY = [
    *("migration", "event", "revision", "trust_entry", "evidence"),
    *("element_number", "digest_version", "bound_id"),
]
NEVER_REWRITTEN = [*INSERT_ONLY, "tenant", "object"]


async def _fill(store: SqliteStore) -> None:
    """One row at least in each of these tables."""
    await add_projects(store)

    def work(uow: UnitOfWork) -> None:
        uow.add_revision(revision())
        uow.append_entry(entry(0))
        uow.add_evidence(evidence(1))
        uow.number_elements(ONE, [(ElementId("REQ-001"), digest("a"))])
        uow.bind_ids(ONE, [ElementId("REQ-001")])
        uow.put_object(ONE, digest("a"), b"a")

    await store.commit(work)


@pytest.mark.parametrize("table", NEVER_REWRITTEN)
async def test_no_column_of_what_is_kept_for_ever_can_be_changed(
    store: SqliteStore, raw: apsw.Connection, table: str
) -> None:
    await _fill(store)

    for column in (str(row[0]) for row in raw.execute("SELECT name FROM pragma_table_info(?)", (table,))):
        with pytest.raises(apsw.ConstraintError):
            raw.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608  # names of our own schema


@pytest.mark.parametrize("table", INSERT_ONLY)
async def test_no_row_of_what_is_kept_for_ever_can_be_removed(
    store: SqliteStore, raw: apsw.Connection, table: str
) -> None:
    await _fill(store)

    with pytest.raises(apsw.ConstraintError):
        raw.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own schema


@pytest.mark.parametrize("table", INSERT_ONLY)
async def test_no_row_of_what_is_kept_for_ever_can_be_replaced(
    store: SqliteStore, raw: apsw.Connection, table: str
) -> None:
    await _fill(store)

    with pytest.raises(apsw.ConstraintError):
        raw.execute(f"REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608  # names of our own schema


def test_every_table_holds_what_its_columns_say(raw: apsw.Connection) -> None:
    tables = raw.execute(
        "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()

    assert len(tables) > len(NEVER_REWRITTEN)
    assert [name for name, is_strict in tables if not is_strict] == []


def test_a_tenant_has_a_region_from_the_first_migration_on(raw: apsw.Connection) -> None:
    columns = raw.execute('SELECT name, "notnull" FROM pragma_table_info(?)', ("tenant",)).fetchall()

    assert ("region", 1) in columns


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT * FROM project WHERE tenant = '' AND seq < 9 ORDER BY seq DESC", "project_by_age"),
        ("SELECT * FROM project WHERE tenant = '' AND seq < 9 AND stage = '' ORDER BY seq DESC", "project_by_stage"),
        ("SELECT * FROM project WHERE tenant = '' AND seq < 9 AND stale = 1 ORDER BY seq DESC", "project_stale"),
        ("SELECT * FROM replay WHERE at < ''", "replay_by_age"),
    ],
)
def test_lists_read_what_they_show_and_nothing_else(raw: apsw.Connection, query: str, index: str) -> None:
    plan = " ".join(str(row[3]) for row in raw.execute("EXPLAIN QUERY PLAN " + query))

    assert f"USING INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan
