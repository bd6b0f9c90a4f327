"""The turn to write, given to one process at a time and in order.

SQLite's own lock is taken by whoever asks at the right moment: beside one busy writer others starve. A lock on a file
lets them wait in the kernel's queue. A process that dies loses its locks at once.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from vdw.store.sqlite.faults import file_fault


class WriteLock:
    """An exclusive `flock` on `<database>.lock`, held inside `with`. Waits without a bound: whoever is asked for an
    answer in time bounds that wait itself. For one thread at a time. Entering raises `VdwError` (storage); leaving
    raises nothing, because what was done under the lock is done."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file = -1

    def __enter__(self) -> None:
        try:
            while not self._took_lock():
                self.close()
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            self.close()
            raise file_fault(error, "The store's lock") from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        except OSError:
            self.close()  # lets go of the lock as well

    def close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            with suppress(OSError):  # the descriptor is gone in any case (close(2))
                os.close(file)

    def _took_lock(self) -> bool:
        """Waits for the lock on the file that is open. A file that somebody removed keeps nobody out: its lock is
        none."""
        if self._file < 0:
            return False
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            return os.path.samestat(os.fstat(self._file), self._path.stat())
        except FileNotFoundError:
            return False
