"""A second opinion: every rule said again in plain Python over the facts themselves. Knows no rows, slices or engine.

Slow and obvious on purpose. Where it and the rules disagree, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vdw.domain.ids import ElementKind, LinkKind
from vdw.domain.stages import LANE_PHASES, PHASES, Lane, Phase
from vdw.domain.trust_level import TRUST_ORDER, Trust
from vdw.reasoning.facts import EvidenceFact, LinkFact, PhaseFact, ProjectFacts


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one finding is about, and what else it names."""

    rule: str
    subjects: tuple[str, ...]
    witnesses: tuple[str, ...] = ()


Found = Iterator[tuple[str, ...]]


class Project:
    """Facts with the questions that rules ask of them."""

    def __init__(self, facts: ProjectFacts) -> None:
        self.facts = facts
        self.elements = {fact.id: fact for fact in facts.elements}
        self.due = [phase for phase in LANE_PHASES[facts.lane] if PHASES.index(phase) <= PHASES.index(facts.gate)]
        self.links = [link for link in facts.links if link.kind is not LinkKind.SUPERSEDES]

    def earlier_phases(self) -> list[PhaseFact]:
        return [fact for fact in self.facts.phases if fact.phase in self.due and fact.phase is not self.facts.gate]

    def of(self, kind: ElementKind) -> list[str]:
        return [fact.id for fact in self.facts.elements if fact.kind is kind]

    def into(self, source: ElementKind, kind: LinkKind, target: str) -> list[str]:
        """Elements of the source's kind that link so to the target."""
        return [
            link.source
            for link in self.links
            if (link.kind, link.target) == (kind, target) and self.is_a(link.source, source)
        ]

    def out(self, source: str, kind: LinkKind, target: ElementKind) -> list[str]:
        """Elements of the target's kind that the source links so to."""
        return [
            link.target
            for link in self.links
            if (link.source, link.kind) == (source, kind) and self.is_a(link.target, target)
        ]

    def is_a(self, name: str, kind: ElementKind) -> bool:
        return name in self.elements and self.elements[name].kind is kind

    def changed(self, link: LinkFact) -> bool:
        return link.target in self.elements and self.elements[link.target].digest != link.stamp

    def gone(self, link: LinkFact) -> bool:
        return link.target not in self.elements

    def stale(self) -> set[str]:
        """Elements that rest, at any distance, on what has changed or gone."""
        found: set[str] = set()
        while True:
            more = {link.source for link in self.links if self.changed(link) or self.gone(link) or link.target in found}
            if more == found:
                return found
            found = more

    def is_due(self, name: str) -> bool:
        return self.elements[name].phase in self.due

    def depends(self, name: str) -> set[str]:
        """All that the element waits for, at any distance."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            here = waiting.pop()
            for link in self.links:
                if link.source == here and link.kind is LinkKind.DEPENDS_ON and link.target not in found:
                    found.add(link.target)
                    waiting.append(link.target)
        return found

    def results(self) -> Iterator[tuple[str, EvidenceFact]]:
        """Each requirement that is there, with each piece of evidence that speaks of it."""
        for fact in self.facts.evidence:
            for name in fact.verifies:
                if name in self.elements:
                    yield name, fact

    def at_head(self, fact: EvidenceFact) -> bool:
        return any((head.repository, head.commit) == (fact.repository, fact.commit) for head in self.facts.heads)

    def trusted(self, trust: Trust) -> bool:
        return TRUST_ORDER.index(trust) >= TRUST_ORDER.index(self.facts.evidence_trust)

    def verified(self, requirement: str) -> bool:
        return any(
            name == requirement
            and fact.outcome == "passed"
            and fact.clean
            and self.at_head(fact)
            and self.trusted(fact.trust)
            for name, fact in self.results()
        )


def prerequisite_phase(project: Project) -> Found:
    for fact in project.earlier_phases():
        if not fact.approved:
            yield (fact.phase.value,)


def approval_not_current(project: Project) -> Found:
    for fact in project.earlier_phases():
        if fact.approved and fact.approved != fact.digest:
            yield (fact.phase.value,)


def missing_acceptance(project: Project) -> Found:
    for name in project.of(ElementKind.REQUIREMENT):
        if project.elements[name].acceptance == 0:
            yield (name,)


def no_requirement(project: Project) -> Found:
    if not project.of(ElementKind.REQUIREMENT):
        yield (project.facts.gate.value,)


def free_pattern(project: Project) -> Found:
    for name in project.of(ElementKind.REQUIREMENT):
        if project.elements[name].free and project.facts.gate is Phase.MOOD:
            yield (name,)


def blocking_question(project: Project) -> Found:
    for name in project.of(ElementKind.QUESTION):
        if project.elements[name].blocking and not project.elements[name].answered:
            yield (name,)


def uncovered(project: Project) -> Found:
    for name in project.of(ElementKind.REQUIREMENT):
        if not project.into(ElementKind.COMPONENT, LinkKind.SATISFIES, name):
            yield (name,)


def orphan_component(project: Project) -> Found:
    for name in project.of(ElementKind.COMPONENT):
        if not project.out(name, LinkKind.SATISFIES, ElementKind.REQUIREMENT):
            yield (name,)


def unspecified(project: Project) -> Found:
    for name in project.of(ElementKind.REQUIREMENT):
        if not project.into(ElementKind.CONTRACT, LinkKind.SATISFIES, name):
            yield (name,)


def contract_without_task(project: Project) -> Found:
    for name in project.of(ElementKind.CONTRACT):
        if not project.into(ElementKind.TASK, LinkKind.SPECIFIES, name):
            for requirement in project.out(name, LinkKind.SATISFIES, ElementKind.REQUIREMENT):
                yield (name, requirement)


def orphan_contract(project: Project) -> Found:
    for name in project.of(ElementKind.CONTRACT):
        if not project.out(name, LinkKind.SATISFIES, ElementKind.REQUIREMENT):
            yield (name,)


def orphan_task(project: Project) -> Found:
    for name in project.of(ElementKind.TASK):
        if not project.out(name, LinkKind.SPECIFIES, ElementKind.CONTRACT):
            yield (name,)


def dependency_cycle(project: Project) -> Found:
    for link in project.links:
        if link.kind is LinkKind.DEPENDS_ON and link.source in {link.target} | project.depends(link.target):
            yield (link.source, link.target)


def unimplemented(project: Project) -> Found:
    for name in project.of(ElementKind.REQUIREMENT):
        contracts = project.into(ElementKind.CONTRACT, LinkKind.SATISFIES, name)
        tasks = [
            task for contract in contracts for task in project.into(ElementKind.TASK, LinkKind.SPECIFIES, contract)
        ]
        if not any(project.into(ElementKind.CHANGE, LinkKind.IMPLEMENTS, goal) for goal in (name, *tasks)):
            yield (name,)


def task_without_change(project: Project) -> Found:
    for name in project.of(ElementKind.TASK):
        if not project.into(ElementKind.CHANGE, LinkKind.IMPLEMENTS, name):
            for contract in project.out(name, LinkKind.SPECIFIES, ElementKind.CONTRACT):
                yield (name, contract)


def orphan_change(project: Project) -> Found:
    goals = (ElementKind.TASK, ElementKind.REQUIREMENT)
    for name in project.of(ElementKind.CHANGE):
        if not any(project.out(name, LinkKind.IMPLEMENTS, kind) for kind in goals):
            yield (name,)


def unverified(project: Project) -> Found:
    spoken_of = {name for name, _ in project.results()}
    for name in project.of(ElementKind.REQUIREMENT):
        if name not in spoken_of:
            yield (name,)


def evidence_failed(project: Project) -> Found:
    for name, fact in project.results():
        if fact.outcome == "failed":
            yield (name, fact.id)


def evidence_run_failed(project: Project) -> Found:
    blamed = {fact.id for _, fact in project.results() if fact.outcome == "failed"}
    for name in {fact.id for fact in project.facts.evidence if fact.outcome == "failed"} - blamed:
        yield (name,)


def _useless(project: Project, why: Callable[[EvidenceFact], bool]) -> Found:
    for name, fact in project.results():
        if why(fact) and not project.verified(name):
            yield (name, fact.id)


def evidence_not_run(project: Project) -> Found:
    return _useless(project, lambda fact: fact.outcome in ("skipped", "not_run"))


def evidence_below_trust(project: Project) -> Found:
    def too_little(fact: EvidenceFact) -> bool:
        a_clean_tree_is_enough = not fact.clean and project.trusted(Trust.RUN)
        return fact.outcome == "passed" and not project.trusted(fact.trust) and not a_clean_tree_is_enough

    return _useless(project, too_little)


def evidence_not_for_head(project: Project) -> Found:
    def elsewhere(fact: EvidenceFact) -> bool:
        heads = [head.commit for head in project.facts.heads if head.repository == fact.repository]
        return fact.outcome == "passed" and any(head != fact.commit for head in heads)

    return _useless(project, elsewhere)


def evidence_without_head(project: Project) -> Found:
    repositories = {head.repository for head in project.facts.heads}

    def homeless(fact: EvidenceFact) -> bool:
        claim_too_little = fact.trust is Trust.CLAIMED and not project.trusted(Trust.CLAIMED)
        return fact.outcome == "passed" and fact.repository not in repositories and not claim_too_little

    return _useless(project, homeless)


def evidence_not_clean(project: Project) -> Found:
    return _useless(project, lambda fact: fact.outcome == "passed" and not fact.clean)


def orphan_evidence(project: Project) -> Found:
    useful = {fact.id for _, fact in project.results()}
    useful |= {fact.id for fact in project.facts.evidence for metric in fact.metrics if metric in project.elements}
    for name in project.of(ElementKind.EVIDENCE):
        if name not in useful:
            yield (name,)


def metric_without_evidence(project: Project) -> Found:
    measured = {metric for fact in project.facts.evidence for metric in fact.metrics}
    for name in project.of(ElementKind.METRIC):
        if name not in measured:
            yield (name,)


def head_without_change(project: Project) -> Found:
    named = any(fact.phase is Phase.IMPLEMENTATION and fact.digest for fact in project.facts.phases)
    if named and {head.repository for head in project.facts.heads} - {*project.facts.built}:
        yield (Phase.IMPLEMENTATION.value,)


def evidence_unlisted(project: Project) -> Found:
    for fact in project.facts.unlisted:
        if fact.requirement in project.elements:
            yield (fact.requirement, fact.evidence)


def metric_not_met(project: Project) -> Found:
    for fact in project.facts.outcomes:
        if not fact.met and fact.metric in project.elements:
            yield (fact.metric, fact.id)


def metric_not_proven(project: Project) -> Found:
    measuring = [
        (metric, fact) for fact in project.facts.evidence for metric in fact.metrics if metric in project.elements
    ]
    proven = {
        metric
        for metric, fact in measuring
        if fact.outcome == "passed" and fact.clean and project.at_head(fact) and project.trusted(fact.trust)
    }
    for metric, fact in measuring:
        if metric not in proven:
            yield (metric, fact.id)


def tests_unchanged(project: Project) -> Found:
    for fact in project.facts.tested:
        changed = fact.stood != project.elements[fact.requirement].digest
        retested = any(content not in file.before for file in fact.files for content in file.now)
        if changed and fact.files and fact.placed and not retested:
            yield (fact.requirement,)


def stale(project: Project) -> Found:
    for link in project.links:
        if project.changed(link) and project.is_due(link.source):
            yield (link.source, link.target)


def stale_gone(project: Project) -> Found:
    for link in project.links:
        if project.gone(link) and project.is_due(link.source):
            yield (link.source, link.target)


def stale_basis(project: Project) -> Found:
    stale = project.stale()
    for link in project.links:
        if link.target in stale and project.is_due(link.source):
            yield (link.source, link.target)


FULL = frozenset({Lane.FULL})
BOTH = frozenset(Lane)

RULES: list[tuple[Callable[[Project], Found], Phase, frozenset[Lane], int]] = [
    (prerequisite_phase, Phase.MOOD, BOTH, 1),
    (approval_not_current, Phase.MOOD, BOTH, 1),
    (missing_acceptance, Phase.MOOD, BOTH, 1),
    (no_requirement, Phase.MOOD, BOTH, 1),
    (free_pattern, Phase.MOOD, BOTH, 1),
    (blocking_question, Phase.MOOD, BOTH, 1),
    (stale, Phase.MOOD, BOTH, 2),
    (stale_gone, Phase.MOOD, BOTH, 2),
    (stale_basis, Phase.MOOD, BOTH, 2),
    (uncovered, Phase.ARCHITECTURE, FULL, 1),
    (orphan_component, Phase.ARCHITECTURE, FULL, 1),
    (unspecified, Phase.SPECIFICATION, FULL, 1),
    (contract_without_task, Phase.SPECIFICATION, FULL, 1),
    (orphan_contract, Phase.SPECIFICATION, FULL, 1),
    (orphan_task, Phase.SPECIFICATION, FULL, 1),
    (dependency_cycle, Phase.SPECIFICATION, FULL, 1),
    (unimplemented, Phase.IMPLEMENTATION, BOTH, 1),
    (task_without_change, Phase.IMPLEMENTATION, FULL, 1),
    (orphan_change, Phase.IMPLEMENTATION, BOTH, 1),
    (unverified, Phase.VALIDATION, BOTH, 1),
    (evidence_failed, Phase.VALIDATION, BOTH, 2),
    (evidence_run_failed, Phase.VALIDATION, BOTH, 1),
    (evidence_not_run, Phase.VALIDATION, BOTH, 2),
    (evidence_below_trust, Phase.VALIDATION, BOTH, 2),
    (evidence_not_for_head, Phase.VALIDATION, BOTH, 2),
    (evidence_without_head, Phase.VALIDATION, BOTH, 2),
    (evidence_not_clean, Phase.VALIDATION, BOTH, 2),
    (orphan_evidence, Phase.VALIDATION, BOTH, 1),
    (head_without_change, Phase.IMPLEMENTATION, BOTH, 1),
    (evidence_unlisted, Phase.VALIDATION, BOTH, 1),
    (metric_not_met, Phase.VALIDATION, BOTH, 2),
    (metric_not_proven, Phase.VALIDATION, BOTH, 2),
    (metric_without_evidence, Phase.VALIDATION, BOTH, 1),
    (tests_unchanged, Phase.VALIDATION, BOTH, 1),
]
"""Rule, the first gate that asks it, its lanes, and how many of its ids are subjects, the rest being witnesses."""


def second_opinion(facts: ProjectFacts) -> set[Opinion]:
    """Every finding of the gate."""
    project = Project(facts)
    opinions: set[Opinion] = set()
    for rule, since, lanes, subjects in RULES:
        if facts.lane not in lanes or PHASES.index(since) > PHASES.index(facts.gate):
            continue
        about: dict[tuple[str, ...], set[str]] = {}
        for ids in rule(project):
            about.setdefault(ids[:subjects], set()).update(ids[subjects:])
        opinions |= {Opinion(rule.__name__, ids, tuple(sorted(more))) for ids, more in about.items()}
    return opinions
