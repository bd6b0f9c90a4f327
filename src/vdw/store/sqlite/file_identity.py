"""Whether the file at the store's path is still the one that was opened.

A file that was moved, replaced or removed stays open for whoever holds it, and takes writes that nobody will ever read:
a restore under a running program would lose what is acknowledged after it.
"""

from __future__ import annotations

from pathlib import Path

from vdw.errors import ErrorCode, VdwError


class FileIdentity:
    """Device and inode of the file as it was when this was made. No other file gets the same while it is held open."""

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


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
