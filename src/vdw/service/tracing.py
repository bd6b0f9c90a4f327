"""Questions about connections: trace, impact, explain. Answers come from links, approvals and the reasoner's facts."""

from __future__ import annotations

from vdw.artifacts.graph import Traces, basis_of, impact_of
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.ids import ElementKind
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import Phase
from vdw.errors import not_found
from vdw.lifecycle.phases import current_phase
from vdw.service.answers import Traced
from vdw.service.cursors import cursor_position
from vdw.service.environment import Environment
from vdw.service.judging import judge
from vdw.service.proven import is_approved
from vdw.service.scene import Scene, read_scene

PAGE = 120
"""Nodes of one answer, so that it stays below 6,000 tokens."""
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
    ordered = sorted(distances, key=lambda node: (distances[node], node))
    stale = scene.graph.stale()
    start = cursor_position(cursor)
    shown = ordered[start : start + PAGE]
    rest = len(ordered) - start - len(shown)
    return Traced(
        project=scene.state.project,
        kind=kind,
        of=of,
        nodes=[node_view(scene, node, distances[node], stale) for node in shown if kind == "trace" or node != of],
        links=[
            {"from": link.source, "kind": link.kind.value, "to": link.target}
            for link in scene.graph.links()
            if link.source in distances and link.target in distances and (link.source in shown or link.target in shown)
        ],
        sentences=[],
        cursor=str(start + len(shown)) if rest else "",
        next="Call trace again with this cursor for more." if rest else "",
    )


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
    return {"project": scene.state.project, "rows": list[JsonValue](matrix_rows(scene))}


def matrix_rows(scene: Scene) -> list[JsonObject]:
    mood = scene.graph.revisions.get(Phase.MOOD)
    if mood is None:
        return []
    traces = Traces(scene.graph.links())
    rows: list[JsonObject] = []
    for ref in mood.manifest.elements:
        if ref.kind is not ElementKind.REQUIREMENT:
            continue
        found = traces.of(ref.id)
        row: JsonObject = {
            "id": ref.id,
            "statement": _title(mood.elements[ref.id].content if ref.id in mood.elements else {}),
            "components": [*found.components],
            "contracts": [*found.contracts],
            "tasks": [*found.tasks],
            "changes": [*found.changes],
            "evidence": [*found.evidence],
        }
        rows.append(row)
    return rows


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
