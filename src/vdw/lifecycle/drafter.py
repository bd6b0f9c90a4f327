"""The template drafter: a deterministic skeleton of a phase's artifact from what stands approved.

For the demo, load tests, and agents that want a start. It marks what it makes (`drafted_by: template`), and a tenant's
policy says whether such a revision may be decided on at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import count

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
    """A complete artifact of the phase. `documents`: those that stand, by phase; `reserved`: ids that approvals
    bound."""
    taken = frozenset(reserved) - _all_ids(documents.get(phase, {}))
    if phase is Phase.MOOD:
        body = mood_skeleton(vibe, source, documents.get(Phase.MOOD, {}), reserved)
    elif phase is Phase.ARCHITECTURE:
        body = _architecture(documents, taken)
    elif phase is Phase.SPECIFICATION:
        body = _specification(documents, taken)
    elif phase is Phase.IMPLEMENTATION:
        body = _implementation(lane, documents, taken)
    else:
        body = {"evidence": [], "outcomes": [], "gaps": []}
    return {"schema": SCHEMA_NAMES[phase], "drafted_by": "template", **body}


def _architecture(approved: Mapping[Phase, JsonObject], taken: Collection[str]) -> JsonObject:
    ids = _ids(approved[Phase.MOOD], "requirements")
    names = _free("CMP", taken)
    components: list[JsonValue] = [
        {
            "id": next(names),
            "name": f"component {number}",
            "responsibility": f"Answers for {', '.join(group)}.",
            "satisfies": list[JsonValue](group),
        }
        for number, group in enumerate(_groups(ids), start=1)
    ]
    return {"summary": "Skeleton: one component for every eight requirements.", "components": components}


def _specification(approved: Mapping[Phase, JsonObject], taken: Collection[str]) -> JsonObject:
    names, named = _free("SPC", taken), _free("TSK", taken)
    contracts: list[JsonValue] = []
    tasks: list[JsonValue] = []
    for raw in items(approved[Phase.ARCHITECTURE]["components"]):
        component = mapping(raw)
        for requirement in items(component["satisfies"]):
            name = next(names)
            contracts.append(
                {
                    "id": name,
                    "title": f"contract for {text(requirement)}",
                    "component": component["id"],
                    "satisfies": [requirement],
                }
            )
            tasks.append(
                {
                    "id": next(named),
                    "title": f"build {text(requirement)}",
                    "specifies": [name],
                    "done_when": [f"A test that names {text(requirement)} passes."],
                }
            )
    return {"summary": "Skeleton: one contract and one task a requirement.", "contracts": contracts, "tasks": tasks}


def _implementation(lane: Lane, approved: Mapping[Phase, JsonObject], taken: Collection[str]) -> JsonObject:
    light = lane is Lane.LIGHT
    targets = _ids(approved[Phase.MOOD], "requirements") if light else _ids(approved[Phase.SPECIFICATION], "tasks")
    commit, names = "0" * 40, _free("CHG", taken)
    changes: list[JsonValue] = [
        {
            "id": next(names),
            "title": f"implements {', '.join(group)}",
            "implements": list[JsonValue](group),
            "repository": "repository",
            "commit": commit,
        }
        for group in _groups(targets)
    ]
    return {"heads": [{"repository": "repository", "commit": commit}], "changes": changes}


def _free(prefix: str, taken: Collection[str]) -> Iterator[str]:
    """Ids from the first on, without those taken."""
    return (name for name in (f"{prefix}-{number:03}" for number in count(1)) if name not in taken)


def _all_ids(document: JsonObject) -> frozenset[str]:
    """Ids of the elements that stand in the phase already: they stay theirs."""
    listed = [item for section in document.values() if isinstance(section, list) for item in section]
    return frozenset(text(item["id"]) for item in listed if isinstance(item, dict) and "id" in item)


def _ids(document: JsonObject, section: str) -> list[str]:
    return [text(mapping(item)["id"]) for item in items(document[section])]


def _groups(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + GROUP] for start in range(0, len(ids), GROUP)]
