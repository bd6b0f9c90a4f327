"""What is logged while a command runs: a person sees it only where they ask for it, and it leaves nothing behind."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from vdw.app import App
from vdw.cli.context import until_done


async def failing_work() -> None:
    try:
        raise ValueError("the row is torn")
    except ValueError:
        logging.getLogger("vdw.store.sqlite.writer").exception("the store's writer failed")
    raise LookupError


async def logging_work() -> str:
    logging.getLogger("vdw.store.sqlite.writer").error("the store's writer failed")
    logging.getLogger("somebody.else").error("words of a library")
    return "done"


@pytest.mark.parametrize(("debug", "shown"), [("0", 0), ("1", 1)])
def test_a_command_shows_what_vdw_logs_where_debug_is_set_and_never_what_a_library_does(
    debug: str, shown: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VDW_DEBUG", debug)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as under a command; a test runner puts its own there
    found = App({"data_dir": str(tmp_path), "config_dir": str(tmp_path)})
    before = list(logging.getLogger().handlers), list(logging.getLogger("vdw").handlers)

    assert until_done(found, logging_work()) == "done"

    said = capsys.readouterr().err
    assert (said.count("the store's writer failed"), "words of a library" in said) == (shown, False)
    assert (list(logging.getLogger().handlers), list(logging.getLogger("vdw").handlers)) == before


def test_work_that_fails_shows_where_and_leaves_no_handler_behind_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VDW_DEBUG", "1")
    found = App({"data_dir": str(tmp_path), "config_dir": str(tmp_path)})
    before = list(logging.getLogger().handlers), list(logging.getLogger("vdw").handlers)

    with pytest.raises(LookupError):
        until_done(found, failing_work())

    said = capsys.readouterr().err
    assert "\n  | Traceback (most recent call last):\n" in said
    assert (list(logging.getLogger().handlers), list(logging.getLogger("vdw").handlers)) == before


def test_settings_that_cannot_be_read_do_not_keep_the_work_from_saying_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VDW_DEBUG", "perhaps")
    found = App({"data_dir": str(tmp_path), "config_dir": str(tmp_path)})

    assert until_done(found, logging_work()) == "done"

    assert "the store's writer failed" not in capsys.readouterr().err
