"""Time as text: UTC, RFC 3339, whole seconds, `Z`. Such texts sort like the times they name."""

from __future__ import annotations

from datetime import UTC, datetime

from vdw.errors import invalid

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def timestamp(moment: datetime) -> str:
    """The moment in UTC, seconds cut off."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def parse_timestamp(text: str, path: str) -> datetime:
    """Reads what `timestamp` wrote. Raises `VdwError` (invalid_input) at `path` for any other form."""
    wrong = invalid(path, "not a UTC time with whole seconds", "2026-11-24T12:00:00Z")
    try:
        moment = datetime.strptime(text, _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise wrong from None
    if timestamp(moment) != text:
        raise wrong
    return moment


def now_utc() -> datetime:
    """The operating system's clock. Passed down from the composition root; nothing below it calls this."""
    return datetime.now(UTC)
