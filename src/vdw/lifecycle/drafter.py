"""The template drafter: a deterministic skeleton of a phase's artifact from what stands approved.

For the demo, load tests, and agents that want a start. It marks what it makes (`drafted_by: template`), and a tenant's
policy says whether such a revision may be decided on at all.
"""

from __future__ import annotations

from vdw.artifacts.catalogue import SCHEMA_NAMES
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, text
from vdw.domain.stages import Lane, Phase
from vdw.lifecycle.distiller import MAX_STATEMENT_CHARACTERS, distil
from vdw.lifecycle.segments import segments

GROUP = 8
"""Requirements that share one component in a skeleton."""
MAX_LISTED = 40
"""List items that a skeleton takes for requirements where the vibe states none."""


def skeleton(phase: Phase, lane: Lane, vibe: str, source: str, approved: dict[Phase, JsonObject]) -> JsonObject:
    """A complete artifact of the phase. `approved` holds the documents of the phases before it."""
    if phase is Phase.MOOD:
        body = _mood(vibe, source)
    elif phase is Phase.ARCHITECTURE:
        body = _architecture(approved)
    elif phase is Phase.SPECIFICATION:
        body = _specification(approved)
    elif phase is Phase.IMPLEMENTATION:
        body = _implementation(lane, approved)
    else:
        body = {"evidence": [], "outcomes": [], "gaps": []}
    return {"schema": SCHEMA_NAMES[phase], "drafted_by": "template", **body}


def _mood(vibe: str, source: str) -> JsonObject:
    draft = dict(distil(vibe, source).artifact)
    found = [mapping(item) for item in items(draft["requirements"])]
    if not found:
        found = _listed(vibe, source) or [_whole_vibe(vibe, source)]
    draft["requirements"] = [
        {**item, "acceptance": [f"A test that names {text(item['id'])} passes."]} for item in found
    ]
    del draft["schema"]
    return draft


def _listed(vibe: str, source: str) -> list[JsonObject]:
    """Where nobody is obliged to anything, what is listed is taken for what is wanted, word for word."""
    wanted = [
        segment for segment in segments(vibe) if segment.listed and len(segment.words) <= MAX_STATEMENT_CHARACTERS
    ]
    return [
        _free(number, segment.words, source, _span(vibe, segment.start, segment.end))
        for number, segment in enumerate(wanted[:MAX_LISTED], start=1)
    ]


def _whole_vibe(vibe: str, source: str) -> JsonObject:
    """A vibe that obliges nobody to anything still asks for something: it is kept as one free requirement."""
    raw = vibe.strip()
    start = vibe.index(raw[0])
    words = " ".join(raw.split())[:MAX_STATEMENT_CHARACTERS]
    return _free(1, words, source, _span(vibe, start, start + len(raw)))


def _free(number: int, words: str, source: str, span: tuple[int, int]) -> JsonObject:
    where: JsonObject = {"src": source, "start": span[0], "end": span[1]}
    return {"id": f"REQ-{number:03}", "statement": words, "pattern": "free", "priority": "must", "source": where}


def _span(vibe: str, start: int, end: int) -> tuple[int, int]:
    """Bytes of a range of characters."""
    before = len(vibe[:start].encode())
    return before, before + len(vibe[start:end].encode())


def _architecture(approved: dict[Phase, JsonObject]) -> JsonObject:
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


def _specification(approved: dict[Phase, JsonObject]) -> JsonObject:
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


def _implementation(lane: Lane, approved: dict[Phase, JsonObject]) -> JsonObject:
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
