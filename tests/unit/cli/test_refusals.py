"""What a person reads of a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from vdw.app import App
from vdw.cli.outermost import refusal_text, run_command_line
from vdw.config import Settings
from vdw.errors import invalid


@pytest.mark.parametrize("example", ["The metric is measured after launch.", "2026-11-30"])
def test_an_example_ends_with_one_point(example: str) -> None:
    words = refusal_text(invalid("reason", "1 to 2000 characters", example))

    assert f"For example: {example.rstrip('.')}. " in words


def test_a_refusal_is_told_in_a_folder_that_is_gone_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    assert run_command_line(App, ["--data", "here", "project", "list"]) == 3

    assert "vdw: Nothing is set up here yet." in capsys.readouterr().err


class Torn(App):
    """A set-up whose settings fail in a way that nobody foresaw."""

    @property
    def settings(self) -> Settings:
        raise LookupError("torn")


@pytest.mark.parametrize("command", ["doctor", "project list", "config show", "init"])
def test_settings_that_fail_in_no_foreseen_way_are_told_in_a_sentence_too(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code = run_command_line(Torn, command.split())

    assert exit_code != 0
    assert capsys.readouterr().err.startswith("vdw: Something went wrong inside vdw (LookupError).")
