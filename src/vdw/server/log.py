"""The log of `vdw serve` and `vdw mcp` on standard error: what a caller is not told, for whoever runs the server.

It writes no file and sends nothing anywhere. The rule it keeps: one record is one line, which no text in it can end,
colour, turn round or pass for another; no credential stands in it; where in the code something failed, only the setting
`debug` shows.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from pathlib import Path
from traceback import extract_tb, format_exception

from vdw.errors import ErrorCode, VdwError

MAX_LINE_CHARACTERS = 2000
"""Longest record, in characters: a reason may quote what was sent, and a log is read by the line."""
FURTHER = "  | "
"""Begins each line of a traceback, so that none passes for a record."""
_CREDENTIAL = re.compile(r"vdw_[\w-]{20,}|(?<=bearer )\S+", re.IGNORECASE)
_OF_THE_SERVER = frozenset(
    {
        ErrorCode.UNAUTHENTICATED,
        ErrorCode.CONFIGURATION,
        ErrorCode.INTERNAL,
        ErrorCode.NO_VERDICT,
        ErrorCode.STORAGE,
        ErrorCode.TRUST,
    }
)
"""Refusals that whoever runs the server has something to do about, or wants to know of."""

logger = logging.getLogger(__name__)


def set_up_log(level: str, *, debug: bool) -> None:
    """From here on records of `level` (error, warning, info) and above go to standard error; of libraries, no lower
    than warning. `debug`: with the traceback of what failed."""
    handler = line_handler(debug=debug)
    logging.raiseExceptions = False  # a log that cannot be written is no reason to print a traceback
    least = max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()])
    logging.basicConfig(level=least, handlers=[handler], force=True)  # also where a library has set up a log before
    logging.getLogger("vdw").setLevel(level.upper())


def line_handler(*, debug: bool) -> logging.Handler:
    """Writes each record on standard error as `OneLine` has it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(debug=debug))
    return handler


def log_refusal(what: str, error: VdwError) -> None:
    """Keeps the real reason, of which the caller gets the public half."""
    level = logging.WARNING if error.code in _OF_THE_SERVER else logging.INFO
    logger.log(level, "%s refused: %s: %s", what, error.code.value, error.reason)


class OneLine(logging.Formatter):
    """`2026-11-24T18:00:00Z WARNING vdw.server.log: words`, whatever the words are."""

    def __init__(self, *, debug: bool) -> None:
        super().__init__()
        self._debug = debug

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        error = record.exc_info[1] if record.exc_info else None
        words = record.getMessage() + (f" ({error!r}{_place(error)})" if error else "")
        lines = [f"{at} {record.levelname} {record.name}: {plain(words)}"]
        if self._debug and error:
            trace = "".join(format_exception(error)).splitlines()
            lines += [FURTHER + plain(line) for line in trace]
        return "\n".join(lines)


def plain(words: str) -> str:
    """The words on one line, without credentials, marks that steer a terminal shown as code points, cut at the
    bound."""
    from vdw.artifacts.markdown import visible

    # 1. No credential, before the cut could leave a part of one.
    words = _CREDENTIAL.sub("…", words)
    # 2. Bounded, so that no caller fills the log with one request.
    if len(words) > MAX_LINE_CHARACTERS:
        words = words[:MAX_LINE_CHARACTERS] + " …"
    # 3. One line, nothing in it obeyed.
    return visible(words).replace("\n", "⟨U+000A⟩").replace("\t", " ")


def _place(error: BaseException) -> str:
    """Where it was raised, as the innermost line of code: enough for a report, no traceback."""
    frames = extract_tb(error.__traceback__)
    return f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
