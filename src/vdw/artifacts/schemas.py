"""The published JSON Schema of each phase's artifact: the model's, without what an agent has no use for."""

from __future__ import annotations

from functools import cache

from vdw.artifacts.models.by_phase import MODELS
from vdw.domain.canonical import Digest, JsonObject, JsonValue, digest_of
from vdw.domain.stages import Phase

_DROPPED = frozenset({"title", "description"})


@cache
def schema_of(phase: Phase) -> JsonObject:
    """Compact: no titles, no descriptions; deterministic."""
    schema = MODELS[phase].model_json_schema(by_alias=True)
    compact = _compact(schema)
    if not isinstance(compact, dict):
        raise TypeError("a schema is an object")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"vdw://schemas/{phase.value}", **compact}


@cache
def schema_digest(phase: Phase) -> Digest:
    return digest_of(schema_of(phase))


def _compact(node: JsonValue, *, names: bool = False) -> JsonValue:
    """`names`: the keys of this object are names of fields, not words of the schema language."""
    if isinstance(node, dict):
        return {
            key: _compact(item, names=key in ("properties", "$defs") and not names)
            for key, item in node.items()
            if names or key not in _DROPPED
        }
    if isinstance(node, list):
        return [_compact(item) for item in node]
    return node
