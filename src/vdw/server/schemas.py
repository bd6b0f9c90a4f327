"""JSON Schemas as agents get them: small, because every session pays for them in tokens."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

Json = dict[str, Any]

_DROPPED = frozenset({"title", "description", "default", "$defs"})


def input_schema(model: type[BaseModel]) -> Json:
    """The schema of a tool's arguments: inlined, without titles, optional instead of nullable."""
    schema = model.model_json_schema()
    return _inlined(schema, schema.get("$defs", {}), nested=True)


def output_schema(model: type[BaseModel]) -> Json:
    """The schema of a tool's answer: every property with its type; the inside of nested objects is left open."""
    schema = model.model_json_schema()
    return _inlined(schema, schema.get("$defs", {}), nested=False)


def _inlined(node: Json, definitions: Json, *, nested: bool) -> Json:
    if "$ref" in node:
        target = definitions[str(node["$ref"]).rsplit("/", 1)[-1]]
        return _inlined(target, definitions, nested=nested) if nested else {"type": "object"}
    if "anyOf" in node:
        return _optional(node["anyOf"], definitions, nested=nested)
    result: Json = {}
    for key, value in node.items():
        if key == "properties":
            result[key] = {name: _inlined(item, definitions, nested=nested) for name, item in value.items()}
        elif key == "items":
            result[key] = _inlined(value, definitions, nested=nested)
        elif key == "additionalProperties" and value is True:
            continue
        elif key not in _DROPPED:
            result[key] = value
    return result


def _optional(choices: list[Json], definitions: Json, *, nested: bool) -> Json:
    """`X | None`: an argument that may be left out, an answer's property that may be null. No list of types, which
    clients with a smaller dialect of JSON Schema refuse."""
    present = [_inlined(choice, definitions, nested=nested) for choice in choices if choice.get("type") != "null"]
    first = present[0]
    return first if nested else {"anyOf": [first, {"type": "null"}]}
