"""Standing approvals: a phase that is reached with its approved bytes, and that nothing touched, passes by itself."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.lifecycle.events import Event
from vdw.lifecycle.phases import fold, passed, stands_for
from vdw.lifecycle.state import ProjectState
from vdw.service.environment import Environment
from vdw.service.graph import ProjectGraph
from vdw.service.judging import Judged, judge
from vdw.trust.state import TrustState


@dataclass(frozen=True, slots=True)
class Settled:
    """Events that pass standing phases, and the verdicts they rest on."""

    events: tuple[Event, ...]
    judged: tuple[Judged, ...]


async def settle(env: Environment, state: ProjectState, graph: ProjectGraph, trust: TrustState) -> Settled:
    """Passes phases from the current one on while their approvals stand: bytes approved, nothing stale in them, no rule
    blocks, and the policy in force asks no more than the approval had (decisions: Standing approvals)."""
    events: tuple[Event, ...] = ()
    verdicts: tuple[Judged, ...] = ()
    while (phase := stands_for(state, trust.policy)) is not None:
        judged = await judge(env, state, graph, trust, phase)
        if not judged.verdict.allowed or judged.stale:
            break
        event = passed(phase, state.work(phase))
        events, verdicts = (*events, event), (*verdicts, judged)
        state = fold(state, (event,))
    return Settled(events, verdicts)
