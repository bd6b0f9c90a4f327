"""Asking a person at the terminal, and saying before anything is done that there is nobody to ask.

An answer is never read from a pipe: what decides, or lets something be written, is typed by whoever sees the question.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vdw.errors import ErrorCode, VdwError


def require_person(what: str, instead: str) -> None:
    """Raises `VdwError` (configuration), naming `what` is asked for and what to do `instead`, without a terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise VdwError(ErrorCode.CONFIGURATION, f"{what} at a terminal; there is none.", instead)


def require_keyboard() -> None:
    """The same for a passphrase, which is typed at the controlling terminal, whatever standard input is."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    except OSError:
        require_person("A passphrase is typed", "Run it in a terminal.")


def require_writable(folder: Path, instead: str) -> None:
    """Raises `VdwError` (configuration) where nothing can be written to the folder, or made in its place."""
    place = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if not place.is_dir():
        raise VdwError(ErrorCode.CONFIGURATION, f"{place} is in the way: it is a file, not a folder.", instead)
    if not os.access(place, os.W_OK | os.X_OK):
        raise VdwError(ErrorCode.CONFIGURATION, f"{place} cannot be written by this user.", instead)
