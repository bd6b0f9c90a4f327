"""Standing approvals: a phase that is reached with its approved bytes, and that nothing touched, passes by itself."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.lifecycle.events import Event
from vdw.lifecycle.phases import current_phase, fold, passed, stands_for
from vdw.lifecycle.state import ProjectState
from vdw.lifecycle.table import Situation, situation
from vdw.service.environment import Environment
from vdw.service.graph import ProjectGraph
from vdw.service.judging import Judged, judge
from vdw.trust.state import TrustState


@dataclass(frozen=True, slots=True)
class Settled:
    """Events that pass standing phases, and a verdict of every gate met: the last one is of where the project stays."""

    events: tuple[Event, ...] = ()
    judged: tuple[Judged, ...] = ()


async def settle(env: Environment, state: ProjectState, graph: ProjectGraph, trust: TrustState) -> Settled:
    """Passes phases from the current one on while their approvals stand: bytes approved, nothing stale in them, no rule
    blocks, and the policy in force asks no more than the approval had (decisions: Standing approvals).

    A gate that has a revision is judged also where it does not pass: its last verdict is of what has changed since.
    """
    settled = Settled()
    stale = graph.stale()
    while situation(state) is Situation.DRAFTING:
        phase = current_phase(state)
        judged = await judge(env, state, graph, trust, phase)
        settled = Settled(settled.events, (*settled.judged, judged))
        touched = any(ref.id in stale for ref in graph.revisions[phase].manifest.elements)
        if stands_for(state, trust.policy) is None or touched or not judged.verdict.allowed:
            break
        event = passed(phase, state.work(phase))
        settled = Settled((*settled.events, event), settled.judged)
        state = fold(state, (event,))
    return settled
