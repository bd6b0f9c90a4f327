"""Writing the small files that trust rests on: whole or not at all, for their owner's eyes alone."""

from __future__ import annotations

import os
from pathlib import Path

from vdw.folders import FOLDER_MODE

FILE_MODE = 0o600


def write_whole(path: Path, body: bytes) -> None:
    """`path` holds exactly `body`, on the disk, readable by its owner alone. Raises `OSError`; then it is as it was.

    Two writers of one path need a lock of their own: the draft bears the process's number only.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """The new name survives power loss too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
