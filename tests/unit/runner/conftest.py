"""A real git repository, in which the test stands."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit, in which the test stands."""
    folder = tmp_path / "kettle"
    folder.mkdir()
    (folder / "kettle.py").write_text("BOILS = True\n", "utf-8")
    monkeypatch.chdir(folder)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    git("init", "--quiet")
    commit("A kettle")
    return folder


def git(*arguments: str, folder: str = ".") -> str:
    named = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    return subprocess.run(
        ["git", "-C", folder, *named, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(message: str, folder: str = ".") -> None:
    git("add", ".", folder=folder)
    git("commit", "--quiet", "--message", message, folder=folder)
