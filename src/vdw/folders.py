"""Folders of what is ours alone: a store, sealed keys, the pin of a trust log.

Only their owner can read one that is made, and git takes no notice of what lies in it: within a working tree it would
be committed, and until then make every run one of a dirty tree. The rule it keeps: a folder that holds anything else,
or a `.gitignore` already, is left as it is, and so is the one that somebody works in, where a project may begin.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FOLDER_MODE = 0o700
_FILE_MODE = 0o600

_OURS = ("vdw.db", "trust.json", "config.toml", "approvers")
"""How the names of what vdw keeps in such a folder begin: SQLite's files, locks and drafts lie beside their own."""


def make_private(folder: Path) -> None:
    """The folder is there, and git ignores it if nothing lies in it but what is ours. Raises `OSError`."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if folder.resolve() != Path.cwd().resolve() and all(each.name.startswith(_OURS) for each in folder.iterdir()):
        with (
            suppress(FileExistsError),  # another process was here meanwhile
            open(folder / ".gitignore", "x", opener=lambda path, flags: os.open(path, flags, _FILE_MODE)) as ignored,
        ):
            ignored.write("*\n")
