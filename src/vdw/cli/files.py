"""Files that somebody names on the command line: read within bounds, and their faults told as wrong input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import typer

from vdw.errors import ErrorCode, VdwError

T = TypeVar("T")


def read_text(path: Path) -> str:
    """The text of the file, or of standard input where it is `-`. Raises `VdwError` (invalid_input) naming the file and
    what is wrong with it."""
    piped = str(path) == "-"
    try:
        raw = typer.get_binary_stream("stdin").read() if piped else path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error, "Name a text file.") from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        name = "Standard input" if piped else str(path)
        raise VdwError(
            ErrorCode.INVALID_INPUT, f"{name} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8."
        ) from None


def read_file(path: Path, most: int, read: Callable[[bytes], T]) -> T:
    """What `read` makes of the file, of which it gets at most `most` bytes and one. Raises like `read_text`, and what
    `read` raises with the file's name before it."""
    try:
        with path.open("rb") as file:
            body = file.read(most + 1)
    except OSError as error:
        raise _unreadable(path, error, "Name the file that the other command wrote.") from None
    try:
        return read(body)
    except VdwError as error:
        public = f"{path}: {error.public}"
        raise VdwError(error.code, public, error.next_step, reason=error.reason, details=error.details) from None


def _unreadable(path: Path, error: OSError, instead: str) -> VdwError:
    why = (error.strerror or "unreadable").lower()
    return VdwError(ErrorCode.INVALID_INPUT, f"{path} cannot be read: {why}.", instead)
