"""Questions about connections: trace, impact, explain. Answers come from links, approvals and the reasoner's facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vdw.artifacts.graph import basis_of, impact_of
from vdw.artifacts.revision import requirement_rows
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import text
from vdw.domain.principal import Permission, Principal
from vdw.errors import not_found
from vdw.lifecycle.phases import current_phase
from vdw.service.answers import Traced
from vdw.service.cursors import cursor_position
from vdw.service.environment import Environment
from vdw.service.judging import judge
from vdw.service.proven import is_approved
from vdw.service.room import fitting
from vdw.service.scene import Scene, read_scene

PAGE_ROOM = 14_000
"""Room for nodes and links of one answer (see `room`): with their ids, below 6,000 tokens."""
LINKS_SHOWN = 100
"""Links of one node that an answer holds."""
_TITLES = ("statement", "title", "name", "question", "text", "risk", "reason", "data", "command")
MAX_TITLE = 160


async def trace(
    env: Environment, principal: Principal, project: str, kind: str, of: str, *, cursor: str = ""
) -> Traced:
    """`trace` and `impact` take an element id, `explain` a finding's key. Raises `VdwError` (not_found)."""
    scene = read_scene(env, principal, project, Permission.PROJECT_READ)
    if kind == "explain":
        return await _explain(env, scene, of)
    if scene.graph.phase_of(of) is None:
        raise not_found("element in this project")
    found = impact_of(scene.graph.links(), [of])
    distances = {of: 0, **found}
    if kind == "trace":
        distances |= {node: -distance for node, distance in basis_of(scene.graph.links(), [of]).items()}
    ordered = sorted(distances, key=lambda node: (abs(distances[node]), distances[node], node))  # nearest first
    stale = scene.graph.stale()
    start = cursor_position(cursor)
    links = _links_by_later_end(scene, ordered)
    views = ((node_view(scene, node, distances[node], stale), links.get(node, [])) for node in ordered[start:])
    parts = fitting(views, PAGE_ROOM)
    end = start + len(parts)
    rest = len(ordered) - end
    return Traced(
        project=scene.state.project,
        kind=kind,
        of=of,
        nodes=[node for node, _ in parts if kind == "trace" or node["id"] != of],
        links=[link for _, own in parts for link in own],
        sentences=[],
        cursor=str(end) if rest else "",
        next="Call trace again with this cursor for more." if rest else "",
    )


def _links_by_later_end(scene: Scene, ordered: Sequence[str]) -> dict[str, list[JsonObject]]:
    """Node → its links to those that stand before it, so that over all answers each link is told once."""
    places = {node: place for place, node in enumerate(ordered)}
    found: dict[str, list[JsonObject]] = defaultdict(list)
    for link in scene.graph.links():
        if link.source in places and link.target in places:
            later = max(link.source, link.target, key=places.__getitem__)
            if len(found[later]) < LINKS_SHOWN:
                found[later].append({"from": link.source, "kind": link.kind.value, "to": link.target})
    return found


def node_view(scene: Scene, element_id: str, distance: int, stale: frozenset[str]) -> JsonObject:
    """An element in a trace: what it is, where, how far, approved or not, stale or not."""
    phase = scene.graph.phase_of(element_id)
    element = scene.graph.element(element_id)
    work = scene.state.work(phase) if phase else None
    approved = bool(
        phase
        and work
        and work.approved_as_is
        and not work.suspended
        and is_approved(scene.state, scene.graph.revisions[phase], scene.trust)
    )
    view: JsonObject = {
        "id": element_id,
        "kind": element.kind.value if element else "erased",
        "phase": phase.value if phase else "",
        "distance": distance,
        "title": _title(element.content if element else {}),
        "approved": "approved" if approved else "not approved",
        "stale": element_id in stale,
    }
    if approved and work and work.approval:
        view["approved_by"] = [
            scene.trust.decisions[envelope].statement.approver
            for envelope in work.approval.envelopes
            if envelope in scene.trust.decisions
        ]
    return view


def trace_matrix(env: Environment, principal: Principal, project: str) -> JsonObject:
    """One row a requirement: what answers for it in each phase, down to evidence."""
    scene = read_scene(env, principal, project, Permission.PROJECT_READ)
    rows: list[JsonValue] = [
        {**row, "statement": text(row["statement"])[:MAX_TITLE]} for row in requirement_rows(scene.graph.revisions)
    ]
    return {"project": scene.state.project, "rows": rows}


async def _explain(env: Environment, scene: Scene, key: str) -> Traced:
    phase = current_phase(scene.state)
    judged = await judge(env, scene.state, scene.graph, scene.trust, phase)
    finding = next((found for found in judged.verdict.findings if found.key() == key), None)
    if finding is None:
        raise not_found("finding at the current gate")
    explanation = await env.reasoner.explain(judged.facts, finding)
    stale = scene.graph.stale()
    return Traced(
        project=scene.state.project,
        kind="explain",
        of=key,
        nodes=[
            node_view(scene, subject.id, 0, stale) for subject in finding.subjects if scene.graph.phase_of(subject.id)
        ],
        links=[],
        sentences=list(explanation.sentences),
        cursor="",
        next="Change one of these facts and the finding goes.",
    )


def _title(content: JsonObject) -> str:
    for name in _TITLES:
        value = content.get(name)
        if isinstance(value, str) and value:
            return value[:MAX_TITLE]
    return ""
