"""How connections are set up: durable, strict, and only with an SQLite that keeps data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import apsw
import pytest

from tests.unit.store.children import put_pair
from vdw.errors import ErrorCode, VdwError
from vdw.store.sqlite.connection import require_sqlite
from vdw.store.sqlite.migrate import migrate, verify
from vdw.store.sqlite.store import SqliteStore, open_store

FULL = 2


def _open_on(path: Path) -> list[apsw.Connection]:
    return [connection for connection in apsw.connections() if connection.filename == str(path)]


async def test_every_connection_is_durable_and_checks_references_and_triggers(path: Path, store: SqliteStore) -> None:
    await store.commit(partial(put_pair, 1))
    store.read(lambda reader: store.read(lambda inner: (reader.last_seq(), inner.last_seq())))

    connections = _open_on(path)

    assert len(connections) == 3  # the writer's and two readers'
    for connection in connections:
        assert connection.pragma("journal_mode") == "wal"
        assert connection.pragma("synchronous") == FULL
        assert connection.pragma("fullfsync") == 1
        assert connection.pragma("checkpoint_fullfsync") == 1
        assert connection.pragma("foreign_keys") == 1
        assert connection.pragma("recursive_triggers") == 1


def test_a_migration_is_durable(path: Path, on_connect: list[Callable[[apsw.Connection], None]]) -> None:
    durable: list[bool] = []

    def watch(connection: apsw.Connection) -> None:
        def committing() -> bool:
            durable.append(connection.pragma("synchronous") == FULL)
            return False

        connection.set_commit_hook(committing)

    on_connect.append(watch)

    migrate(path)

    assert durable
    assert all(durable)


def test_reading_connections_cannot_write(path: Path, store: SqliteStore) -> None:
    store.read(lambda reader: reader.last_seq())

    for connection in _open_on(path):
        with pytest.raises(apsw.ReadOnlyError):
            connection.execute("DELETE FROM setting")


def test_a_store_that_is_closed_leaves_no_connection_open(path: Path) -> None:
    open_store(path, create=True).close()

    assert _open_on(path) == []


@pytest.mark.parametrize("version", ["3.51.2", "3.40.1", "2.8.17"])
def test_an_sqlite_that_can_corrupt_a_shared_log_is_refused(version: str) -> None:
    with pytest.raises(VdwError, match=version) as caught:
        require_sqlite(version)
    assert caught.value.code is ErrorCode.CONFIGURATION
    assert "apsw" in caught.value.next_step


@pytest.mark.parametrize("version", ["3.51.3", "3.52.0", "4.0.0"])
def test_an_sqlite_that_keeps_data_is_taken(version: str) -> None:
    require_sqlite(version)


def test_an_old_sqlite_is_refused_by_whatever_opens_a_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(path)
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")

    for opening in (migrate, verify, partial(open_store, create=False)):
        with pytest.raises(VdwError, match=r"3\.51\.2"):
            opening(path)
