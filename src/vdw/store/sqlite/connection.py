"""One connection as every part of the engine opens it. Nothing else sets a pragma.

The rule it keeps: whatever commits through such a connection is on the disk when the commit returns (write-ahead log,
`synchronous=FULL`, on macOS `fullfsync`).
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import apsw

from vdw.errors import ErrorCode, VdwError
from vdw.store.sqlite.faults import storage_fault

logger = logging.getLogger(__name__)

LEAST_SQLITE: Final = (3, 51, 3)
"""Versions before it can corrupt a write-ahead log that several connections write and checkpoint (sqlite.org/wal.html,
the WAL-reset bug)."""

WAL_PAGES_BEFORE_CHECKPOINT: Final = 1000
"""Pages of 4 KiB. SQLite's own default; a checkpoint then takes some milliseconds of the write lock."""

WAL_BYTES_KEPT: Final = 16 * 1024 * 1024
"""Length to which the write-ahead log is cut when it starts over: four times what it has at a checkpoint."""

_SETTINGS: Final = (
    ("synchronous", "FULL"),
    ("fullfsync", "ON"),  # macOS: fsync alone leaves data in the drive's cache
    ("checkpoint_fullfsync", "ON"),
    ("foreign_keys", "ON"),
    ("recursive_triggers", "ON"),  # so that REPLACE cannot pass a trigger that rejects DELETE
    ("trusted_schema", "OFF"),  # sqlite.org/security.html: a file from elsewhere may hold hostile views and triggers
    ("cell_size_check", "ON"),
    ("wal_autocheckpoint", str(WAL_PAGES_BEFORE_CHECKPOINT)),
    ("journal_size_limit", str(WAL_BYTES_KEPT)),
)


def require_sqlite(version: str | None = None) -> None:
    """Raises `VdwError` (configuration) unless SQLite is one that keeps data. `version` is that of the loaded
    library."""
    found = version or apsw.sqlite_lib_version()
    if tuple(int(part) for part in found.split(".")[:3]) < LEAST_SQLITE:
        needed = ".".join(map(str, LEAST_SQLITE))
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"SQLite {found} can corrupt a store that several programs write; {needed} or newer is needed.",
            f'Install it with: pip install "apsw>={needed}"',
        )


def connect(path: Path, *, busy_s: float, read_only: bool = False) -> apsw.Connection:
    """A connection to a file that exists. `busy_s` bounds, in seconds, how long one statement waits for another
    program.

    Raises `VdwError` (storage, busy), naming the path.
    """
    connection: apsw.Connection | None = None
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        connection.set_busy_timeout(int(busy_s * 1000))
        # The last one to close would checkpoint, and checkpoints belong under the write lock.
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
        for name, value in _SETTINGS:
            connection.pragma(name, value)
        if read_only:
            connection.pragma("query_only", "ON")
    except apsw.Error as error:
        if connection is not None:
            connection.close()
        raise storage_fault(error, f"The store {path}") from None
    return connection


def left_clean(connection: apsw.Connection) -> bool:
    """Whether the connection can be used again. Afterwards it has no transaction: what was open is rolled back, or,
    where even that fails, is given up with the connection, which is then closed."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except apsw.Error:
        logger.warning("a connection to the store could not be rolled back and was closed", exc_info=True)
        connection.close(True)
        return False
    return True


def use_write_ahead_log(connection: apsw.Connection, path: Path) -> None:
    """Puts the file, known to be a store, into the mode in which readers and a writer do not wait for each other; in it
    already, nothing happens. Raises `VdwError` (storage, busy)."""
    try:
        if connection.pragma("journal_mode", "wal") != "wal":
            raise apsw.CantOpenError("this file system has no shared memory for a write-ahead log")
    except apsw.Error as error:
        raise storage_fault(error, f"The store {path}") from None
