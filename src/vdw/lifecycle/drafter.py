"""The template drafter: a deterministic skeleton of a phase's artifact from what stands approved.

For the demo, load tests, and agents that want a start. It marks what it makes (`drafted_by: template`), and a tenant's
policy says whether such a revision may be decided on at all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from vdw.artifacts.catalogue import SCHEMA_NAMES
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, text
from vdw.domain.stages import Lane, Phase
from vdw.lifecycle.mood_drafter import mood_skeleton

GROUP = 8
"""Requirements that share one component in a skeleton."""


def skeleton(
    phase: Phase,
    lane: Lane,
    vibe: str,
    source: str,
    documents: Mapping[Phase, JsonObject],
    reserved: Collection[str] = (),
) -> JsonObject:
    """A complete artifact of the phase. `documents`: those that stand, by phase; `reserved`: ids that approvals bound."""
    if phase is Phase.MOOD:
        body = mood_skeleton(vibe, source, documents.get(Phase.MOOD, {}), reserved)
    elif phase is Phase.ARCHITECTURE:
        body = _architecture(documents)
    elif phase is Phase.SPECIFICATION:
        body = _specification(documents)
    elif phase is Phase.IMPLEMENTATION:
        body = _implementation(lane, documents)
    else:
        body = {"evidence": [], "outcomes": [], "gaps": []}
    return {"schema": SCHEMA_NAMES[phase], "drafted_by": "template", **body}


def _architecture(approved: Mapping[Phase, JsonObject]) -> JsonObject:
    ids = _ids(approved[Phase.MOOD], "requirements")
    components: list[JsonValue] = [
        {
            "id": f"CMP-{number:03}",
            "name": f"component {number}",
            "responsibility": f"Answers for {', '.join(group)}.",
            "satisfies": list[JsonValue](group),
        }
        for number, group in enumerate(_groups(ids), start=1)
    ]
    return {"summary": "Skeleton: one component for every eight requirements.", "components": components}


def _specification(approved: Mapping[Phase, JsonObject]) -> JsonObject:
    contracts: list[JsonValue] = []
    tasks: list[JsonValue] = []
    for raw in items(approved[Phase.ARCHITECTURE]["components"]):
        component = mapping(raw)
        for requirement in items(component["satisfies"]):
            number = len(contracts) + 1
            contracts.append(
                {
                    "id": f"SPC-{number:03}",
                    "title": f"contract for {text(requirement)}",
                    "component": component["id"],
                    "satisfies": [requirement],
                }
            )
            tasks.append(
                {
                    "id": f"TSK-{number:03}",
                    "title": f"build {text(requirement)}",
                    "specifies": [f"SPC-{number:03}"],
                    "done_when": [f"A test that names {text(requirement)} passes."],
                }
            )
    return {"summary": "Skeleton: one contract and one task a requirement.", "contracts": contracts, "tasks": tasks}


def _implementation(lane: Lane, approved: Mapping[Phase, JsonObject]) -> JsonObject:
    light = lane is Lane.LIGHT
    targets = _ids(approved[Phase.MOOD], "requirements") if light else _ids(approved[Phase.SPECIFICATION], "tasks")
    commit = "0" * 40
    changes: list[JsonValue] = [
        {
            "id": f"CHG-{number:03}",
            "title": f"implements {', '.join(group)}",
            "implements": list[JsonValue](group),
            "repository": "repository",
            "commit": commit,
        }
        for number, group in enumerate(_groups(targets), start=1)
    ]
    return {"heads": [{"repository": "repository", "commit": commit}], "changes": changes}


def _ids(document: JsonObject, section: str) -> list[str]:
    return [text(mapping(item)["id"]) for item in items(document[section])]


def _groups(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + GROUP] for start in range(0, len(ids), GROUP)]
