"""The tenant's own directory of people: names, kept apart from everything that is signed."""

from __future__ import annotations

from vdw.errors import invalid

MAX_NAME_CHARACTERS = 80
"""A person's name, in characters: one line of a terminal."""


def require_name(name: str) -> str:
    """The name as it is kept. Raises `VdwError` (invalid_input) for one that would not be shown as it is."""
    found = name.strip()
    if not found or len(found) > MAX_NAME_CHARACTERS or not found.isprintable():
        raise invalid("name", f"1 to {MAX_NAME_CHARACTERS} printable characters", "Ada")
    return found
