"""Outcomes of a validation against the metrics that they answer: one each, in its unit, `met` as the numbers say.

Whether the number is true no machine knows; the evidence that is named for it is the rules' to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from vdw.artifacts.faults import fault, refusal
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import flag, items, mapping, text
from vdw.domain.manifest import Element
from vdw.domain.stages import Phase


def require_agreeing(validation: JsonObject, elements: Mapping[str, Element]) -> None:
    """`elements` hold the metrics; one that is not among them, or was erased, is not compared. Raises `VdwError`
    (invalid_input)."""
    faults = list(_faults(validation, elements))
    if faults:
        raise refusal(Phase.VALIDATION, faults)


def _faults(validation: JsonObject, elements: Mapping[str, Element]) -> Iterator[JsonObject]:
    answered: set[str] = set()
    for index, outcome in enumerate(map(mapping, items(validation["outcomes"]))):
        name = text(outcome["metric"])
        if name in answered:
            yield fault(f"outcomes[{index}].metric", f"{name} has an outcome already; a metric has one")
        answered.add(name)
        element = elements.get(name)
        if element is None:
            continue
        metric = element.content
        if outcome["unit"] != metric["unit"]:
            yield fault(f"outcomes[{index}].unit", f"{element.id} is measured in its own unit", metric["unit"])
        elif flag(outcome["met"]) is not (met := _is_met(metric, text(outcome["measured"]))):
            yield fault(
                f"outcomes[{index}].met", f"contradicts the number measured and the target of {element.id}", met
            )


def _is_met(metric: JsonObject, measured: str) -> bool:
    value, target = Decimal(measured), Decimal(text(metric["target"]))
    match metric["comparison"]:
        case "at_least":
            return value >= target
        case "at_most":
            return value <= target
        case _:
            return value == target
