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
from vdw.service.proven import is_approved
from vdw.trust.state import TrustState


@dataclass(frozen=True, slots=True)
class Settled:
    """Events that pass standing phases, and a verdict of every gate met: the last one is of where the project stays."""

    events: tuple[Event, ...] = ()
    judged: tuple[Judged, ...] = ()


async def settle(env: Environment, state: ProjectState, graph: ProjectGraph, trust: TrustState) -> Settled:
    """Passes phases from the current one on while their approvals stand: bytes approved by signatures that the log
    holds under the present root, nothing stale in them, no rule blocks, and the policy in force asks no more than the
    approval had (decisions: Standing approvals).

    A gate that has a revision is judged also where it does not pass: its last verdict is of what has changed since.
    """
    settled = Settled()
    stale = graph.stale()
    while situation(state) is Situation.DRAFTING:
        phase = current_phase(state)
        judged = await judge(env, state, graph, trust, phase)
        settled = Settled(settled.events, (*settled.judged, judged))
        touched = any(ref.id in stale for ref in graph.revisions[phase].manifest.elements)
        if not _stands(state, graph, trust) or touched or not judged.verdict.allowed:
            break
        event = passed(phase, state.work(phase))
        settled = Settled((*settled.events, event), settled.judged)
        state = fold(state, (event,))
    return settled


def _stands(state: ProjectState, graph: ProjectGraph, trust: TrustState) -> bool:
    """Whether the approval of the current phase stands, for the project's row and for the log that the row is a cache
    of."""
    phase = stands_for(state, trust.policy)
    approval = state.work(phase).approval if phase is not None else None
    if phase is None or approval is None:
        return False
    # 1. The log approves these bytes for this gate, of all whose work they are, and holds no later rejection of them.
    if not is_approved(state, graph.revisions[phase], trust):
        return False
    # 2. The policy in force asks no more than the one that they were signed under.
    signed = (trust.decisions[envelope].statement for envelope in approval.envelopes)
    return all(trust.policy.asks_no_more_than(trust.policies[found.policy]) for found in signed)
