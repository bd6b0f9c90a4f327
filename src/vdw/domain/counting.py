"""Numbers of things in sentences, so that nobody reads of `1 finding(s)`."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """`1 finding`, `2 findings`: of a thing whose plural takes an s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
