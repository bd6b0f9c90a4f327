"""Time as text: UTC, RFC 3339, whole seconds, `Z`. Such texts sort like the times they name."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from vdw.errors import invalid

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_FORM = re.compile(r"[1-9]\d{3}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}Z", re.ASCII)
"""What `timestamp` writes. Stricter than `fromisoformat`, which then knows the calendar, in a tenth of `strptime`'s
time."""


def timestamp(moment: datetime) -> str:
    """The moment in UTC, seconds cut off."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def parse_timestamp(text: str, path: str) -> datetime:
    """Reads what `timestamp` wrote. Raises `VdwError` (invalid_input) at `path` for any other form."""
    try:
        if _FORM.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:  # no such day
        pass
    raise invalid(path, "not a UTC time with whole seconds", "2026-11-24T12:00:00Z")


def now_utc() -> datetime:
    """The operating system's clock. Passed down from the composition root; nothing below it calls this."""
    return datetime.now(UTC)
