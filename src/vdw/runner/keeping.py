"""Keeping the record of a run that no server took: beside the code, else among this user's temporary files.

It sends nothing. The rule it keeps: what the tests showed is not lost, since running them again may take an hour.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from itertools import chain, count
from pathlib import Path

from vdw.domain.canonical import JsonObject
from vdw.errors import ErrorCode, VdwError

_RECORD = re.compile(r"vdw-evidence(?:-[1-9][0-9]{0,8})?\.json")
"""Names of kept records: vdw-evidence.json, vdw-evidence-2.json and so on."""


def kept_records(folder: Path) -> list[Path]:
    """Files there that are called like a kept record."""
    return [path for path in folder.iterdir() if _RECORD.fullmatch(path.name)]


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
    """The new file of the record, for `vdw verify --send`; in a new folder of its own where this one takes none. It
    holds no secret. Raises `OSError` where there is no room at all."""
    body = json.dumps(arguments, ensure_ascii=False, indent=2)
    try:
        return _written(body, folder)
    except OSError:
        return _written(body, Path(tempfile.mkdtemp(prefix="vdw-evidence-")))


def _written(body: str, folder: Path) -> Path:
    path = _reserved(folder)
    draft = path.with_name(path.name + ".new")
    try:
        draft.write_text(body, "utf-8")
        return draft.replace(path)
    except OSError:
        for left in (path, draft):
            left.unlink(missing_ok=True)
        raise


def _reserved(folder: Path) -> Path:
    """An empty file under the first name that was free: another run's record may not have been handed over yet."""
    names = chain(["vdw-evidence.json"], (f"vdw-evidence-{number}.json" for number in count(2)))
    return next(path for path in (folder / name for name in names) if _took(path))


def _took(path: Path) -> bool:
    """An empty file has the name; False where another one had it."""
    try:
        path.open("x").close()
    except FileExistsError:
        return False
    return True
