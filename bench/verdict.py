"""How long a verdict takes, whole and after one change, and what each rule across slices costs alone; in milliseconds.

Every requirement has a component, a contract, a task, a change, evidence and five links. Medians; the machine's other
work shows in them. Aims at 1,000 requirements: whole ≤ 150, after a change of content ≤ 20, of links ≤ 60.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from vdw.domain.canonical import Digest
from vdw.domain.ids import ElementKind, LinkKind, ProjectId
from vdw.domain.stages import Lane, Phase
from vdw.domain.trust_level import Trust
from vdw.reasoning.engine import Turn
from vdw.reasoning.facts import ElementFact, EvidenceFact, HeadFact, LinkFact, PhaseFact, ProjectFacts, RevisionFacts
from vdw.reasoning.plan import across_tasks
from vdw.reasoning.pool import WorkerPool
from vdw.reasoning.program import build_program
from vdw.reasoning.rows import extract
from vdw.reasoning.rule import Rule
from vdw.reasoning.rulebook import load_rulebook
from vdw.reasoning.service import Reasoner

ROUNDS = {100: 15, 1_000: 9, 10_000: 3}
"""Requirements → times that each is measured."""

KINDS = (
    ("REQ", ElementKind.REQUIREMENT, Phase.MOOD),
    ("CMP", ElementKind.COMPONENT, Phase.ARCHITECTURE),
    ("SPC", ElementKind.CONTRACT, Phase.SPECIFICATION),
    ("TSK", ElementKind.TASK, Phase.SPECIFICATION),
    ("CHG", ElementKind.CHANGE, Phase.IMPLEMENTATION),
    ("EVD", ElementKind.EVIDENCE, Phase.VALIDATION),
)
LINKS = (
    ("CMP", LinkKind.SATISFIES, "REQ"),
    ("SPC", LinkKind.SATISFIES, "REQ"),
    ("TSK", LinkKind.SPECIFIES, "SPC"),
    ("CHG", LinkKind.IMPLEMENTS, "TSK"),
    ("EVD", LinkKind.VERIFIES, "REQ"),
)


def main() -> None:
    asyncio.run(measure([int(argument) for argument in sys.argv[1:]] or list(ROUNDS)))


async def measure(sizes: Sequence[int]) -> None:
    pool = WorkerPool()
    print(f"{'requirements':>12}{'whole':>10}{'content':>10}{'links':>10}{'nothing':>10}")
    for size in sizes:
        taken = await verdicts(pool, project(size), ROUNDS.get(size, 3))
        print(f"{size:>12}" + "".join(f"{milliseconds:>10.1f}" for milliseconds in taken))
    rules = [rule for rule in load_rulebook().rules.values() if rule.across]
    print(
        "\nacross slices, in a sound project, and where a tenth of it has changed and a tenth of its tasks wait in a ring"
    )
    for rule in rules:
        for size in sizes:
            sound, worst = await across(pool, rule, project(size)), await across(pool, rule, shaken(project(size)))
            print(f"{rule.name:>24}{size:>8}{sound:>10.1f}{worst:>10.1f}")
    await pool.close()


async def verdicts(pool: WorkerPool, facts: ProjectFacts, rounds: int) -> list[float]:
    """Whole; after a requirement changed; after a task got a new link; after nothing changed."""
    warm = Reasoner(engine=pool)
    await warm.evaluate(facts)
    gc.collect()
    gc.freeze()  # as the server does after its start
    whole = await median([partial(Reasoner(engine=pool).evaluate, facts) for _ in range(rounds)])
    content = await median([partial(warm.evaluate, with_other_content(facts, place)) for place in range(rounds)])
    links = await median([partial(warm.evaluate, with_other_link(facts, place)) for place in range(rounds)])
    nothing = await median([partial(warm.evaluate, facts) for _ in range(rounds)])
    gc.unfreeze()
    return [whole, content, links, nothing]


async def across(pool: WorkerPool, rule: Rule, facts: ProjectFacts) -> float:
    """The rule's one program."""
    group = load_rulebook().group((rule,))
    (task,) = across_tasks(extract(facts), (group,))
    program = build_program(group, task.rows, 1)
    return await median([partial(pool.run, program, Turn(ProjectId("bench"), 600, 600)) for _ in range(3)])


