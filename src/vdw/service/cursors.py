"""Cursors that count items: where an answer was cut, and the next one goes on."""

from __future__ import annotations

from vdw.errors import invalid

MAX_CURSOR_CHARACTERS = 9


def cursor_position(cursor: str) -> int:
    """The number of items before the next answer. Raises `VdwError` (invalid_input) for what no answer gave."""
    if not cursor:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > MAX_CURSOR_CHARACTERS:
        raise invalid("cursor", "the cursor of an earlier answer")
    return int(cursor)
