"""Keeping a client's file out of git: it holds a key, and an untracked file would make every tree that is verified
dirty.

Written is the clone's own list of exclusions, which nobody shares; never a file that is tracked.
"""

from __future__ import annotations

import os
import re
import shlex
from enum import Enum, auto
from pathlib import Path

from vdw.errors import VdwError

_SPECIAL = re.compile(r"[\\*?\[\]]| (?= *$)")
"""What stands for itself in a pattern only behind a backslash (gitignore(5)); blanks do at its end."""


class Kept(Enum):
    """How it stands with a file and git."""

    OUT = auto()
    SEEN = auto()
    TRACKED = auto()
    NO_GIT = auto()


def keep_out_of_git(path: Path) -> Kept:
    """Git takes no notice of the file from here on. Where the answer says that it does all the same, it takes none once
    that is mended: the file stands in the clone's list by then."""
    top = _git(path.parent, "rev-parse", "--show-toplevel")
    exclude = _git(path.parent, "rev-parse", "--git-path", "info/exclude")
    place = path.parent.resolve() / path.name
    if not exclude or not top or not place.is_relative_to(Path(top).resolve()):
        return Kept.NO_GIT
    tracked = bool(_git(path.parent, "--literal-pathspecs", "ls-files", "--", path.name))
    if not _is_ignored(path):
        below = _literal(place.relative_to(Path(top).resolve()).as_posix()).replace("\n", "?")  # a pattern is one line
        pattern = b"/" + os.fsencode(below)
        if not _listed(path.parent / exclude, pattern) and not tracked:
            return Kept.NO_GIT
    if tracked:
        return Kept.TRACKED
    return Kept.OUT if _is_ignored(path) else Kept.SEEN


def in_words(path: Path, kept: Kept, called: str) -> str:
    """What a person is told of it, with the step that helps."""
    match kept:
        case Kept.OUT:
            return f"{called} is ignored by git, here: it holds a key."
        case Kept.SEEN:
            return (
                f"{called} holds a key, and git takes it in: a rule with ! in .gitignore says so, which goes before "
                ".git/info/exclude. Take that rule out, and never commit the file."
            )
        case Kept.TRACKED:
            out = f"git -C {shlex.quote(str(path.parent))} rm --cached -- {shlex.quote(_literal(path.name))}"
            return (
                f"{called} is tracked by git, and holds a key: every run is of a dirty tree until you take the file out "
                f"with `{out}` and commit that. It stays on your disk."
            )
        case Kept.NO_GIT:
            return f"{called} holds a key: keep it to yourself."


def _literal(name: str) -> str:
    return _SPECIAL.sub(lambda special: "\\" + special[0], name)


def _is_ignored(path: Path) -> bool:
    """Whether a rule would keep it out, tracked or not."""
    return bool(_git(path.parent, "check-ignore", "--no-index", "--", path.name))


def _listed(exclude: Path, pattern: bytes) -> bool:
    """The list has the pattern, once; False where it cannot be written."""
    try:
        earlier = exclude.read_bytes() if exclude.exists() else b""
        if pattern not in earlier.split(b"\n"):
            exclude.parent.mkdir(parents=True, exist_ok=True)
            exclude.write_bytes(earlier + b"\n" + pattern + b"\n")
    except OSError:
        return False
    return True


def _git(folder: Path, *arguments: str) -> str:
    """What git answers of this folder, '' where it refuses or is not there."""
    from vdw.runner.git import ask_git

    try:
        return ask_git(folder, *arguments)
    except VdwError:
        return ""
