"""The server's log: one record one line, without credentials, and no traceback unless somebody asked for one."""

from __future__ import annotations

import logging
import unicodedata

import pytest

from vdw.auth.api_keys import new_key
from vdw.errors import ErrorCode, VdwError
from vdw.server.log import FURTHER, MAX_LINE_CHARACTERS, OneLine, log_refusal

FORGED = "2026-11-24T18:00:00Z ERROR vdw: the store was deleted"
NAMES = "vdw.server.log"


def line(words: str, *, debug: bool = False, error: BaseException | None = None) -> str:
    raised = (type(error), error, error.__traceback__) if error else None
    return OneLine(debug=debug).format(logging.LogRecord(NAMES, logging.WARNING, __file__, 1, "%s", (words,), raised))


def raised(words: str) -> BaseException:
    try:
        raise LookupError(words)
    except LookupError as error:
        return error


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_text_begins_another_record(end: str) -> None:
    assert len(line(f"x{end}{FORGED}").splitlines()) == 1
    assert len(line("x", error=raised(f"x{end}{FORGED}")).splitlines()) == 1


@pytest.mark.parametrize("mark", ["\x1b[2K", "\x08", "\x00", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800"])
def test_no_mark_steers_the_terminal_of_whoever_reads(mark: str) -> None:
    shown = line(f"x{mark}y")

    assert {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"} == set()


def test_no_credential_stands_in_it() -> None:
    token = new_key("local", lambda size: b"\x07" * size).token.reveal()
    words = f"{token} and Bearer {token} and authorization: bearer abc.def"

    for shown in (
        line(words),
        line("x", error=raised(words), debug=True),
        line("y" * (MAX_LINE_CHARACTERS - 9) + token),
    ):
        assert token[-20:] not in shown
        assert token[:30] not in shown
        assert "abc.def" not in shown


def test_a_record_is_bounded() -> None:
    assert len(line("x" * 1_000_000)) < MAX_LINE_CHARACTERS + 100


def test_a_failure_is_one_line_that_names_the_place_and_a_traceback_only_where_it_is_asked_for() -> None:
    error = raised(f"x\n{FORGED}")
    usual, wanted = line("it failed", error=error), line("it failed", error=error, debug=True).splitlines()

    assert "Traceback" not in usual
    assert usual.splitlines() == [usual]
    assert "LookupError" in usual
    assert "test_log.py:" in usual
    assert "Traceback" in wanted[1]
    assert all(further.startswith(FURTHER) for further in wanted[1:])


@pytest.mark.parametrize(
    ("code", "level"), [(ErrorCode.NOT_FOUND, logging.INFO), (ErrorCode.UNAUTHENTICATED, logging.WARNING)]
)
def test_a_refusal_is_kept_with_its_reason(code: ErrorCode, level: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "vdw"):
        log_refusal("get_project", VdwError(code, "No.", reason="the key was revoked"))

    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (level, f"get_project refused: {code.value}: the key was revoked")
