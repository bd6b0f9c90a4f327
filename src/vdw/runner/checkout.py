"""Which commit is checked out here, and whether anything but that commit can be what a command runs on.

It asks git and changes nothing. The rule it keeps: the tree is looked at itself, submodules too, whatever git was told
to look away from; only what is ignored stays out, since no tool's own files could be there otherwise.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vdw.config import foreign_environment
from vdw.errors import ErrorCode, VdwError

RECORD_FILE = "vdw-evidence.json"
"""Where a record is kept that could not be handed over; it dirties no tree."""
GIT_SECONDS = 30
"""Longest time that git may take to say which commit this is, in seconds."""
SUBMODULE = "160000"
"""The mode of a submodule in git's index (gitformat-index)."""

_UNTRUSTING = (
    "--no-optional-locks",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.checkStat=default"),
    *("-c", "core.trustctime=true"),
)
"""Git finds changes itself: it believes no monitor, and compares all that the file system says of a file."""

_LARGE_FILES = frozenset({"git-lfs clean -- %f", "git-lfs filter-process", "git-lfs filter-process --skip"})
"""Filters as `git lfs install` writes them: a change gives another pointer, so they hide none."""

_TRUSTING = "git config --global --add safe.directory "
"""How git begins the line that lets it look at a repository of another user."""

_ELSEWHERE = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"})
"""Variables by which git would look at another tree than the one that the command runs in."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The commit that the command ran on. `dirty`: tracked files differ from it, or untracked ones are not ignored, in
    a submodule too; the report, which the command itself writes, does not count."""

    repository: str
    commit: str
    dirty: bool


def checkout(repository: str, report: Path) -> Checkout:
    """The commit checked out here and whether the tree is clean. Raises `VdwError` (configuration) outside a
    repository, and where a filter could hide a change from git."""
    here = Path.cwd().resolve()
    commit = _git(here, "rev-parse", "HEAD")
    top = Path(_git(here, "rev-parse", "--show-toplevel")).resolve()
    if not here.is_relative_to(top):
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"git looks at {top} for this repository (core.worktree), and this folder is not in it.",
            "Run vdw verify in that folder.",
        )
    ours = [path.resolve() for path in (report, Path(RECORD_FILE))]
    return Checkout(as_text(repository or _repository_name(top)), commit, _differs(top, ours))


def as_text(name: str) -> str:
    """A name from the system that may hold bytes which are no UTF-8, with each of those escaped (`\\xff`)."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _differs(top: Path, ours: Sequence[Path]) -> bool:
    """Whether this tree, or that of a submodule, is anything but its commit. `ours` does not count."""
    # 1. A filter that git runs on a file can take a change back before git sees it, so no commit is vouched for.
    listed = [entry.partition("\t") for entry in _git(top, "ls-files", "-v", "--stage", "-z").split("\0")]
    _require_unfiltered(top, [path for _, _, path in listed])
    # 2. A submodule's own commit counts here; what changed in its files is looked for in it, where git hides nothing.
    status = ("status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=dirty", "--", ".")
    but = [f":(top,exclude,literal){path.relative_to(top)}" for path in ours if path.is_relative_to(top)]
    if _git(top, *status, *but):
        return True
    # 3. Where git was told not to look at a file (assume-unchanged, skip-worktree), its status proves nothing.
    if any(tag[:1].islower() or tag.startswith("S ") for tag, _, _ in listed):
        return True
    return any(_differs(folder, ours) for folder in _submodules(top, listed))


def _require_unfiltered(top: Path, paths: Sequence[str]) -> None:
    """Raises `VdwError` where a tracked file has a filter that is none of git-lfs (gitattributes(5), filter)."""
    commands: dict[str, str] = {}
    for entry in _git(top, "config", "--null", "--list").split("\0"):
        key, _, command = entry.partition("\n")
        if key.startswith("filter.") and key.endswith((".clean", ".process")):
            commands[key] = command  # the last one counts, and an empty one switches the filter off
    foreign = {
        key.partition(".")[2].rpartition(".")[0]: key
        for key, command in commands.items()
        if command and command not in _LARGE_FILES
    }
    if not foreign:
        return
    told = _git(top, "check-attr", "-z", "--stdin", "filter", given="\0".join(paths)).split("\0")
    for path, name in zip(told[::3], told[2::3], strict=False):  # path, attribute, value of each
        if name in foreign:
            raise VdwError(
                ErrorCode.CONFIGURATION,
                f"git runs the filter {as_text(name)} on {as_text(path)}, and may hide a change from whoever asks it.",
                "Run vdw verify in a clone without it. Where it is set: "
                f"git config --show-origin --get-all {as_text(foreign[name])}",
            )


def _submodules(top: Path, listed: Sequence[tuple[str, str, str]]) -> Iterator[Path]:
    """Those that are checked out. One that is not is an empty folder, whose files git would call new."""
    for tag, _, path in listed:
        if f" {SUBMODULE} " in tag and (top / path / ".git").exists():
            yield (top / path).resolve()


def _repository_name(top: Path) -> str:
    """The name of the remote's last part, else of the folder."""
    remotes = _git(top, "remote")
    if not remotes:
        return top.name
    url = _git(top, "remote", "get-url", remotes.splitlines()[0])
    return url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") or top.name


def _git(folder: Path, *arguments: str, given: str = "") -> str:
    git = shutil.which("git")
    if git is None:
        raise VdwError(ErrorCode.CONFIGURATION, "git is not installed, so no commit can be named.", "Install git.")
    environment = {name: value for name, value in foreign_environment().items() if name not in _ELSEWHERE}
    environment["LC_ALL"] = "C"  # git's refusals are read
    try:
        done = subprocess.run(  # a fixed program with fixed words, no shell
            [git, *_UNTRUSTING, *arguments],
            cwd=folder,
            env=environment,
            input=os.fsencode(given),
            capture_output=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise VdwError(ErrorCode.CONFIGURATION, "git did not answer in time.", "Try again.") from None
    if done.returncode != 0:
        raise _refusal(arguments[0], os.fsdecode(done.stderr))
    return os.fsdecode(done.stdout).strip()  # a name in it is bytes, and need be no text


def _refusal(asked: str, said: str) -> VdwError:
    """Why git did not answer, and what helps."""
    trusting = next((line.strip() for line in said.splitlines() if line.strip().startswith(_TRUSTING)), "")
    if trusting:
        public = "This repository belongs to another user, so git answers nothing about it (safe.directory)."
        next_step = f"If you trust it, run: {trusting}"
    elif asked == "rev-parse":
        public = "This folder is not a git repository with a commit, so nothing can be verified against one."
        next_step = "Run vdw verify inside the repository, after a commit."
    else:
        public = "git cannot say whether anything changed here."
        next_step = "Run `git status` here, and mend what it says."
    return VdwError(ErrorCode.CONFIGURATION, public, next_step, reason=said)
