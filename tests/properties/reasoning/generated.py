"""Projects by seed: mostly sound, with every kind of fault here and there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from vdw.domain.canonical import Digest
from vdw.domain.finding import Subject
from vdw.domain.ids import PREFIXES, ElementKind, LinkKind, ProjectId
from vdw.domain.stages import Lane, Phase
from vdw.domain.trust_level import Trust
from vdw.reasoning.facts import (
    ElementFact,
    EvidenceFact,
    HeadFact,
    LinkFact,
    ListedFile,
    OutcomeFact,
    PhaseFact,
    ProjectFacts,
    RevisionFacts,
    StoodFact,
    UnlistedFact,
    WaiverFact,
)

TODAY = date(2026, 11, 24)
REPOSITORIES = ("https://example.org/a.git", 'a "quoted" \\ café\r\n', "c")
FILES = ("a:tests/test_a.py", "a:tests/größe.py", "b:tests/test_a.py")
COMMITS = ("c0ffee", "0ddba11", "")

KINDS: dict[ElementKind, Phase] = {
    ElementKind.REQUIREMENT: Phase.MOOD,
    ElementKind.METRIC: Phase.MOOD,
    ElementKind.QUESTION: Phase.MOOD,
    ElementKind.CONSTRAINT: Phase.MOOD,
    ElementKind.COMPONENT: Phase.ARCHITECTURE,
    ElementKind.INTERFACE: Phase.ARCHITECTURE,
    ElementKind.CONTRACT: Phase.SPECIFICATION,
    ElementKind.TASK: Phase.SPECIFICATION,
    ElementKind.CHANGE: Phase.IMPLEMENTATION,
    ElementKind.DEVIATION: Phase.IMPLEMENTATION,
    ElementKind.EVIDENCE: Phase.VALIDATION,
    ElementKind.OUTCOME: Phase.VALIDATION,
}

CHAIN = (
    (ElementKind.COMPONENT, LinkKind.SATISFIES, ElementKind.REQUIREMENT),
    (ElementKind.CONTRACT, LinkKind.SATISFIES, ElementKind.REQUIREMENT),
    (ElementKind.TASK, LinkKind.SPECIFIES, ElementKind.CONTRACT),
    (ElementKind.CHANGE, LinkKind.IMPLEMENTS, ElementKind.TASK),
    (ElementKind.CHANGE, LinkKind.IMPLEMENTS, ElementKind.REQUIREMENT),
    (ElementKind.EVIDENCE, LinkKind.VERIFIES, ElementKind.REQUIREMENT),
    (ElementKind.TASK, LinkKind.DEPENDS_ON, ElementKind.TASK),
    (ElementKind.INTERFACE, LinkKind.DEPENDS_ON, ElementKind.COMPONENT),
    (ElementKind.OUTCOME, LinkKind.VERIFIES, ElementKind.METRIC),
    (ElementKind.REQUIREMENT, LinkKind.SUPERSEDES, ElementKind.REQUIREMENT),
)


def generated_project(seed: int) -> ProjectFacts:
    """The same project for the same seed."""
    chance = Random(seed)  # noqa: S311 - the same again is what it is for
    size = chance.choice((1, 3, 6, 8))
    elements = _elements(chance, size)
    links = _links(chance, elements)
    # What a link rests on may have gone: then its id stays in the link alone.
    gone = {fact.id for fact in elements if chance.random() < chance.choice((0, 0, 0.1))}
    if seed % 8 == 3:  # nothing is required any more
        gone |= {fact.id for fact in elements if fact.kind is ElementKind.REQUIREMENT}
    standing = tuple(fact for fact in elements if fact.id not in gone)
    facts = ProjectFacts(
        project=ProjectId("prj_generated"),
        gate=chance.choice(list(Phase)) if chance.random() < 0.5 else Phase.VALIDATION,
        lane=chance.choice((Lane.FULL, Lane.FULL, Lane.LIGHT)),
        revisions=tuple(
            _revisions(
                standing,
                [link for link in links if link.source not in gone],
                tuple(_evidence(chance, elements, standing)),
                tuple(_outcomes(Random(~seed), elements, standing)),  # noqa: S311 - as above
            )
        ),
        heads=tuple(
            {HeadFact(chance.choice(REPOSITORIES[:2]), chance.choice(COMMITS)) for _ in range(chance.randint(0, 3))}
        ),
        phases=tuple(_phase(chance, phase) for phase in Phase),
        evidence_trust=chance.choice(list(Trust)),
        waivers=(),
        today=TODAY,
    )
    return replace(
        facts,
        waivers=tuple(_waivers(chance, facts)),
        tested=tuple(_tested(chance, standing)),
        unlisted=tuple(_unlisted(chance, elements)),
        built=tuple(name for name in REPOSITORIES if chance.random() < 0.5),
    )


def digest_at(name: str, version: int) -> Digest:
    return Digest(hashlib.sha256(f"{name}@{version}".encode()).hexdigest())


def _elements(chance: Random, size: int) -> list[ElementFact]:
    numbers = chance.sample(range(1, 160), k=12 * 9)  # over several slices, in no order
    found = []
    for kind, phase in KINDS.items():
        for place in range(1, chance.randint(chance.random() > 0.1, size) + 1):
            name, version = f"{PREFIXES[kind]}-{place:03}", chance.choice((1, 1, 2, 3))
            found.append(
                ElementFact(
                    id=name,
                    kind=kind,
                    phase=phase,
                    digest=digest_at(name, version),
                    number=numbers.pop(),
                    version=version,
                    acceptance=chance.choice((0, 1, 3)) if kind is ElementKind.REQUIREMENT else 0,
                    blocking=chance.random() < 0.3,
                    answered=chance.random() < 0.5,
                    free=kind is ElementKind.REQUIREMENT and version == 1,
                )
            )
    return found


def _links(chance: Random, elements: list[ElementFact]) -> list[LinkFact]:
    stale = chance.choice((0, 0.05, 0.3))
    found: dict[tuple[str, LinkKind, str], LinkFact] = {}
    for source_kind, kind, target_kind in CHAIN:
        density = chance.choice((0.1, 0.3, 0.8))
        for source in elements:
            for target in elements:
                if (source.kind, target.kind) == (source_kind, target_kind) and chance.random() < density:
                    found[source.id, kind, target.id] = _link(chance, source, kind, target, stale)
    for _ in range(chance.randint(0, len(elements) // 4)):  # links that make no sense
        source, kind, target = chance.choice(elements), chance.choice(list(LinkKind)), chance.choice(elements)
        found[source.id, kind, target.id] = _link(chance, source, kind, target, stale)
    return list(found.values())


def _link(chance: Random, source: ElementFact, kind: LinkKind, target: ElementFact, stale: float) -> LinkFact:
    version = target.version
    if chance.random() < stale:
        version = chance.choice([other for other in range(4) if other != target.version])
    return LinkFact(source.id, kind, target.id, digest_at(target.id, version), version)


def _revisions(
    elements: Iterable[ElementFact],
    links: Iterable[LinkFact],
    evidence: tuple[EvidenceFact, ...],
    outcomes: tuple[OutcomeFact, ...],
) -> Iterator[RevisionFacts]:
    for phase in Phase:
        own = {fact.id: fact for fact in elements if fact.phase is phase}
        its_links = tuple(link for link in links if link.source in own)
        last = phase is Phase.VALIDATION
        yield RevisionFacts(tuple(own.values()), its_links, evidence if last else (), outcomes if last else ())


def _evidence(chance: Random, elements: list[ElementFact], standing: tuple[ElementFact, ...]) -> list[EvidenceFact]:
    requirements = [fact.id for fact in elements if fact.kind is ElementKind.REQUIREMENT]
    metrics = [fact.id for fact in elements if fact.kind is ElementKind.METRIC]
    good = chance.random()
    found: list[EvidenceFact] = []
    for fact in standing:
        if fact.kind is ElementKind.EVIDENCE:
            found += _records(chance, fact, requirements, metrics, sound=chance.random() < good)
    return found


def _outcomes(chance: Random, elements: list[ElementFact], standing: tuple[ElementFact, ...]) -> Iterator[OutcomeFact]:
    metrics = [fact.id for fact in elements if fact.kind is ElementKind.METRIC]
    for fact in standing:
        if fact.kind is ElementKind.OUTCOME and metrics:
            yield OutcomeFact(fact.id, fact.number, chance.choice(metrics), chance.random() < 0.7)


def _records(
    chance: Random, fact: ElementFact, requirements: list[str], metrics: list[str], *, sound: bool
) -> list[EvidenceFact]:
    """One fact for each outcome of the record."""
    worse = [*{chance.choice(("passed", "passed", "failed", "skipped", "not_run")) for _ in range(2)}]
    outcomes = ["passed"] if sound else sorted(worse)
    return [
        EvidenceFact(
            id=fact.id,
            number=fact.number,
            verifies=tuple(name for name in requirements if chance.random() < 0.4),
            outcome=outcome,
            trust=Trust.ATTESTED if sound else chance.choice(list(Trust)),
            repository=REPOSITORIES[0] if sound else chance.choice(REPOSITORIES),
            commit=COMMITS[0] if sound else chance.choice(COMMITS),
            clean=sound or chance.random() < 0.5,
            metrics=tuple(name for name in metrics if chance.random() < 0.5),
        )
        for outcome in outcomes
    ]


def _phase(chance: Random, phase: Phase) -> PhaseFact:
    current, approved = chance.choice(((1, 1), (1, 1), (2, 1), (1, 0), (0, 0), (0, 1)))
    return PhaseFact(phase, *(digest_at(phase, version) if version else Digest("") for version in (current, approved)))


def _tested(chance: Random, standing: tuple[ElementFact, ...]) -> list[StoodFact]:
    found: list[StoodFact] = []
    for fact in standing:
        if fact.kind is ElementKind.REQUIREMENT and chance.random() < 0.5:
            version = chance.choice((fact.version, *range(4)))
            files = tuple(_listed(chance, name) for name in FILES if chance.random() < 0.5)
            found.append(StoodFact(fact.id, digest_at(fact.id, version), version, files, chance.random() < 0.8))
    return found


def _unlisted(chance: Random, elements: list[ElementFact]) -> Iterator[UnlistedFact]:
    for fact in elements:
        if fact.kind is ElementKind.REQUIREMENT and chance.random() < 0.2:
            outcome = chance.choice(("failed", "skipped", "not_run"))
            yield UnlistedFact(fact.id, f"EVD-{chance.randint(900, 905)}", outcome, chance.choice(list(Trust)))


def _listed(chance: Random, name: str) -> ListedFile:
    now, before = (tuple(content for content in "abc" if chance.random() < 0.3) for _ in range(2))
    return ListedFile(name, now, before)


def _waivers(chance: Random, facts: ProjectFacts) -> list[WaiverFact]:
    if not facts.size or chance.random() < 0.7:
        return []
    subjects = [Subject(fact.id, fact.digest) for fact in facts.elements]
    rules = ("uncovered", "missing_acceptance", "unverified", "orphan_component", "prerequisite_phase")
    return [
        WaiverFact(
            f"wvr_{place}",
            chance.choice(rules),
            (chance.choice(subjects),),
            TODAY + timedelta(chance.choice((-1, 0, 9))),
        )
        for place in range(4)
    ]
