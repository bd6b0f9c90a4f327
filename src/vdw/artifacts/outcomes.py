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
from vdw.errors import ErrorCode, VdwError


def require_agreeing(validation: JsonObject, elements: Mapping[str, Element]) -> None:
    """`elements` hold the metrics. One that is not among them is not compared: it was erased, or the outcome's link
    leads to nothing and `revise` refuses it. Raises `VdwError`: invalid_input, and storage for a metric that compares
    in no known way."""
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
            yield fault(f"outcomes[{index}].unit", f"must be the unit of {element.id}", metric["unit"])
        elif flag(outcome["met"]) is not (met := _is_met(metric, text(outcome["measured"]))):
            rule = f"must be what the number measured and the target of {element.id} say"
            yield fault(f"outcomes[{index}].met", rule, met)


def _is_met(metric: JsonObject, measured: str) -> bool:
    value, target = Decimal(measured), Decimal(text(metric["target"]))
    match metric["comparison"]:
        case "at_least":
            return value >= target
        case "at_most":
            return value <= target
        case "exactly":
            return value == target
        case unknown:
            raise VdwError(
                ErrorCode.STORAGE,
                "A stored metric compares as no metric does.",
                "Restore the store from a backup.",
                reason=f"comparison {unknown}",
            )
