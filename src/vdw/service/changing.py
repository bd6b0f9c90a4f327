"""Changing a project's course: reopen, resume, start an iteration, change the lane, abandon."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.artifacts.graph import impact_of
from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.manifest import Element
from vdw.domain.principal import Permission, Principal, PrincipalKind
from vdw.domain.stages import Lane, Phase, Stage
from vdw.errors import invalid
from vdw.lifecycle import commands as c
from vdw.lifecycle.distiller import require_vibe
from vdw.lifecycle.phases import decide, fold
from vdw.lifecycle.state import ProjectState
from vdw.service.answers import ChangedProject
from vdw.service.committing import commit_events, retried, store_json, with_data
from vdw.service.environment import Environment
from vdw.service.graph import ProjectGraph, read_graph
from vdw.service.history import state_at
from vdw.service.loading import Loaded
from vdw.service.refounded import acting_scene, events_of
from vdw.service.replays import Call, call_of, remember, replayed
from vdw.service.scene import Scene
from vdw.service.sources import source_element
from vdw.service.standing import settle
from vdw.store.interface import Reader, UnitOfWork

SHOWN_AFFECTED = 100


@dataclass(frozen=True, slots=True)
class Change:
    """`phase` goes with reopen, `vibe` and `lane` with start_iteration, `lane` with change_lane."""

    action: str
    phase: Phase | None = None
    reason: str = ""
    vibe: str = ""
    lane: Lane | None = None

    def body(self) -> JsonObject:
        return {
            "action": self.action,
            "phase": self.phase.value if self.phase else None,
            "reason": self.reason,
            "vibe": self.vibe,
            "lane": self.lane.value if self.lane else None,
        }


async def change_project(
    env: Environment, principal: Principal, project: str, change: Change, *, key: str = ""
) -> ChangedProject:
    """Carries the change out; answers where the project is then and, for a reopening, what rests on the phase.

    Raises `LawRefusal` (8, or 2 where only a human may) with the law's number.
    """
    principal.require(Permission.PROJECT_ABANDON if change.action == "abandon" else Permission.PROJECT_CHANGE)
    return await retried(lambda: _change(env, principal, project, change, key))


async def _change(env: Environment, principal: Principal, project: str, change: Change, key: str) -> ChangedProject:
    scene = await acting_scene(env, principal, project, Permission.PROJECT_READ)
    call = call_of("change_project", scene.state.project, change.body(), key)
    earlier = env.store.read(lambda reader: _earlier(reader, env, principal, call, scene.loaded))
    if earlier is not None:
        return _answer(*earlier, change)
    source = _source(env, scene, change)
    events = decide(scene.state, _command(scene, change, principal, source))
    note = _note(env, change.reason)
    if note is not None:
        events = (*events[:-1], with_data(events[-1], note=note[0]))
    # An iteration that starts from approvals of a lost root has them signed again, each at its gate.
    events = (*events, *events_of(fold(scene.state, events), scene.trust))
    after = fold(scene.state, events)
    graph = env.store.read(lambda reader: read_graph(reader, after))
    settled = await settle(env, after, graph, scene.trust)

    def write(uow: UnitOfWork) -> None:
        if source is not None:
            uow.put_object(scene.state.project, source.digest(), source.body())
        if note is not None:
            uow.put_object(scene.state.project, *note)
        version = scene.state.version + len(events) + len(settled.events)
        remember(uow, env, principal, call, scene.state.project, version)

    loaded = await commit_events(
        env,
        scene.loaded,
        (*events, *settled.events),
        actor=principal.id,
        write=write,
        judged=settled.judged,
        graph=graph,
    )
    return _answer(loaded.state, graph, change)


def _earlier(
    reader: Reader, env: Environment, principal: Principal, call: Call, loaded: Loaded
) -> tuple[ProjectState, ProjectGraph] | None:
    """The project as the same call left it, if there was one."""
    row = replayed(reader, env, principal, call, loaded.state.version)
    if row is None:
        return None
    state = state_at(reader, loaded, row.event_version)
    return state, read_graph(reader, state)


def _command(scene: Scene, change: Change, principal: Principal, source: Element | None) -> c.Command:
    if change.action == "reopen":
        if change.phase is None:
            raise invalid("phase", "reopen needs the phase", "architecture")
        return c.Reopen(change.phase)
    if change.action == "resume":
        return c.Resume()
    if change.action == "abandon":
        return c.Abandon(by_human=principal.kind is PrincipalKind.OPERATOR)
    if change.action == "change_lane":
        if change.lane is None:
            raise invalid("lane", "change_lane needs the lane", "full")
        return c.ChangeLane(change.lane, scene.trust.policy)
    if change.action == "start_iteration" and source is not None:
        return c.StartIteration(change.lane or scene.state.lane, source.id, source.digest(), scene.trust.policy)
    raise invalid("action", "one of reopen, resume, start_iteration, abandon, change_lane", "reopen")


def _source(env: Environment, scene: Scene, change: Change) -> Element | None:
    if change.action != "start_iteration":
        return None
    require_vibe(change.vibe)
    return source_element(f"SRC-{scene.state.iteration + 1}", env.salt(), change.vibe)


def _note(env: Environment, reason: str) -> tuple[Digest, bytes] | None:
    return store_json({"schema": "vdw.note/1", "salt": env.salt(), "text": reason}) if reason else None


def _answer(state: ProjectState, graph: ProjectGraph, change: Change) -> ChangedProject:
    """From the project as the change left it, so that its replay says the same."""
    affected: list[JsonObject] = []
    if change.action == "reopen" and change.phase is not None and change.phase in graph.revisions:
        start = [ref.id for ref in graph.revisions[change.phase].manifest.elements]
        found = impact_of(graph.links(), start)
        affected = [
            {"id": node, "distance": found[node]} for node in sorted(found, key=lambda node: (found[node], node))
        ]
    phase, stage = state.place
    return ChangedProject(
        project=state.project,
        action=change.action,
        iteration=state.iteration,
        lane=state.lane.value,
        status=state.status.value,
        phase=phase,
        stage=stage,
        version=state.version,
        affected=affected[:SHOWN_AFFECTED],
        next=_next(change, state.stage),
    )


def _next(change: Change, stage: Stage | None) -> str:
    if change.action == "abandon":
        return "The iteration is abandoned; change_project start_iteration begins another."
    if change.action == "reopen":
        return "Submit the change, or change_project resume to leave everything as it was."
    if stage is Stage.DRAFTING:
        return "Call get_brief for what the current phase needs."
    return "Call get_project."
