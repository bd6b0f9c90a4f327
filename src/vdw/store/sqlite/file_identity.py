"""Whether the file at the store's path is still the one that was opened.

A file that was moved, replaced or removed stays open for whoever holds it, takes writes that nobody will ever read, and
answers what is no longer so: a restore under a running program would lose what is acknowledged after it.
"""

from __future__ import annotations

import os
from pathlib import Path

from vdw.errors import ErrorCode, VdwError


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


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - twice as fast, and each read asks
    except OSError:
        return None
    return found.st_dev, found.st_ino
