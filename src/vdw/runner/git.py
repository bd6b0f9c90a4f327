"""Asking git, as a program, what a folder holds.

It changes nothing in a repository. The rule it keeps: what only this clone was told (other objects for those of a
commit, attributes beside the commit's own, a monitor, hooks, another folder) is left out of what git answers, as far
as git can leave it out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from vdw.config import foreign_environment
from vdw.errors import ErrorCode, VdwError

GIT_SECONDS = 30
"""Longest time that git may take for an answer that reads no file of the tree, in seconds."""
READING_SECONDS = 600
"""Longest time that git may take to read every file of the tree, in seconds; 10 GB take two to three minutes on a
slow disk."""

_UNTRUSTING = (
    "--no-optional-locks",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.ignoreCase=false"),
    *("-c", f"core.attributesFile={os.devnull}"),
    *("-c", f"core.hooksPath={os.devnull}"),
)
"""Git finds changes itself: objects are what their ids say, no monitor is asked, no hook runs, two names
that differ in case are two files, and no list of attributes counts that lies outside the repository."""

_ELSEWHERE = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ATTR_SOURCE"}
)
"""Variables by which git would look at another tree than the one that the command runs in, or by another's
attributes."""

_TRUSTING = "git config --global --add safe.directory "
"""How git begins the line that lets it look at a repository of another user."""


def ask_git(
    folder: Path, *arguments: str, given: str = "", index: Path | None = None, seconds: int = GIT_SECONDS
) -> str:
    """What git prints, without the newline at its end; a name in it is bytes, and need be no text. `index` stands for
    the repository's own. Raises `VdwError` (configuration) where git is missing, refuses, or takes longer than
    `seconds`."""
    git = shutil.which("git")
    if git is None:
        raise VdwError(ErrorCode.CONFIGURATION, "git is not installed, so no commit can be named.", "Install git.")
    environment = {name: value for name, value in foreign_environment().items() if name not in _ELSEWHERE}
    environment |= {"GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C"}  # the latter because its refusals are read
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    try:
        done = subprocess.run(  # a fixed program with fixed words, no shell
            [git, *_UNTRUSTING, *arguments],
            cwd=folder,
            env=environment,
            input=os.fsencode(given),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise VdwError(ErrorCode.CONFIGURATION, "git did not answer in time.", "Try again.") from None
    if done.returncode != 0:
        raise _refusal(arguments[0], os.fsdecode(done.stderr))
    return os.fsdecode(done.stdout).removesuffix("\n")


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
