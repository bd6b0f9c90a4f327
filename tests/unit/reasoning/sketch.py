"""Facts about small projects, written down as a person would: ids say their kinds, versions make the digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from vdw.domain.canonical import Digest
from vdw.domain.ids import ElementKind, LinkKind, ProjectId, element_kind
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

PHASE_OF: dict[ElementKind, Phase] = {
    **dict.fromkeys((ElementKind.COMPONENT, ElementKind.INTERFACE, ElementKind.RISK), Phase.ARCHITECTURE),
    **dict.fromkeys((ElementKind.CONTRACT, ElementKind.TASK, ElementKind.DATA_MODEL), Phase.SPECIFICATION),
    **dict.fromkeys((ElementKind.CHANGE, ElementKind.DEVIATION), Phase.IMPLEMENTATION),
    **dict.fromkeys((ElementKind.EVIDENCE, ElementKind.OUTCOME), Phase.VALIDATION),
}
"""Of the kinds that sketches use; every other kind belongs to the mood."""

REPOSITORY, HEAD = "https://example.org/größe.git", "c0ffee"
TODAY = date(2026, 11, 24)


def digest_at(name: str, version: int) -> Digest:
    return Digest(hashlib.sha256(f"{name}@{version}".encode()).hexdigest())


@dataclass
class Sketch:
    """A project at its validation in the full lane, every phase approved as it stands, until it is said otherwise."""

    gate: Phase = Phase.VALIDATION
    lane: Lane = Lane.FULL
    demanded: Trust = Trust.RUN
    elements: dict[str, ElementFact] = field(default_factory=dict)
    links: dict[tuple[str, LinkKind, str], LinkFact] = field(default_factory=dict)
    evidence: list[EvidenceFact] = field(default_factory=list)
    outcomes: list[OutcomeFact] = field(default_factory=list)
    heads: list[HeadFact] = field(default_factory=lambda: [HeadFact(REPOSITORY, HEAD)])
    built: list[str] = field(default_factory=lambda: [REPOSITORY])
    phases: dict[Phase, PhaseFact] = field(default_factory=dict)
    waivers: list[WaiverFact] = field(default_factory=list)
    today: date = TODAY
    tests: list[StoodFact] = field(default_factory=list)
    unlisted: list[UnlistedFact] = field(default_factory=list)

    def __post_init__(self) -> None:
        for phase in Phase:
            self.phase(phase, 1, approved=1)

    def add(
        self,
        *names: str,
        acceptance: int = 1,
        blocking: bool = False,
        answered: bool = False,
        free: bool = False,
        version: int = 1,
    ) -> Sketch:
        for name in names:
            kind = element_kind(name)
            assert kind is not None
            self.elements[name] = ElementFact(
                id=name,
                kind=kind,
                phase=PHASE_OF.get(kind, Phase.MOOD),
                digest=digest_at(name, version),
                number=self.elements[name].number if name in self.elements else len(self.elements) + 1,
                version=version,
                acceptance=acceptance if kind is ElementKind.REQUIREMENT else 0,
                blocking=blocking,
                answered=answered,
                free=free,
            )
        return self

    def link(self, source: str, kind: str, target: str, *, made_for: int = 1) -> Sketch:
        """`made_for`: the version of the target that the link was made for."""
        key = (source, LinkKind(kind), target)
        self.links[key] = LinkFact(*key, digest_at(target, made_for), made_for)
        return self

    def unlink(self, source: str, target: str) -> Sketch:
        self.links = {key: link for key, link in self.links.items() if (key[0], key[2]) != (source, target)}
        return self

    def change(self, name: str) -> Sketch:
        """The element gets its next version; links to it keep their stamps."""
        old = self.elements[name]
        self.elements[name] = replace(old, version=old.version + 1, digest=digest_at(name, old.version + 1))
        return self

    def remove(self, name: str) -> Sketch:
        """The element and its own links go; links of others to it stay."""
        del self.elements[name]
        self.links = {key: link for key, link in self.links.items() if key[0] != name}
        self.evidence = [fact for fact in self.evidence if fact.id != name]
        return self

    def show(
        self,
        name: str,
        *requirements: str,
        outcome: str = "passed",
        trust: Trust = Trust.RUN,
        repository: str = REPOSITORY,
        commit: str = HEAD,
        clean: bool = True,
        metrics: Iterable[str] = (),
    ) -> Sketch:
        """Evidence that speaks of the requirements as they stand."""
        self.add(name)
        number = self.elements[name].number
        for requirement in requirements:
            known = self.elements.get(requirement)
            self.link(name, "verifies", requirement, made_for=known.version if known else 1)
        self.evidence.append(
            EvidenceFact(name, number, requirements, outcome, trust, repository, commit, clean, tuple(metrics))
        )
        return self

    def measure(self, name: str, metric: str, *, met: bool) -> Sketch:
        """What the validation says that the metric came to."""
        self.add(name)
        self.outcomes.append(OutcomeFact(name, self.elements[name].number, metric, met))
        return self

    def tested(self, name: str, *files: ListedFile, stood: int, placed: bool = True) -> Sketch:
        """Where the requirement is tested, which stood at this version in the last build."""
        self.tests.append(StoodFact(name, digest_at(name, stood), stood, files, placed))
        return self

    def leave_out(self, requirement: str, name: str, outcome: str = "failed") -> Sketch:
        """Evidence of a head commit that the server holds and the validation does not list."""
        self.unlisted.append(UnlistedFact(requirement, name, outcome, Trust.RUN))
        return self

    def phase(self, phase: Phase, version: int, *, approved: int) -> Sketch:
        """`approved`: the version that decisions approve; 0 for none."""
        approval = digest_at(phase, approved) if approved else Digest("")
        self.phases[phase] = PhaseFact(phase, digest_at(phase, version) if version else Digest(""), approval)
        return self

    def at(self, gate: Phase, lane: Lane | None = None) -> Sketch:
        self.gate = gate
        self.lane = lane or self.lane
        return self

    def facts(self) -> ProjectFacts:
        return ProjectFacts(
            project=ProjectId("prj_example"),
            gate=self.gate,
            lane=self.lane,
            revisions=(
                RevisionFacts(
                    tuple(self.elements.values()),
                    tuple(self.links.values()),
                    tuple(self.evidence),
                    tuple(self.outcomes),
                ),
            ),
            heads=tuple(self.heads),
            built=tuple(self.built),
            phases=tuple(self.phases.values()),
            evidence_trust=self.demanded,
            waivers=tuple(self.waivers),
            today=self.today,
            tested=tuple(self.tests),
            unlisted=tuple(self.unlisted),
        )


def recast(
    facts: ProjectFacts,
    *,
    elements: Iterable[ElementFact] | None = None,
    links: Iterable[LinkFact] | None = None,
    evidence: Iterable[EvidenceFact] | None = None,
    outcomes: Iterable[OutcomeFact] | None = None,
) -> ProjectFacts:
    """The same with other elements, links, evidence or outcomes; all in one revision."""
    revision = RevisionFacts(
        tuple(facts.elements if elements is None else elements),
        tuple(facts.links if links is None else links),
        tuple(facts.evidence if evidence is None else evidence),
        tuple(facts.outcomes if outcomes is None else outcomes),
    )
    return replace(facts, revisions=(revision,))


def sound() -> Sketch:
    """Two requirements with all that the full lane asks; nothing to find."""
    sketch = Sketch().add("QUE-001", blocking=True, answered=True).add("REQ-001", "REQ-002", "MET-001")
    for number in ("001", "002"):
        chain(sketch, number)
    return sketch.show("EVD-001", "REQ-001", "REQ-002", metrics=["MET-001"])


def chain(sketch: Sketch, number: str) -> Sketch:
    """Component, contract, task and change for the requirement of this number."""
    sketch.add(f"CMP-{number}", f"SPC-{number}", f"TSK-{number}", f"CHG-{number}")
    sketch.link(f"CMP-{number}", "satisfies", f"REQ-{number}")
    sketch.link(f"SPC-{number}", "satisfies", f"REQ-{number}")
    sketch.link(f"TSK-{number}", "specifies", f"SPC-{number}")
    return sketch.link(f"CHG-{number}", "implements", f"TSK-{number}")


def sound_light() -> Sketch:
    """Two requirements with all that the light lane asks."""
    sketch = Sketch(lane=Lane.LIGHT).add("REQ-001", "REQ-002", "CHG-001", "CHG-002")
    sketch.link("CHG-001", "implements", "REQ-001").link("CHG-002", "implements", "REQ-002")
    sketch.phase(Phase.ARCHITECTURE, 0, approved=0).phase(Phase.SPECIFICATION, 0, approved=0)
    return sketch.show("EVD-001", "REQ-001", "REQ-002")
