"""What counts as the commit alone: whatever git could have been told to hide is looked at all the same."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.runner.conftest import commit, git
from vdw.errors import VdwError
from vdw.runner.checkout import checkout

pytestmark = pytest.mark.usefixtures("repository")


def is_dirty(report: str = "junit.xml") -> bool:
    return checkout("", Path(report)).dirty


@pytest.fixture
def submodule(repository: Path) -> Path:
    """A repository in the repository, as a commit names it."""
    folder = repository / "lib"
    git("init", "--quiet", str(folder))
    (folder / "lid.py").write_text("CLOSED = True\n", "utf-8")
    commit("A lid", folder="lib")
    (repository / ".gitmodules").write_text('[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n', "utf-8")
    commit("With a lid")
    return folder


def told_in_gitmodules() -> None:
    git("config", "--file", ".gitmodules", "submodule.lib.ignore", "dirty")
    commit("Look away")


def told_in_the_clone() -> None:
    git("config", "diff.ignoreSubmodules", "all")


def told_in_the_submodule() -> None:
    git("update-index", "--assume-unchanged", "lid.py", folder="lib")


@pytest.mark.usefixtures("submodule")
def test_a_submodule_as_the_commit_names_it_is_clean() -> None:
    assert not is_dirty()


@pytest.mark.parametrize("tell", [told_in_gitmodules, told_in_the_clone, told_in_the_submodule])
def test_a_change_in_a_submodule_is_seen_where_git_was_told_to_look_away(
    submodule: Path, tell: Callable[[], None]
) -> None:
    tell()
    (submodule / "lid.py").write_text("CLOSED = False\n", "utf-8")

    assert is_dirty()


@pytest.mark.usefixtures("submodule")
def test_another_commit_of_a_submodule_is_seen_where_git_was_told_to_look_away() -> None:
    told_in_the_clone()
    git("commit", "--quiet", "--allow-empty", "--message", "Another lid", folder="lib")

    assert is_dirty()


def test_a_change_in_a_submodule_of_a_submodule_is_seen(submodule: Path) -> None:
    git("init", "--quiet", "lib/deep")
    git("commit", "--quiet", "--allow-empty", "--message", "Deep", folder="lib/deep")
    (submodule / ".gitmodules").write_text('[submodule "deep"]\n\tpath = deep\n\turl = ../d\n\tignore = all\n', "utf-8")
    commit("With depth", folder="lib")
    commit("With a deep lid")
    clean = is_dirty()
    (submodule / "deep/new.py").touch()

    assert (clean, is_dirty()) == (False, True)


def test_a_file_where_a_submodule_is_not_checked_out_is_seen(submodule: Path, tmp_path: Path) -> None:
    (submodule / ".git").rename(tmp_path / "git-of-lib")
    (submodule / "lid.py").rename(tmp_path / "lid.py")
    clean = is_dirty()
    (submodule / "lid.py").write_text("CLOSED = False\n", "utf-8")
    told = git("status", "--porcelain")

    assert (clean, told, is_dirty()) == (False, "", True)


def test_a_submodule_whose_files_git_reads_from_another_folder_is_dirty(submodule: Path, tmp_path: Path) -> None:
    git("clone", "--quiet", str(submodule), str(tmp_path / "pristine"))
    git("config", "core.worktree", str(tmp_path / "pristine"), folder="lib")
    (submodule / "lid.py").write_text("CLOSED = False\n", "utf-8")

    assert is_dirty()


def test_a_submodule_whose_repository_is_an_empty_folder_is_dirty(submodule: Path, tmp_path: Path) -> None:
    (submodule / ".git").rename(tmp_path / "git-of-lib")
    (submodule / ".git").mkdir()

    assert is_dirty()


def test_a_report_in_a_submodule_makes_nothing_dirty(submodule: Path) -> None:
    (submodule / "junit.xml").touch()

    assert not is_dirty("lib/junit.xml")


def test_a_new_file_is_seen_where_git_was_told_to_show_none() -> None:
    git("config", "status.showUntrackedFiles", "no")
    Path("new.py").touch()

    assert is_dirty()


def test_a_new_file_whose_name_is_no_text_is_seen(repository: Path) -> None:
    git("config", "core.quotePath", "false")
    (repository / os.fsdecode(b"new\xff.py")).touch()

    assert is_dirty()


def test_a_repository_whose_name_is_no_text_is_named_with_the_byte_escaped(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.rename(os.fsdecode(bytes(repository) + b"\xff")))
    (Path.cwd() / "new.py").touch()

    found = checkout("", Path("junit.xml"))

    assert (found.repository, found.dirty) == ("kettle\\xff", True)


def test_a_repository_of_another_user_is_refused_with_gits_own_way_out(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    with pytest.raises(VdwError, match="belongs to another user") as refused:
        checkout("", Path("junit.xml"))

    assert refused.value.next_step.endswith(f"run: git config --global --add safe.directory {repository}")


def test_what_git_cannot_read_is_not_called_no_repository(repository: Path) -> None:
    tree = git("rev-parse", "HEAD^{tree}")
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()

    with pytest.raises(VdwError, match="git cannot say whether anything changed"):
        checkout("", Path("junit.xml"))


def test_a_monitor_that_says_nothing_changed_is_not_believed(tmp_path: Path) -> None:
    monitor = tmp_path / "monitor"
    monitor.write_text("#!/bin/sh\nprintf 'token\\0'\n", "utf-8")
    monitor.chmod(0o700)
    git("config", "core.fsmonitor", str(monitor))
    git("update-index", "--fsmonitor")
    git("status")
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")
    believed = git("status", "--porcelain")

    assert (believed, is_dirty()) == ("", True)


def test_a_hook_of_the_clone_marks_no_file_as_unchanged() -> None:
    hook = Path(".git/hooks/post-index-change")
    hook.parent.mkdir(exist_ok=True)
    once = '#!/bin/sh\n[ -n "$MARKING" ] || MARKING=1 exec git update-index --assume-unchanged kettle.py\n'
    hook.write_text(once, "utf-8")
    hook.chmod(0o755)
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")

    assert is_dirty()


def filtered(name: str, key: str, command: str) -> None:
    """What the clone's own configuration says of Python files; no commit shows it."""
    git("config", f"filter.{name}.{key}", command)
    Path(".git/info/attributes").write_text(f"*.py filter={name}\n", "utf-8")


