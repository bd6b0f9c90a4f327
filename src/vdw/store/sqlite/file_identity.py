"""Whether the file at the store's path is still the one that was opened.

A file that was moved, replaced or removed stays open for whoever holds it, takes writes that nobody will ever read, and
answers what is no longer so: a restore under a running program would lose what is acknowledged after it.
"""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from vdw.errors import ErrorCode, VdwError
from vdw.store.sqlite.connection import connect


class FileIdentity:
    """Device and inode of the file as it was when this was made, before it was opened: asked again once it is open, it
    says that the file that was opened is this one. No other file gets the same while it is held open. A look takes 3
    µs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = _identity(path)

    def require_unchanged(self) -> None:
        """Raises `VdwError` (storage) once the path leads to another file or to none."""
        if self._opened is None or _identity(self._path) != self._opened:
            raise VdwError(
                ErrorCode.STORAGE,
                "The store's file was replaced or removed while vdw had it open.",
                "Start vdw again, so that it works on the file that is there now.",
            )

    def connect(self, *, busy_s: float, read_only: bool = False) -> apsw.Connection:
        """A connection to this file and to no other, like `connection.connect`. Raises `VdwError` (storage, busy)."""
        self.require_unchanged()
        connection = connect(self._path, busy_s=busy_s, read_only=read_only)
        try:
            self.require_unchanged()
        except VdwError:
            connection.close()  # kept, it would be used once the path leads to this file again
            raise
        return connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - twice as fast, and each read asks
    except OSError:
        return None
    return found.st_dev, found.st_ino