async def median(jobs: Sequence[Callable[[], Awaitable[object]]]) -> float:
    taken = []
    for job in jobs:
        began = time.perf_counter()
        await job()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def shaken(facts: ProjectFacts) -> ProjectFacts:
    """Every tenth requirement has changed; every tenth task waits for the next of them, and the last for the first."""
    tasks = [fact.id for fact in facts.elements if fact.kind is ElementKind.TASK][::10]
    ring = tuple(link(task, LinkKind.DEPENDS_ON, tasks[place - 1]) for place, task in enumerate(tasks))
    mood, architecture, specification, *rest = facts.revisions
    elements = tuple(
        replace(fact, version=2, digest=digest(fact.id, 2)) if fact.number % 10 == 0 else fact for fact in mood.elements
    )
    specified = replace(specification, links=specification.links + ring)
    return replace(facts, revisions=(replace(mood, elements=elements), architecture, specified, *rest))


def project(size: int) -> ProjectFacts:
    elements = tuple(
        ElementFact(f"{prefix}-{place:05}", kind, phase, digest(f"{prefix}-{place:05}", 1), block * size + place, 1, 2)
        for block, (prefix, kind, phase) in enumerate(KINDS)
        for place in range(1, size + 1)
    )
    links = tuple(
        link(f"{source}-{place:05}", kind, f"{target}-{place:05}")
        for place in range(1, size + 1)
        for source, kind, target in LINKS
    )
    evidence = tuple(
        EvidenceFact(
            fact.id, fact.number, (f"REQ{fact.id[3:]}",), "passed", Trust.RUN, "repository", "c0ffee", clean=True
        )
        for fact in elements
        if fact.kind is ElementKind.EVIDENCE
    )
    return ProjectFacts(
        project=ProjectId("prj_bench"),
        gate=Phase.VALIDATION,
        lane=Lane.FULL,
        revisions=tuple(revision(phase, elements, links, evidence) for phase in Phase),
        heads=(HeadFact("repository", "c0ffee"),),
        phases=tuple(PhaseFact(phase, digest(phase, 1), digest(phase, 1)) for phase in Phase),
        evidence_trust=Trust.RUN,
        waivers=(),
        today=date(2026, 11, 24),
    )


def revision(
    phase: Phase, elements: Sequence[ElementFact], links: Sequence[LinkFact], evidence: tuple[EvidenceFact, ...]
) -> RevisionFacts:
    own = {fact.id: fact for fact in elements if fact.phase is phase}
    its_links = tuple(link for link in links if link.source in own)
    return RevisionFacts(tuple(own.values()), its_links, evidence if phase is Phase.VALIDATION else ())


def with_other_content(facts: ProjectFacts, place: int) -> ProjectFacts:
    """One requirement has changed, so what rests on it is stale."""
    at = place * 6  # apart from each other, in a project of any size
    mood, *rest = facts.revisions
    elements = list(mood.elements)
    elements[at] = replace(elements[at], version=2, digest=digest(elements[at].id, 2))
    return replace(facts, revisions=(replace(mood, elements=tuple(elements)), *rest))


def with_other_link(facts: ProjectFacts, place: int) -> ProjectFacts:
    """One task depends on another."""
    new = link(f"TSK-{place + 2:05}", LinkKind.DEPENDS_ON, f"TSK-{place + 1:05}")
    mood, architecture, specification, *rest = facts.revisions
    specified = replace(specification, links=(*specification.links, new))
    return replace(facts, revisions=(mood, architecture, specified, *rest))


def link(source: str, kind: LinkKind, target: str) -> LinkFact:
    return LinkFact(source, kind, target, digest(target, 1), 1)


def digest(name: str, version: int) -> Digest:
    return Digest(hashlib.sha256(f"{name}@{version}".encode()).hexdigest())


if __name__ == "__main__":
    main()
