"""The verdict of a gate: facts from the documents, the log and the policy, handed to the reasoner, answer kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vdw.artifacts.unlisted import Held
from vdw.beside import beside
from vdw.domain.finding import Verdict
from vdw.domain.ids import ProjectId
from vdw.domain.stages import Lane, Phase
from vdw.domain.stored_json import to_text
from vdw.domain.trust_level import Trust
from vdw.lifecycle.state import ProjectState
from vdw.reasoning.facts import ProjectFacts
from vdw.service.environment import Environment
from vdw.service.facts import project_facts
from vdw.service.graph import ProjectGraph
from vdw.service.last_build import stood_facts
from vdw.service.numbers import Numbers
from vdw.service.unlisted import unlisted_facts, unlisted_records
from vdw.store.interface import Reader, UnitOfWork
from vdw.trust.state import TrustState


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what it was taken on, and the numbers that were given to elements for it. `unlisted` are the
    records that the validation leaves out (`unlisted_records`), none at another gate."""

    facts: ProjectFacts
    verdict: Verdict
    numbers: Numbers
    unlisted: Sequence[Held]

    def keep(self, uow: UnitOfWork, project: ProjectId) -> None:
        """Stores the verdict, for `committing` alone: it is of the project's version that commits with it."""
        uow.number_elements(project, self.numbers.new)
        uow.put_verdict(project, self.verdict.gate.value, self.verdict.facts, to_text(self.verdict.as_json()))


async def judge(env: Environment, state: ProjectState, graph: ProjectGraph, trust: TrustState, gate: Phase) -> Judged:
    """The verdict of `gate` on these documents. Raises `VdwError` (no_verdict, busy): no verdict, no transition."""

    def read(reader: Reader) -> tuple[Numbers, ProjectFacts, Sequence[Held]]:
        numbers = Numbers.of(reader, state.project, graph)
        facts = project_facts(state, graph, trust, gate, numbers, env.clock().date())
        if gate is not Phase.VALIDATION:
            return numbers, facts, ()
        unlisted = unlisted_records(reader, state.project, graph)
        tested = stood_facts(reader, state, graph, trust, numbers)
        return numbers, replace(facts, tested=tested, unlisted=unlisted_facts(unlisted)), unlisted

    numbers, facts, unlisted = await beside(graph.size, lambda: env.store.read(read))
    return Judged(facts, await env.reasoner.evaluate(facts), numbers, unlisted)


async def empty_verdict(env: Environment) -> Verdict:
    """A verdict on a project without anything in it: whether the reasoner works at all."""
    facts = ProjectFacts(
        project=ProjectId("none"),
        gate=Phase.MOOD,
        lane=Lane.FULL,
        revisions=(),
        heads=(),
        phases=(),
        evidence_trust=Trust.RUN,
        waivers=(),
        today=env.clock().date(),
    )
    return await env.reasoner.evaluate(facts)
