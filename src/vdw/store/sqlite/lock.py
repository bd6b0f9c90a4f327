"""The turn to write, given to one process at a time and in order.

SQLite's own lock is taken by whoever asks at the right moment: beside one busy writer others starve. A lock on a file lets
them wait in the kernel's queue. A process that dies loses its locks at once.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from vdw.store.sqlite.faults import file_fault


class WriteLock:
    """An exclusive `flock` on `<database>.lock`, held inside `with`. Waits without a bound: whoever is asked for an
    answer in time bounds that wait itself. For one thread at a time. Raises `VdwError` (storage)."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file = -1

    def __enter__(self) -> None:
        try:
            if self._file < 0:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except OSError as error:
            raise file_fault(error, "The store's lock") from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
