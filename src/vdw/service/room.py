"""What fits into one answer: an agent pays for every token of it. What does not fit is read by a cursor or as a
resource.

Room is counted in characters of plain English, of which four make a token or less; a byte beyond ASCII counts three
times, as tokenizers need that much for emoji and for many scripts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeVar

from vdw.domain.canonical import JsonValue

T = TypeVar("T")

FOREIGN_BYTE = 3
LONGEST_TEXT = 600
"""Room for one text of an item that is shown shortened."""
LONGEST_LIST = 3
"""Entries of a list in an item that is shown shortened."""


def weight(value: object) -> int:
    """Room that the value takes as JSON."""
    text = json.dumps(value, ensure_ascii=False)
    ascii_bytes = len(text.encode("ascii", "ignore"))
    return ascii_bytes + FOREIGN_BYTE * (len(text.encode("utf-8", "surrogatepass")) - ascii_bytes)


def fitting(items: Iterable[T], room: int) -> list[T]:
    """The first items that fit; at least one, so that whoever asks for the rest comes to an end. Takes no more of
    them."""
    taken: list[T] = []
    for item in items:
        room -= weight(item)
        if room < 0 and taken:
            break
        taken.append(item)
    return taken


def in_room(value: JsonValue, room: int) -> JsonValue:
    """The value, or where it would take more than the room, shortened."""
    return value if weight(value) <= room else shortened(value)


def shortened(value: JsonValue) -> JsonValue:
    """The same shape with long texts and lists cut; what was left out is said in their place."""
    if isinstance(value, str):
        return value if weight(value) <= LONGEST_TEXT else f"{cut_text(value, LONGEST_TEXT)}…"
    if isinstance(value, list):
        more = len(value) - LONGEST_LIST
        told: list[JsonValue] = [f"… and {more} more"] if more > 0 else []
        return [*map(shortened, value[:LONGEST_LIST]), *told]
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    return value


def cut_text(text: str, room: int) -> str:
    """The longest beginning of the text that fits."""
    least, most = 0, min(len(text), room)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if weight(text[:middle]) <= room else (least, middle - 1)
    return text[:least]
