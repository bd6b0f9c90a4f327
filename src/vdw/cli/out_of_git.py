"""Keeping a client's file out of git: it holds a key, and an untracked file would make every tree that is verified
dirty.

Written is the clone's own list of exclusions, which nobody shares; never a file that is tracked.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from enum import StrEnum
from pathlib import Path

GIT_SECONDS = 30
"""Longest time that git may take for one answer, in seconds."""

_GLOB = re.compile(r"([\\*?\[\]])")


class Kept(StrEnum):
    """How it stands with a file and git, in the words that follow the file's name."""

    OUT = "is ignored by git, here: it holds a key."
    SEEN = (
        "holds a key, and git takes it in: a rule with ! in .gitignore says so, which goes before .git/info/exclude. "
        "Take that rule out, and never commit the file."
    )
    TRACKED = "is tracked by git, and holds a key: take it out with `git rm --cached`, or every run is of a dirty tree."
    NO_GIT = "holds a key: keep it to yourself."


def keep_out_of_git(path: Path) -> Kept:
    """Afterwards git takes no notice of the file, unless the answer says otherwise."""
    folder = path.parent
    exclude = _git(folder, "rev-parse", "--git-path", "info/exclude")
    top = _git(folder, "rev-parse", "--show-toplevel")
    if not exclude or not top:
        return Kept.NO_GIT
    if _git(folder, "ls-files", "--", path.name):
        return Kept.TRACKED
    if _git(folder, "check-ignore", "--", path.name):
        return Kept.OUT
    listed = folder / exclude
    place = (folder.resolve() / path.name).relative_to(Path(top).resolve()).as_posix()
    try:
        listed.parent.mkdir(parents=True, exist_ok=True)
        earlier = listed.read_bytes() if listed.exists() else b""
        listed.write_bytes(earlier + b"\n/" + os.fsencode(_GLOB.sub(r"\\\1", place)) + b"\n")
        if _git(folder, "check-ignore", "--", path.name):
            return Kept.OUT
        listed.write_bytes(earlier)
    except OSError:
        return Kept.NO_GIT
    return Kept.SEEN


def _git(folder: Path, *arguments: str) -> str:
    """What git answers, '' where it refuses or is not there."""
    git = shutil.which("git")
    if git is None:
        return ""
    try:
        done = subprocess.run(  # a fixed program with fixed words, no shell
            [git, "-C", str(folder), *arguments], capture_output=True, text=True, timeout=GIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
