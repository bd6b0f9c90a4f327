"""The schema of a store: made and moved forward by `migrate`, checked by `verify`, which changes nothing.

Migrations are the numbered SQL files beside this module. Each is recorded with its SHA-256: a file that was changed
after it was carried out, and a store that has more of them than this version knows, are refused. There is no way back.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw

from vdw.errors import ErrorCode, VdwError
from vdw.folders import make_private
from vdw.store.sqlite.connection import connect, require_sqlite, use_write_ahead_log
from vdw.store.sqlite.faults import file_fault, storage_fault
from vdw.store.sqlite.filesystem import require_local
from vdw.store.sqlite.lock import WriteLock

MIGRATION_BUSY_S: Final = 30.0
"""Seconds that a migration waits for another program to let go of the file, as long as a write does."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step forward. `name` is the file's name, which begins with the number in four digits."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def known_migrations() -> tuple[Migration, ...]:
    """Those of this version, in their order."""
    files = sorted(Path(__file__).with_name("migrations").glob("*.sql"))
    return tuple(Migration(int(file.name[:4]), file.name, file.read_text("utf-8")) for file in files)


def migrate(path: Path, migrations: Sequence[Migration] | None = None) -> int:
    """Makes the store if there is none and carries out what it lacks, all or nothing. Returns how many that were.

    A new file and its folder can be read by their owner alone, and git ignores them (`folders`). Raises `VdwError`:
    configuration (SQLite too old, network file system, store newer than this version), storage (no store of ours,
    changed migration, disk).
    """
    known = known_migrations() if migrations is None else migrations
    require_sqlite()
    require_local(path)
    _make_private_file(path)
    lock = WriteLock(path)
    try:
        with lock:
            connection = connect(path, busy_s=MIGRATION_BUSY_S)
            try:
                _pending(connection, known, path)
                use_write_ahead_log(connection, path)
                return _carry_out(connection, known, path)
            finally:
                connection.close()
    finally:
        lock.close()


def verify(path: Path, migrations: Sequence[Migration] | None = None) -> None:
    """Raises `VdwError` unless the file is a store with exactly this version's schema: not_initialised where there is
    none, configuration where it is older or newer, storage where it is something else."""
    require_sqlite()
    require_local(path)
    if not path.exists():
        raise _not_initialised(path)
    connection = connect(path, busy_s=MIGRATION_BUSY_S, read_only=True)
    try:
        known = known_migrations() if migrations is None else migrations
        pending = _pending(connection, known, path)
    finally:
        connection.close()
    if len(pending) == len(known):
        raise _not_initialised(path)
    if pending:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"The store {path} was made by an older version of vdw.",
            "Run: vdw init, which brings it up to date and leaves what is in it.",
            reason=f"lacks {[migration.name for migration in pending]}",
        )


def _carry_out(connection: apsw.Connection, known: Sequence[Migration], path: Path) -> int:
    try:
        connection.execute("BEGIN IMMEDIATE")
        # Read again: another process may have been here first.
        pending = _pending(connection, known, path)
        for migration in pending:
            connection.execute(migration.sql)
            connection.execute(
                "INSERT INTO migration (number, name, sha256) VALUES (?, ?, ?)",
                (migration.number, migration.name, migration.sha256),
            )
        connection.execute("COMMIT")
    except apsw.Error as error:
        raise storage_fault(error, f"The store {path}") from None
    return len(pending)


def _pending(connection: apsw.Connection, known: Sequence[Migration], path: Path) -> Sequence[Migration]:
    """What the store lacks. Raises where what it has is not the beginning of what is known."""
    applied = _applied(connection, path)
    if len(applied) > len(known):
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"The store {path} was made by a newer version of vdw.",
            "Use that version or a newer one: uvx vdw@latest",
            reason=f"has {[name for _, name, _ in applied]}",
        )
    for migration, (number, name, sha256) in zip(known, applied, strict=False):
        if (migration.number, migration.sha256) != (number, sha256):
            raise VdwError(
                ErrorCode.STORAGE,
                f"The store {path} was made with another {name} than this version has.",
                "Use the version of vdw that made it.",
                reason=f"recorded {sha256}, here {migration.name} {migration.sha256}",
            )
    return known[len(applied) :]


def _applied(connection: apsw.Connection, path: Path) -> list[tuple[int, str, str]]:
    try:
        tables = {str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if tables and "migration" not in tables:
            raise apsw.NotADBError(f"a database of something else, with {sorted(tables)[:5]}")
        rows = connection.execute("SELECT number, name, sha256 FROM migration ORDER BY number") if tables else ()
        return [(int(number), str(name), str(sha256)) for number, name, sha256 in rows]
    except apsw.Error as error:
        raise storage_fault(error, f"The store {path}") from None


def _make_private_file(path: Path) -> None:
    try:
        make_private(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise file_fault(error, f"The store {path}") from None


def _not_initialised(path: Path) -> VdwError:
    return VdwError(
        ErrorCode.NOT_INITIALISED, "There is no store here yet.", "Run: vdw init", reason=f"no store at {path}"
    )
