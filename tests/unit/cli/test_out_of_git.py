"""A client's file holds a key: git never takes it up, and no tree is dirty because of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from vdw.cli.out_of_git import Kept, keep_out_of_git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("place", [".mcp.json", "a [b]*/sub dir/.mcp.json", ".vscode/mcp.json"])
def test_the_file_leaves_the_tree_clean_and_is_listed_once(repository: Path, place: str) -> None:
    path = repository / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")

    assert [keep_out_of_git(path), keep_out_of_git(path)] == [Kept.OUT, Kept.OUT]

    assert git(repository, "status", "--porcelain") == ""
    assert (repository / ".git/info/exclude").read_text().count("mcp.json") == 1


def test_another_file_of_a_like_name_is_still_seen(repository: Path) -> None:
    (repository / ".mcp.json").write_text("{}")
    (repository / "sub").mkdir()
    (repository / "sub/.mcp.json").write_text("{}")

    keep_out_of_git(repository / ".mcp.json")

    assert git(repository, "status", "--porcelain") == "?? sub/\n"


def test_a_file_that_is_tracked_is_said_to_be(repository: Path) -> None:
    (repository / ".mcp.json").write_text("{}")
    git(repository, "add", ".mcp.json")

    assert keep_out_of_git(repository / ".mcp.json") is Kept.TRACKED


def test_a_file_that_git_ignores_already_is_listed_nowhere_else(repository: Path) -> None:
    (repository / ".gitignore").write_text(".gitignore\n*.json\n")
    (repository / ".mcp.json").write_text("{}")

    assert keep_out_of_git(repository / ".mcp.json") is Kept.OUT
    assert "mcp" not in (repository / ".git/info/exclude").read_text()


def test_a_link_is_kept_out_wherever_it_leads(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (repository / ".mcp.json").symlink_to(tmp_path_factory.mktemp("dotfiles") / "mcp.json")

    assert keep_out_of_git(repository / ".mcp.json") is Kept.OUT
    assert git(repository, "status", "--porcelain") == ""


def test_outside_a_repository_the_key_is_spoken_of(tmp_path: Path) -> None:
    assert keep_out_of_git(tmp_path / ".mcp.json") is Kept.NO_GIT


def test_a_file_that_a_rule_takes_in_all_the_same_is_said_to_be_seen_and_nothing_is_written(repository: Path) -> None:
    (repository / ".gitignore").write_text("*\n!.mcp.json\n")
    (repository / ".mcp.json").write_text("{}")
    before = (repository / ".git/info/exclude").read_text()

    assert keep_out_of_git(repository / ".mcp.json") is Kept.SEEN
    assert git(repository, "status", "--porcelain") == "?? .mcp.json\n"
    assert (repository / ".git/info/exclude").read_text() == before
