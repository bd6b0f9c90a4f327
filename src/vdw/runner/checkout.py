"""Which commit is checked out here, and whether anything but that commit can be what a command runs on.

It asks git and changes nothing. The rule it keeps: the tree is looked at itself, submodules too, whatever git was told
to look away from; only what is ignored stays out, since no tool's own files could be there otherwise.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vdw.errors import ErrorCode, VdwError
from vdw.runner.git import READING_SECONDS, ask_git
from vdw.runner.keeping import kept_records

SUBMODULE = "160000"
"""The mode of a submodule in git's index (gitformat-index)."""

_CONVERSIONS = ("filter", "ident", "text", "eol", "crlf", "working-tree-encoding")
"""Attributes by which git compares something else than the bytes of a file (gitattributes(5))."""
_NO_CONVERSION = frozenset({"unspecified", "unset"})

_LARGE_FILES = frozenset({"git-lfs clean -- %f", "git-lfs filter-process", "git-lfs filter-process --skip"})
"""Filters as `git lfs install` writes them: a change gives another pointer, so they hide none."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The commit that the command ran on. `dirty`: tracked files differ from it, or untracked ones are not ignored, in
    a submodule too; the report, which the command itself writes, and kept records do not count."""

    repository: str
    commit: str
    dirty: bool


def checkout(repository: str, report: Path) -> Checkout:
    """The commit checked out here and whether the tree is clean. Raises `VdwError` (configuration) outside a
    repository, and where a filter could hide a change from git."""
    here = Path.cwd().resolve()
    commit = ask_git(here, "rev-parse", "HEAD")
    top = Path(ask_git(here, "rev-parse", "--show-toplevel")).resolve()
    if not here.is_relative_to(top):
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"git looks at {top} for this repository (core.worktree), and this folder is not in it.",
            "Run vdw verify in that folder.",
        )
    ours = [report.resolve(), *kept_records(here)]
    return Checkout(as_text(repository or _repository_name(top)), commit, _differs(top, ours))


def as_text(name: str) -> str:
    """A name from the system that may hold bytes which are no UTF-8, with each of those escaped (`\\xff`)."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _differs(top: Path, ours: Sequence[Path]) -> bool:
    """Whether this tree, or that of a submodule, is anything but its commit. `ours` does not count."""
    with tempfile.TemporaryDirectory(prefix="vdw-index-") as folder:
        # 1. The repository's own index says which files git need not look at, and whoever wrote it was believed. A
        #    new one of the commit knows of no file how it lies there, so that each is read.
        index = Path(folder) / "index"
        ask_git(top, "read-tree", "HEAD", index=index)
        listed = [entry.partition("\t") for entry in ask_git(top, "ls-files", "--stage", "-z", index=index).split("\0")]
        # 2. What git compares in place of a file's bytes must be what the commit says, and no program of this clone's.
        if not _converts_as_committed(top, [path for _, _, path in listed], index):
            return True
        # 3. A submodule's own commit counts here; what changed in its files is looked for in it, where git hides
        #    nothing.
        status = ("status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=dirty", "--", ".")
        uncounted = [path for path in (*ours, index.parent.resolve()) if path.is_relative_to(top)]
        but = [f":(top,exclude,literal){path.relative_to(top)}" for path in uncounted]
        if ask_git(top, *status, *but, index=index, seconds=READING_SECONDS):
            return True
    return any(_submodule_differs(top / path, ours) for tag, _, path in listed if tag.startswith(f"{SUBMODULE} "))


def _converts_as_committed(top: Path, paths: Sequence[str], index: Path) -> bool:
    """Whether the attributes that convert files are those of the index. Raises `VdwError` where others cannot be told
    from those, and where a file has a filter that is none of git-lfs: each could take a change back before git sees
    it."""
    names = "\0".join(paths)
    told = ask_git(top, "check-attr", "-z", "--stdin", *_CONVERSIONS, given=names, index=index)
    words = told.split("\0")
    converted = [
        (path, attribute, value)
        for path, attribute, value in zip(words[::3], words[1::3], words[2::3], strict=False)
        if value not in _NO_CONVERSION
    ]
    if not converted:
        return True
    _require_known_filters(top, [(path, value) for path, attribute, value in converted if attribute == "filter"])
    _require_no_own_attributes(top, converted[0][0])
    # What is ignored may hold attributes too, which no status shows.
    return told == ask_git(top, "check-attr", "--cached", "-z", "--stdin", *_CONVERSIONS, given=names, index=index)


def _require_known_filters(top: Path, filtered: Sequence[tuple[str, str]]) -> None:
    """Raises `VdwError` where a path has a filter whose command is none of git-lfs."""
    commands: dict[str, str] = {}
    for entry in ask_git(top, "config", "--null", "--list").split("\0"):
        key, _, command = entry.partition("\n")
        if key.startswith("filter.") and key.endswith((".clean", ".process")):
            commands[key] = command  # the last one counts, and an empty one switches the filter off
    foreign = {
        key.partition(".")[2].rpartition(".")[0]: key
        for key, command in commands.items()
        if command and command not in _LARGE_FILES
    }
    for path, name in filtered:
        if name in foreign:
            raise VdwError(
                ErrorCode.CONFIGURATION,
                f"git runs the filter {as_text(name)} on {as_text(path)}, and may hide a change from whoever asks it.",
                "Run vdw verify in a clone without it. Where it is set: "
                f"git config --show-origin --get-all {as_text(foreign[name])}",
            )


def _require_no_own_attributes(top: Path, converted: str) -> None:
    """Raises `VdwError` where the clone has a list of attributes of its own: git cannot be told to leave that out."""
    own = top / ask_git(top, "rev-parse", "--git-path", "info/attributes")
    lines = own.read_bytes().splitlines() if own.is_file() else []
    if any(line.strip() and not line.lstrip().startswith(b"#") for line in lines):
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"This clone has attributes of its own, and git converts {as_text(converted)}, so it may hide a change.",
            f"Run vdw verify in a clone without them. They stand in: {as_text(str(own))}",
        )


def _submodule_differs(folder: Path, ours: Sequence[Path]) -> bool:
    """One that is not checked out is an empty folder; git shows none of the files that lie in it all the same."""
    if not (folder / ".git").exists():
        return folder.is_dir() and any(folder.iterdir())
    # What git would look at may be another folder: the one that core.worktree names, or the repository around this one
    # where its `.git` is none.
    looked_at = Path(ask_git(folder, "rev-parse", "--show-toplevel")).resolve()
    return looked_at != folder.resolve() or _differs(looked_at, ours)


def _repository_name(top: Path) -> str:
    """The name of the remote's last part, else of the folder."""
    remotes = ask_git(top, "remote")
    if not remotes:
        return top.name
    url = ask_git(top, "remote", "get-url", remotes.splitlines()[0])
    return url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") or top.name