def in_the_commit(attributes: str) -> None:
    Path(".gitattributes").write_text(attributes, "utf-8")
    commit("How files are converted")


@pytest.mark.parametrize("key", ["clean", "process"])
def test_a_filter_that_may_hide_a_change_from_git_is_refused(key: str) -> None:
    filtered("lid", key, "sed s/False/True/")

    with pytest.raises(VdwError, match=r"filter lid on kettle\.py, and may hide a change") as refused:
        checkout("", Path("junit.xml"))

    assert refused.value.next_step.endswith(f"git config --show-origin --get-all filter.lid.{key}")


def test_a_change_that_a_filter_takes_back_is_none_to_git_alone() -> None:
    filtered("lid", "clean", "sed s/False/True/")
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")
    git("add", ".")

    assert git("status", "--porcelain") == ""


@pytest.mark.usefixtures("submodule")
def test_a_filter_in_a_submodule_is_refused(repository: Path) -> None:
    git("config", "filter.lid.clean", "cat", folder="lib")
    (repository / "lib/.git/info/attributes").write_text("lid.py filter=lid\n", "utf-8")

    with pytest.raises(VdwError, match=r"filter lid on lid\.py"):
        checkout("", Path("junit.xml"))


def test_a_filter_that_no_tracked_file_has_hides_nothing() -> None:
    git("config", "filter.lid.clean", "sed s/False/True/")
    in_the_commit("*.txt filter=lid\n*.py filter=other\n")

    assert not is_dirty()


def test_a_filter_that_is_switched_off_hides_nothing() -> None:
    in_the_commit("*.py filter=lid\n")
    git("config", "filter.lid.clean", "sed s/False/True/")
    git("config", "--add", "filter.lid.clean", "")

    assert not is_dirty()


def test_large_files_as_git_lfs_sets_them_up_are_taken() -> None:
    git("config", "filter.lfs.clean", "git-lfs clean -- %f")
    in_the_commit("kettle.py filter=lfs\n")

    assert not is_dirty()


def test_another_command_under_the_name_of_git_lfs_is_refused() -> None:
    filtered("lfs", "clean", "sed s/False/True/")

    with pytest.raises(VdwError, match="filter lfs"):
        checkout("", Path("junit.xml"))


def test_a_filter_that_the_index_was_written_through_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "attributes").write_text("*.py filter=lid\n", "utf-8")
    once = ("-c", f"core.attributesFile={tmp_path}/attributes", "-c", "filter.lid.clean=sed s/False/True/")
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")
    os.utime("kettle.py", (0, 0))  # git looks again at a file that is as new as its index
    git(*once, "add", ".")
    told = git("status", "--porcelain")

    assert (told, is_dirty()) == ("", True)


