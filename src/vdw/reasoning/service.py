"""The reasoner: facts in, verdict out. It fails closed: whatever goes wrong, there is no verdict and nothing opens.

The way of a verdict: `plan` (facts → rows → programs), `pool` (programs → answers, in processes that can be killed),
`program.require_whole` (is the answer whole?), `findings` (rows → sentences, waivers). Rules lie in `rules`.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import anyio

from vdw.beside import beside
from vdw.domain.canonical import Digest
from vdw.domain.finding import Finding, Verdict
from vdw.errors import VdwError, not_found
from vdw.reasoning.engine import ENGINE_VERSION, SMALL_ROWS, Engine, Turn
from vdw.reasoning.explain import Explanation, explain
from vdw.reasoning.facts import ProjectFacts
from vdw.reasoning.findings import findings_of, with_waivers
from vdw.reasoning.memo import Answered, Memo
from vdw.reasoning.plan import Plan, Task, plan_verdict
from vdw.reasoning.pool import WorkerPool
from vdw.reasoning.program import NONCE_BITS, build_program, require_whole
from vdw.reasoning.relations import Row
from vdw.reasoning.rows import names_of
from vdw.reasoning.rulebook import Rulebook, RuleGroup, load_rulebook

DEADLINE_S = 20.0
"""Time that the programs of one verdict may run, in seconds. 10,000 requirements take about two."""

WAIT_S = 10.0
"""Time that the programs of one verdict may wait for a worker, in seconds; then the caller hears `busy`."""

AT_ONCE = 2
"""Programs of one verdict that run at once, one a worker, where it is more than a small one."""


class Reasoner:
    """Takes verdicts for many projects at once, on one event loop at a time."""

    def __init__(
        self,
        *,
        deadline_s: float = DEADLINE_S,
        wait_s: float = WAIT_S,
        engine: Engine | None = None,
        rulebook: Rulebook | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> None:
        """Starts nothing: rules are read and workers started at the first verdict."""
        self._deadline_s = deadline_s
        self._wait_s = wait_s
        self._engine = engine or WorkerPool()
        self._given_rulebook = rulebook
        self._random_bytes = random_bytes
        self._memo = Memo()

    async def evaluate(self, facts: ProjectFacts) -> Verdict:
        """The verdict of `facts.gate`: same facts and rules, same verdict, findings in one order.

        Raises `VdwError`: no_verdict, busy (see `Engine`), configuration if a rule file does not pass the linter.
        """
        rulebook = self._rulebook()
        asked = rulebook.asked(facts.gate, facts.lane)
        plan = await beside(facts.size, lambda: plan_verdict(facts, asked))
        found, digest = await self._work_off(facts, plan)
        findings = _findings(facts, plan, found, rulebook)
        return Verdict(
            gate=facts.gate,
            facts=digest,
            rules=rulebook.version,
            engine=ENGINE_VERSION,
            findings=with_waivers(findings, facts.waivers, facts.today),
        )

    async def explain(self, facts: ProjectFacts, finding: Finding) -> Explanation:
        """The base facts behind a finding of `evaluate(facts)`, each of which it needs.

        Raises `VdwError`: not_found if these facts do not give the finding; else like `evaluate`.
        """
        rulebook = self._rulebook()
        rule = rulebook.rules.get(finding.rule)
        if rule is None or not rule.applies(facts.gate, facts.lane):
            raise not_found("finding at this gate")
        group = rulebook.group((rule,))
        turn = Turn(facts.project, self._deadline_s, self._wait_s)

        async def run(rows: Mapping[str, Sequence[Row]]) -> Mapping[str, Sequence[Row]]:
            return await self._run(group, rows, turn)

        return await explain(facts, finding, group, run)

    async def close(self) -> None:
        """Ends the workers. Safe to call twice."""
        await self._engine.close()

    async def _work_off(self, facts: ProjectFacts, plan: Plan) -> tuple[Mapping[str, set[Row]], Digest]:
        """Finding → its rows, over all programs of the plan; and the digest of the facts."""
        found: dict[str, set[Row]] = defaultdict(set)
        turn = Turn(facts.project, self._deadline_s, self._wait_s)
        left: list[Task] = []
        for task in plan.tasks:
            answer = self._memo.get(task.key)
            if answer is None:
                left.append(task)
            else:
                _add(found, answer)
        line = iter(left)

        async def work() -> None:
            for task in line:
                answer = await self._run(task.group, task.rows, turn)
                self._memo.put(task.key, answer)
                _add(found, answer)

        digests: list[Digest] = []

        async def take_digest() -> None:
            digests.append(await beside(facts.size, facts.digest))

        try:
            # asyncio's own group, in Python 3.11, leaves the caller half cancelled when a task of it has failed.
            async with anyio.create_task_group() as group:
                for _ in range(1 if sum(task.size for task in left) <= SMALL_ROWS else AT_ONCE):
                    group.start_soon(work)
                # It costs as much as a slice, so it is taken while the first programs run.
                group.start_soon(take_digest)
        except* VdwError as refused:
            raise refused.exceptions[0] from None
        return found, digests[0]

    async def _run(
        self, group: RuleGroup, rows: Mapping[str, Sequence[Row]], turn: Turn
    ) -> Mapping[str, Sequence[Row]]:
        nonce = int.from_bytes(self._random_bytes(8), "big") >> (64 - NONCE_BITS)
        program = build_program(group, rows, nonce)
        return require_whole(program, await self._engine.run(program, turn))

    def _rulebook(self) -> Rulebook:
        return self._given_rulebook or load_rulebook()


def _add(found: dict[str, set[Row]], answer: Answered) -> None:
    for predicate, rows in answer.items():
        found[predicate].update(rows)


def _findings(facts: ProjectFacts, plan: Plan, found: Mapping[str, Iterable[Row]], rulebook: Rulebook) -> list[Finding]:
    if not any(found.values()):
        return []
    names = names_of(facts, plan.extracted)
    return [one for name, rows in found.items() for one in findings_of(rulebook.rules[name], sorted(rows), names)]
