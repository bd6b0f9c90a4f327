"""Observing a command beside real git repositories: what ran, on which commit, with which report."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.runner.conftest import git
from vdw.artifacts.junit import read_junit
from vdw.errors import ErrorCode, VdwError
from vdw.runner.observe import MAX_REPORT_BYTES, Observation, observe

pytestmark = pytest.mark.usefixtures("repository")

REPORT = Path("junit.xml")
XML = '<testsuite name="kettle"><testcase name="test_req_001"/></testsuite>'


def now() -> datetime:
    return datetime.now(UTC)


def observed(script: str, report: Path = REPORT, repository: str = "") -> Observation:
    return observe([sys.executable, "-c", script], report, repository, now)


def writing(text: str = XML, then: str = "") -> str:
    return f"import pathlib; pathlib.Path('junit.xml').write_text({text!r}); {then}"


def test_a_clean_run_is_seen_with_commit_code_and_report() -> None:
    seen = observed(writing(then="raise SystemExit(3)"))

    assert (seen.exit_code, seen.report, seen.stale_report) == (3, XML, "")
    assert (seen.after.commit, seen.after.repository) == (git("rev-parse", "HEAD"), "kettle")
    assert seen.started_at <= seen.ended_at


def test_the_report_itself_does_not_make_the_tree_dirty() -> None:
    assert [observed(writing()).dirty for _ in range(2)] == [False, False]


def test_a_changed_file_makes_the_tree_dirty(repository: Path) -> None:
    (repository / "kettle.py").write_text("BOILS = False\n", "utf-8")
    assert observed(writing()).dirty


def test_a_file_that_git_does_not_know_makes_the_tree_dirty(repository: Path) -> None:
    (repository / "new.py").touch()
    assert observed(writing()).dirty


def test_a_change_is_seen_from_a_folder_below(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "tests").mkdir()
    (repository / "new.py").touch()
    monkeypatch.chdir(repository / "tests")
    assert observed(writing()).dirty


def test_a_command_that_changes_the_code_leaves_no_clean_run() -> None:
    seen = observed(writing(then="pathlib.Path('kettle.py').write_text('BOILS = False')"))
    assert (seen.before.dirty, seen.after.dirty, seen.dirty) == (False, True, True)


def test_a_command_that_commits_leaves_no_clean_run() -> None:
    moving = "import subprocess; subprocess.run(['git', '-c', 'user.name=A', '-c', 'user.email=a@example.org', "
    seen = observed(writing(then=moving + "'commit', '-q', '--allow-empty', '-m', 'Another'], check=True)"))
    assert (seen.before.dirty, seen.after.dirty, seen.dirty) == (False, False, True)


def test_a_report_from_an_earlier_run_does_not_count(repository: Path) -> None:
    (repository / "junit.xml").write_text(XML, "utf-8")
    os.utime(repository / "junit.xml", (0, 0))
    seen = observed("pass")
    assert (seen.report, seen.stale_report) == ("", "junit.xml is older than this run, so it does not count.")


def test_a_command_that_writes_no_report_is_seen_to() -> None:
    assert observed("pass").stale_report == "The command wrote no junit.xml."


def test_a_report_that_is_no_text_does_not_count() -> None:
    script = "import pathlib; pathlib.Path('junit.xml').write_bytes(bytes([255]))"
    assert observed(script).stale_report.startswith("junit.xml is in no encoding that is read: UTF-8, ")


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-1", "windows-1252"])
def test_a_report_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><testsuite><testcase name="test_req_001 \xfcber"/></testsuite>'
    seen = observed(f"import pathlib; pathlib.Path('junit.xml').write_bytes({text.encode(encoding)!r})")

    assert seen.report == text
    assert read_junit(seen.report).tests == 1


@pytest.mark.parametrize("encoding", ["UTF-16", "zip", "rot13", "nonsense"])
def test_an_encoding_that_is_declared_and_not_so_is_not_believed(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><testsuite><testcase name="test_req_001"/></testsuite>'

    assert observed(writing(text)).report == text


def test_a_word_of_the_command_that_is_no_text_is_recorded_escaped() -> None:
    seen = observe([sys.executable, "-c", writing(), os.fsdecode(b"\xff")], REPORT, "", now)

    assert str(seen.run_json()["command"]).endswith(" \\xff")


def test_a_folder_where_the_report_should_be_does_not_count(repository: Path) -> None:
    (repository / "junit.xml").mkdir()
    assert observed("import os; os.utime('junit.xml')").stale_report == "junit.xml cannot be read: is a directory."


def test_a_report_beyond_the_bound_is_refused() -> None:
    script = f"open('junit.xml', 'w').write('x' * {MAX_REPORT_BYTES + 1})"
    with pytest.raises(VdwError) as refused:
        observed(script)
    assert refused.value.code is ErrorCode.TOO_LARGE


def test_a_report_outside_of_the_repository_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "junit.xml"
    seen = observed(f"open({str(outside)!r}, 'w').write({XML!r})", outside)
    assert (seen.report, seen.dirty) == (XML, False)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(VdwError, match="no-such-command cannot be run: no such file or directory"):
        observe(["no-such-command"], REPORT, "", now)


def test_a_command_that_a_signal_ended_counts_as_in_a_shell() -> None:
    assert observed("import os; os.kill(os.getpid(), 9)").exit_code == 137


def test_outside_of_a_repository_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VdwError, match="not a git repository"):
        observed(writing())
    assert not (tmp_path / "junit.xml").exists()


def test_a_remote_names_the_repository_and_a_word_of_the_user_goes_before() -> None:
    git("remote", "add", "origin", "https://forge.example/ada/teapot.git")

    assert observed(writing()).after.repository == "teapot"
    assert observed(writing(), repository="samovar").after.repository == "samovar"


def test_a_file_that_git_was_told_not_to_look_at_makes_the_tree_dirty() -> None:
    git("update-index", "--assume-unchanged", "kettle.py")
    Path("kettle.py").write_text("BOILS = False\n", "utf-8")

    assert observed(writing()).dirty


def test_a_report_of_the_run_just_before_does_not_count() -> None:
    assert observed(writing()).report == XML

    seen = observed("pass")

    assert (seen.report, seen.stale_report != "") == ("", True)


@pytest.mark.parametrize(
    ("name", "dirty"),
    [
        ("vdw-evidence.json", False),
        ("vdw-evidence-12.json", False),
        ("vdw-evidence-x.json", True),
        ("vdw-evidence.json.py", True),
    ],
)
def test_a_record_that_waits_to_be_sent_makes_no_tree_dirty(name: str, dirty: bool) -> None:
    Path(name).write_text("{}", "utf-8")

    assert observed(writing()).dirty is dirty
