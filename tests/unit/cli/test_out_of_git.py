"""A client's file holds a key: git never takes it up, and no tree is dirty because of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from vdw.cli.out_of_git import Kept, in_words, keep_out_of_git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    "place",
    [
        ".mcp.json",
        "a [b]*/sub dir/.mcp.json",
        ".vscode/mcp.json",
        "b\udcff/mcp.json",
        "end / /mcp.json ",
        "a\nb/mcp.json",
    ],
)
def test_the_file_leaves_the_tree_clean_and_is_listed_once(repository: Path, place: str) -> None:
    path = repository / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")

    assert [keep_out_of_git(path), keep_out_of_git(path)] == [Kept.OUT, Kept.OUT]

    assert git(repository, "status", "--porcelain") == ""
    assert (repository / ".git/info/exclude").read_bytes().count(b"mcp.json") == 1


def test_another_file_of_a_like_name_is_still_seen(repository: Path) -> None:
    (repository / ".mcp.json").write_text("{}")
    (repository / "sub").mkdir()
    (repository / "sub/.mcp.json").write_text("{}")

    keep_out_of_git(repository / ".mcp.json")

    assert git(repository, "status", "--porcelain") == "?? sub/\n"


def test_a_tracked_file_is_ignored_once_the_step_that_is_told_was_taken(repository: Path) -> None:
    path = repository / "it's/a*.json"
    path.parent.mkdir()
    path.write_text("{}")
    (path.parent / "another.json").write_text("{}")
    git(repository, "add", ".")

    kept = keep_out_of_git(path)
    subprocess.run(["sh", "-c", in_words(path, kept, path.name).split("`")[1]], check=True, capture_output=True)

    assert kept is Kept.TRACKED
    assert git(repository, "ls-files") == "it's/another.json\n"
    assert git(repository, "status", "--porcelain") == "A  it's/another.json\n"
    assert keep_out_of_git(path) is Kept.OUT


def test_a_tracked_file_that_a_rule_ignores_is_listed_nowhere_else(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.json\n")
    (repository / ".mcp.json").write_text("{}")
    git(repository, "add", "--force", ".mcp.json")

    assert keep_out_of_git(repository / ".mcp.json") is Kept.TRACKED
    assert "mcp" not in (repository / ".git/info/exclude").read_text()


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


def test_a_file_that_a_rule_takes_in_all_the_same_is_said_to_be_seen_until_the_rule_is_gone(repository: Path) -> None:
    (repository / ".gitignore").write_text("!.mcp.json\n")
    (repository / ".mcp.json").write_text("{}")

    assert keep_out_of_git(repository / ".mcp.json") is Kept.SEEN

    (repository / ".gitignore").unlink()
    assert git(repository, "status", "--porcelain") == ""
    assert keep_out_of_git(repository / ".mcp.json") is Kept.OUT


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_WORK_TREE"])
def test_a_variable_that_points_git_elsewhere_changes_nothing(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    (repository / ".mcp.json").write_text("{}")
    with monkeypatch.context() as patched:
        patched.setenv(variable, str(tmp_path_factory.mktemp("elsewhere") / "index"))
        assert keep_out_of_git(repository / ".mcp.json") is Kept.OUT

    assert git(repository, "status", "--porcelain") == ""


def test_a_file_outside_the_tree_that_git_looks_at_is_only_spoken_of(repository: Path) -> None:
    (repository / "tree").mkdir()
    git(repository, "config", "core.worktree", str(repository / "tree"))

    assert keep_out_of_git(repository / ".mcp.json") is Kept.NO_GIT
