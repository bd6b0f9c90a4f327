"""Reading and writing an export's folder: bounded, no links out of it, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from vdw.bundle.layout import FILES
from vdw.errors import ErrorCode, VdwError

MAX_FILES = 60_000
MAX_TOTAL_BYTES = 2 * 1024**3


def read_folder(folder: Path) -> dict[str, bytes]:
    """Path below the folder → bytes. Raises `VdwError` (invalid_input) for a missing folder, a link, or too much."""
    if not folder.is_dir():
        raise _unreadable(f"{folder} is not a folder.")
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise _unreadable(f"{path.relative_to(folder)} is a link; an export has none.")
        if path.is_dir():
            continue
        total += path.stat().st_size
        if len(files) >= MAX_FILES or total > MAX_TOTAL_BYTES:
            raise _unreadable("The folder holds more than an export may.")
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes all files, replacing an earlier export, whole or not at all.

    Raises `VdwError` (configuration) if the folder holds something that is no export of ours, or cannot be written.
    """
    if folder.exists() and not (folder / FILES).exists() and any(folder.iterdir()):
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{folder} holds something that is no export, so it is left alone.",
            "Name another.",
        )
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        for path, body in files.items():
            target = draft / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise VdwError(
            ErrorCode.CONFIGURATION, f"{folder} cannot be written.", "Name another folder.", reason=repr(error)
        ) from None


def _unreadable(public: str) -> VdwError:
    return VdwError(ErrorCode.INVALID_INPUT, public, "Name the folder of an export.")
