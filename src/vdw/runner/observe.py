"""Running a command and observing it: exit code, commit, dirty tree, times, report. It judges nothing."""

from __future__ import annotations

import codecs
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.errors import ErrorCode, VdwError
from vdw.runner.checkout import Checkout, as_text, checkout

MAX_REPORT_BYTES = 3 * 1024 * 1024
"""Largest report that is read, in bytes: none that is larger fits into a call (see `submit.hand_over`)."""

ONE_BYTE = frozenset({"iso-8859-1", "iso-8859-15", "windows-1252"})
"""Encodings of one byte a character that reports in the West are written in, by their IANA names. No other is looked
up: Python's table of codecs holds some that unpack."""
_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?\sencoding=["']([A-Za-z0-9._-]{1,40})["']""")


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen. `report` is '' where the command wrote no fresh report; `stale_report` then says why."""

    command: tuple[str, ...]
    exit_code: int
    started_at: str
    ended_at: str
    before: Checkout
    after: Checkout
    report: str
    stale_report: str

    @property
    def dirty(self) -> bool:
        """Whether anything but the named commit can have been tested."""
        return self.before.dirty or self.after.dirty or self.before.commit != self.after.commit

    def run_json(self) -> JsonObject:
        """The `run` argument of submit_evidence."""
        return {
            "command": as_text(" ".join(self.command))[:500],
            "exit_code": self.exit_code,
            "dirty": self.dirty,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
        }


def observe(
    command: Sequence[str],
    report: Path,
    repository: str,
    clock: Callable[[], datetime],
    output: TextIO | None = None,
) -> Observation:
    """Runs the command in this folder and reads the report it wrote. `output` takes what the command prints, in place
    of standard output, where that is wanted for something else.

    Raises `VdwError`: configuration where git or the command is missing; too_large for a report beyond the bound. A
    report that was not written anew during the run does not count: `report` is '' and `stale_report` says so.
    """
    before = checkout(repository, report)
    earlier = _mark(report)
    started = clock()
    exit_code = _run(command, output)
    ended = clock()
    text, why_not = _fresh_report(report, earlier)
    return Observation(
        command=tuple(command),
        exit_code=exit_code,
        started_at=timestamp(started),
        ended_at=timestamp(ended),
        before=before,
        after=checkout(repository, report),
        report=text,
        stale_report=why_not,
    )


def _run(command: Sequence[str], output: TextIO | None) -> int:
    """The exit code; a command that a signal ended counts as 128 + its number, as in a shell."""
    try:
        code = subprocess.run(list(command), stdout=output, check=False).returncode  # the user's own command, as typed
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "it cannot be started"
        raise VdwError(
            ErrorCode.CONFIGURATION, f"{command[0]} cannot be run: {why.lower()}.", "Check the command."
        ) from None
    return code if code >= 0 else 128 - code


def _mark(report: Path) -> tuple[int, int] | None:
    """What tells one writing of a file from the next: where it lies and when it was written. None where it is not
    there."""
    try:
        found = report.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _fresh_report(report: Path, earlier: tuple[int, int] | None) -> tuple[str, str]:
    try:
        if earlier is not None and _mark(report) == earlier:
            return "", f"{report} is older than this run, so it does not count."
        if report.stat().st_size > MAX_REPORT_BYTES:
            raise VdwError(
                ErrorCode.TOO_LARGE, f"{report} is larger than {MAX_REPORT_BYTES} bytes.", "Split the test run."
            )
        return _decoded(report.read_bytes()), ""
    except FileNotFoundError:
        return "", f"The command wrote no {report}."
    except UnicodeDecodeError:
        return (
            "",
            f"{report} is in no encoding that is read: UTF-8, UTF-16 with its mark, or the one its first line declares.",
        )
    except OSError as error:
        return "", f"{report} cannot be read: {(error.strerror or 'unreadable').lower()}."


def _decoded(body: bytes) -> str:
    """The text: UTF-16 by its mark, an encoding of one byte that the declaration names, else UTF-8. Raises
    `UnicodeDecodeError`. Whoever parses the text reads no encoding out of it any more."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16")
    declared = _DECLARED.match(body)
    named = declared[1].decode("ascii").lower() if declared else ""
    return body.decode(named if named in ONE_BYTE else "utf-8")
