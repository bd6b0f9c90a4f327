"""JSON as the columns of a store hold it. What is signed or digested is stored as bytes and never passes here."""

from __future__ import annotations

import json

from vdw.domain.canonical import JsonObject


def to_text(value: JsonObject) -> str:
    """One value, one text: members stand in the order they have."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def from_text(text: str) -> JsonObject:
    """Reads what `to_text` wrote."""
    value: JsonObject = json.loads(text)
    return value
