"""Keeping the record of a run that no server took: beside the code, else among this user's temporary files.

It sends nothing. The rule it keeps: what the tests showed is not lost, since running them again may take an hour.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from vdw.domain.canonical import JsonObject
from vdw.errors import ErrorCode, VdwError
from vdw.runner.checkout import RECORD_FILE


def require_place(folder: Path) -> None:
    """Asked before the run: raises `VdwError` (configuration) where `keep_record` could write nothing."""
    if os.access(folder, os.W_OK | os.X_OK):
        return
    try:
        tempfile.gettempdir()
    except FileNotFoundError as error:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"Neither {folder} nor any folder for temporary files can be written, so what the tests show could be lost.",
            "Make one of them writable; nothing was run.",
            reason=repr(error),
        ) from None


def keep_record(arguments: JsonObject, folder: Path) -> Path:
    """The file of the record, for `vdw verify --send`; in a new folder of its own where this one takes none. It holds
    no secret. Raises `OSError` where there is no room at all."""
    body = json.dumps(arguments, ensure_ascii=False, indent=2)
    try:
        return _written(body, folder)
    except OSError:
        return _written(body, Path(tempfile.mkdtemp(prefix="vdw-evidence-")))


def _written(body: str, folder: Path) -> Path:
    path = folder / RECORD_FILE
    draft = path.with_name(path.name + ".new")
    draft.write_text(body, "utf-8")
    draft.replace(path)
    return path
