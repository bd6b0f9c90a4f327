"""Typed reading of JSON that we wrote ourselves. A wrong shape raises TypeError: the caller says what is damaged."""

from __future__ import annotations

from vdw.domain.canonical import JsonObject, JsonValue


def text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def number(value: JsonValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("whole number expected")
    return value


def items(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise TypeError("list expected")
    return value


def mapping(value: JsonValue) -> JsonObject:
    if not isinstance(value, dict):
        raise TypeError("object expected")
    return value


def texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(text(item) for item in items(value))


def flag(value: JsonValue) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false expected")
    return value
