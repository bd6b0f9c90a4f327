"""Running a command and observing it: exit code, commit, dirty tree, times, report. It judges nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.errors import ErrorCode, VdwError

MAX_REPORT_BYTES = 3 * 1024 * 1024
"""Largest report that is read, in bytes: none that is larger fits into a call (see `submit.hand_over`)."""
RECORD_FILE = "vdw-evidence.json"
"""Where a record is kept that could not be handed over; it dirties no tree."""
GIT_SECONDS = 30
"""Longest time that git may take to say which commit this is, in seconds."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The commit that the command ran on. `dirty`: tracked files differ from it, or untracked ones are not ignored; the
    report, which the command itself writes, does not count."""

    repository: str
    commit: str
    dirty: bool


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
    report_sha256: str
    stale_report: str

    @property
    def dirty(self) -> bool:
        """Whether anything but the named commit can have been tested."""
        return self.before.dirty or self.after.dirty or self.before.commit != self.after.commit

    def run_json(self) -> JsonObject:
        """The `run` argument of submit_evidence."""
        return {
            "command": " ".join(self.command)[:500],
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
    """Runs the command in this folder and reads the report it wrote. `output` takes what the command prints, in place of
    standard output, where that is wanted for something else.

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
        report_sha256=hashlib.sha256(text.encode()).hexdigest() if text else "",
        stale_report=why_not,
    )


def checkout(repository: str, report: Path) -> Checkout:
    """The commit checked out here and whether the tree is clean. Raises `VdwError` (configuration) outside a repository."""
    commit = _git("rev-parse", "HEAD")
    top = Path(_git("rev-parse", "--show-toplevel"))
    status = ("status", "--porcelain", "--untracked-files=normal", "--", ":(top)")
    ours = [path.resolve() for path in (report, Path(RECORD_FILE))]
    but = [f":(top,exclude,literal){path.relative_to(top)}" for path in ours if path.is_relative_to(top)]
    dirty = bool(_git(*status, *but)) or _looks_away()
    return Checkout(repository or _repository_name(top), commit, dirty)


def _looks_away() -> bool:
    """Whether git was told not to look at some file (assume-unchanged, skip-worktree), so that its status proves nothing."""
    return any(line[:1].islower() or line.startswith("S ") for line in _git("ls-files", "-v", ":(top)").splitlines())


def _repository_name(top: Path) -> str:
    """The name of the remote's last part, else of the folder."""
    remotes = _git("remote")
    if not remotes:
        return top.name
    url = _git("remote", "get-url", remotes.splitlines()[0])
    return url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") or top.name


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        raise VdwError(ErrorCode.CONFIGURATION, "git is not installed, so no commit can be named.", "Install git.")
    try:
        done = subprocess.run(  # a fixed program with fixed words, no shell
            [git, *arguments], capture_output=True, text=True, timeout=GIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise VdwError(ErrorCode.CONFIGURATION, "git did not answer in time.", "Try again.") from None
    if done.returncode != 0:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            "This folder is not a git repository with a commit, so nothing can be verified against one.",
            "Run vdw verify inside the repository, after a commit.",
            reason=done.stderr,
        )
    return done.stdout.strip()


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
    """What tells one writing of a file from the next: where it lies and when it was written. None where it is not there."""
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
        return report.read_text("utf-8"), ""
    except FileNotFoundError:
        return "", f"The command wrote no {report}."
    except UnicodeDecodeError:
        return "", f"{report} is not UTF-8 text."
    except OSError as error:
        return "", f"{report} cannot be read: {(error.strerror or 'unreadable').lower()}."
