"""Faults of a submitted artifact in plain words: where, which rule, what would be right. Many at a time, in one
refusal.

What the sender wrote is never repeated but in the path, where it is shown escaped and cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from vdw.artifacts.examples import example_of
from vdw.artifacts.markdown import visible
from vdw.artifacts.models.fields import pattern_rule
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.stages import Phase
from vdw.errors import ErrorCode, VdwError, invalid

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MAX_FAULTS = 20
"""Faults of one answer. An agent mends these and submits again."""
MAX_NAME_SHOWN = 80
"""Characters of an unknown field's name that a path repeats."""

_RULES: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this artifact",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "string_too_long": "has more than {max_length} characters",
    "too_long": "has more than {max_length} items",
    "literal_error": "must be one of {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
"""By pydantic's name of an error; braces name values of its context."""


def fault(path: str, rule: str, example: JsonValue = None) -> JsonObject:
    """One fault. `path` is like requirements[3].statement."""
    told: JsonObject = {"path": path, "rule": rule}
    if example is not None:
        told["example"] = example
    return told


def model_faults(phase: Phase, errors: Iterable[ErrorDetails]) -> list[JsonObject]:
    """What the phase's model found, as faults."""
    return [_model_fault(phase, error) for error in errors]


def refusal(phase: Phase, faults: Sequence[JsonObject]) -> VdwError:
    """The one error for all faults: the first in words, up to `MAX_FAULTS` as data in `details.faults`."""
    first = faults[0]
    error = invalid(f"{phase.value}.{first['path']}", str(first["rule"]), first.get("example"))
    if len(faults) > 1:
        error = VdwError(
            ErrorCode.INVALID_INPUT,
            f"{error.public} (and {len(faults) - 1} more faults)",
            "Correct what details.faults lists and submit again.",
            details=error.details,
        )
    error.details["faults"] = list(faults[:MAX_FAULTS])
    return error


def _model_fault(phase: Phase, error: ErrorDetails) -> JsonObject:
    place = [part for part in error["loc"] if part != "schema_"]
    return fault(shown_path(place) or "$", _rule(error), _example(phase, place))


def shown_path(place: Iterable[int | str]) -> str:
    """Like requirements[3].statement; what a sender made up in it is shown escaped and cut."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in place).lstrip(".")


def _shown(name: str) -> str:
    return " ".join(visible(name[:MAX_NAME_SHOWN]).split())


def _rule(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        return pattern_rule(str(context.get("pattern", "")))
    return _RULES.get(error["type"], "is not right").format_map(context)


def _example(phase: Phase, place: Sequence[int | str]) -> JsonValue:
    """The value at the same place of the phase's example; places in a list all look at its first item."""
    value: JsonValue = example_of(phase)
    for part in place:
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get(str(part))
    return value
