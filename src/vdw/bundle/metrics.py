"""What became of each success metric: what was wanted, what was measured, whether that is enough, and on what it rests.

From the exported documents alone. `verified` speaks of requirements; a metric that is not met stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from vdw.artifacts.revision import ERASED, Revision
from vdw.artifacts.verified import evidence_records
from vdw.bundle.content import ExportContent
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import flag, items, text, texts
from vdw.domain.ids import ElementKind
from vdw.domain.stages import Phase

_COMPARISONS = {"at_least": "at least", "at_most": "at most", "exactly": "exactly"}
NOT_MEASURED = "not measured"


def metric_rows(revisions: Mapping[Phase, Revision]) -> tuple[JsonObject, ...]:
    """One row a metric of the mood: {id, name, target, measured, met, evidence}, `met` in words, evidence with its
    trust."""
    mood, validation = revisions.get(Phase.MOOD), revisions.get(Phase.VALIDATION)
    if mood is None:
        return ()
    outcomes = _outcomes(validation)
    trust = {name: f"({record.trust.value})" for name, record in evidence_records(validation)}
    rows: list[JsonObject] = []
    for ref in mood.manifest.elements:
        if ref.kind is ElementKind.METRIC:
            element = mood.elements.get(ref.id)
            row = _wanted(element.content) if element else {"name": ERASED, "target": ERASED}
            rows.append({"id": ref.id, **row, **_came(outcomes.get(ref.id), trust)})
    return tuple(rows)


def metric_lines(content: ExportContent) -> tuple[str, ...]:
    """One line a metric."""
    return tuple(
        f"metric {row['id']} {row['name']}: wanted {row['target']}, {_measured(row)}"
        for row in metric_rows(content.revisions)
    )


def _measured(row: JsonObject) -> str:
    if row["met"] == NOT_MEASURED:
        return NOT_MEASURED
    return f"measured {row['measured']}: {row['met']} ({', '.join(texts(row['evidence'])) or 'no evidence'})"


def _outcomes(validation: Revision | None) -> dict[str, JsonObject]:
    """Metric → its outcome."""
    listed = items(validation.document()["outcomes"]) if validation else []
    return {text(item["metric"]): item for item in listed if isinstance(item, dict)}


def _wanted(metric: JsonObject) -> JsonObject:
    comparison = text(metric["comparison"])
    return {
        "name": text(metric["name"]),
        "target": f"{_COMPARISONS.get(comparison, comparison)} {text(metric['target'])} {text(metric['unit'])}",
    }


def _came(outcome: JsonObject | None, trust: Mapping[str, str]) -> JsonObject:
    if outcome is None:
        return {"measured": "", "met": NOT_MEASURED, "evidence": []}
    return {
        "measured": f"{text(outcome['measured'])} {text(outcome['unit'])}",
        "met": "met" if flag(outcome["met"]) else "not met",
        "evidence": [f"{name} {trust.get(name, ERASED)}" for name in texts(outcome["evidence"])],
    }