def test_attributes_from_outside_the_repository_hide_nothing(tmp_path: Path) -> None:
    (tmp_path / "attributes").write_text("*.py ident\n", "utf-8")
    git("config", "core.attributesFile", str(tmp_path / "attributes"))
    Path("kettle.py").write_text("BOILS = '$Id$'\n", "utf-8")
    commit("With an id")
    clean = is_dirty()
    Path("kettle.py").write_text("BOILS = '$Id: never $'\n", "utf-8")
    git("add", ".")
    told = git("status", "--porcelain")

    assert (clean, told, is_dirty()) == (False, "", True)


@pytest.mark.parametrize("attribute", ["ident", "text", "eol=lf", "crlf", "working-tree-encoding=UTF-7"])
def test_a_clone_whose_own_attributes_convert_a_file_is_refused(attribute: str, repository: Path) -> None:
    Path(".git/info/attributes").write_text(f"*.py {attribute}\n", "utf-8")

    with pytest.raises(VdwError, match=r"attributes of its own, and git converts kettle\.py") as refused:
        checkout("", Path("junit.xml"))

    assert refused.value.next_step.endswith(f"They stand in: {repository}/.git/info/attributes")


@pytest.mark.parametrize("attributes", ["", "# *.py text\n\n", "*.txt text\n*.py diff=python -text\n"])
def test_a_clone_whose_own_attributes_convert_nothing_is_taken(attributes: str) -> None:
    Path(".git/info/attributes").write_text(attributes, "utf-8")

    assert not is_dirty()


def test_attributes_that_are_ignored_are_none_of_the_commit() -> None:
    Path(".gitignore").write_text(".gitattributes\n", "utf-8")
    Path("kettle.py").write_text("BOILS = '$Id$'\n", "utf-8")
    commit("With an id")
    Path(".gitattributes").write_text("*.py ident\n", "utf-8")
    Path("kettle.py").write_text("BOILS = '$Id: never $'\n", "utf-8")
    git("add", ".")
    told = git("status", "--porcelain")

    assert (told, is_dirty()) == ("", True)


def test_files_that_git_converts_as_the_commit_says_are_clean() -> None:
    in_the_commit("*.py text eol=crlf ident\n*.txt text=auto working-tree-encoding=UTF-16\n")
    Path("kettle.py").write_bytes(b"ID = '$Id: 0 $'\r\n")
    Path("tea.txt").write_text("Tea\n", "utf-16")
    commit("Converted")

    assert not is_dirty()


def test_a_commit_that_another_stands_for_is_looked_at_itself() -> None:
    first = git("rev-parse", "HEAD")
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")
    commit("Another kettle")
    second = git("rev-parse", "HEAD")
    git("update-ref", "HEAD", first)
    git("replace", first, second)
    told = git("status", "--porcelain")

    assert (told, is_dirty()) == ("", True)


def test_a_new_file_whose_name_differs_in_case_alone_is_seen() -> None:
    git("config", "core.ignoreCase", "true")
    Path("Kettle.py").touch()
    told = git("status", "--porcelain")

    assert (told, is_dirty()) == ("", True)


def test_a_file_of_the_commit_that_is_not_checked_out_makes_the_tree_dirty() -> None:
    Path("lid.py").touch()
    commit("With a lid")
    git("sparse-checkout", "set", "--no-cone", "/kettle.py")
    told = git("status", "--porcelain")

    assert (told, Path("lid.py").exists(), is_dirty()) == ("", False, True)


def test_a_file_that_a_kept_record_only_points_at_counts() -> None:
    Path(".git/info/exclude").write_text("vdw-evidence.json\n", "utf-8")
    Path("vdw-evidence.json").symlink_to("kettle.py")
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")

    assert is_dirty()


@pytest.mark.parametrize("folder", [".", "tmp"])
def test_looking_makes_nothing_dirty_where_temporary_files_lie_in_the_tree(
    folder: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / folder).mkdir(exist_ok=True)
    monkeypatch.setattr(tempfile, "tempdir", str(repository / folder))

    assert not is_dirty()


def test_a_repository_whose_name_ends_in_a_blank_is_looked_at(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.rename(f"{repository} "))

    assert checkout("", Path("junit.xml")).repository == "kettle "


def test_variables_that_point_at_another_tree_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(repository / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "clean"))
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean/kettle.py").write_text("BOILS = True\n", "utf-8")
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")

    assert is_dirty()


def test_a_work_tree_that_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    git("config", "core.worktree", str(tmp_path / "clean"))

    with pytest.raises(VdwError, match="this folder is not in it"):
        checkout("", Path("junit.xml"))
