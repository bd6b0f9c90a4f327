"""From documents, log and policy to the reasoner's facts: the one place that says what counts as a fact.

Approvals are facts only where their signatures stand in the verified trust log; evidence is a fact only where the
current validation artifact of this iteration lists it, with the trust that the server gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from vdw.artifacts.evidence import evidence_from_content
from vdw.artifacts.verified import heads_of
from vdw.domain.canonical import Digest
from vdw.domain.fields import items
from vdw.domain.ids import DOCUMENT_ID, ElementKind
from vdw.domain.manifest import Element, ElementRef, Link
from vdw.domain.stages import PHASES, Phase, Stage
from vdw.lifecycle.state import ProjectState
from vdw.reasoning.facts import (
    ElementFact,
    EvidenceFact,
    HeadFact,
    LinkFact,
    PhaseFact,
    ProjectFacts,
    RevisionFacts,
    WaiverFact,
)
from vdw.service.graph import ProjectGraph, Revision
from vdw.service.proven import is_decided
from vdw.service.trust_view import is_signed
from vdw.store.interface import Reader
from vdw.trust.state import TrustState
from vdw.trust.votes import waivers_with_quorum


@dataclass(frozen=True, slots=True)
class Numbers:
    """Every element's number for life and every digest's version, those not stored yet included (`new`, in order)."""

    elements: Mapping[str, int]
    versions: Mapping[tuple[str, Digest], int]
    new: tuple[tuple[str, Digest], ...]

    @classmethod
    def of(cls, reader: Reader, project: str, graph: ProjectGraph) -> Numbers:
        """Numbers as `UnitOfWork.number_elements(new)` will give them, as long as the project's version stays."""
        elements = reader.element_numbers(project)
        versions = reader.digest_versions(project)
        newest: dict[str, int] = {}
        for (element_id, _), version in versions.items():
            newest[element_id] = max(version, newest.get(element_id, 0))
        highest = max(elements.values(), default=0)
        new: list[tuple[str, Digest]] = []
        for element_id, digest in sorted(graph.digests().items()):
            if (element_id, digest) in versions:
                continue
            new.append((element_id, digest))
            if element_id not in elements:
                highest += 1
                elements[element_id] = highest
            newest[element_id] = newest.get(element_id, 0) + 1
            versions[element_id, digest] = newest[element_id]
        return cls(elements, versions, tuple(new))

    def stored(self, revision: Revision) -> bool:
        """Whether all that the revision names has its numbers already, so that they will never be others."""
        new = set(self.new)
        return all((ref.id, ref.digest) not in new for ref in revision.manifest.elements) and all(
            (link.target, link.stamp) in self.versions for link in revision.manifest.links
        )


def project_facts(
    state: ProjectState, graph: ProjectGraph, trust: TrustState, gate: Phase, numbers: Numbers, today: date
) -> ProjectFacts:
    """All that the rules of `gate` may look at."""
    return ProjectFacts(
        project=state.project,
        gate=gate,
        lane=state.lane,
        revisions=tuple(
            _revision_facts(state, phase, revision, numbers) for phase, revision in graph.revisions.items()
        ),
        heads=tuple(HeadFact(*head) for head in heads_of(graph.revisions.get(Phase.IMPLEMENTATION))),
        phases=tuple(_phase_fact(state, graph, trust, phase) for phase in PHASES),
        evidence_trust=trust.policy.evidence_trust,
        waivers=tuple(_waiver_facts(state, trust)),
        today=today,
    )


_KEPT: WeakKeyDictionary[Revision, tuple[bool, RevisionFacts]] = WeakKeyDictionary()
"""With whether the evidence in it counts. Numbers and versions are for life, once they are stored."""


def _revision_facts(state: ProjectState, phase: Phase, revision: Revision, numbers: Numbers) -> RevisionFacts:
    counts = phase is Phase.VALIDATION and revision.manifest.iteration == state.iteration
    kept = _KEPT.get(revision)
    if kept is not None and kept[0] is counts:
        return kept[1]
    refs = [ref for ref in revision.manifest.elements if ref.id != DOCUMENT_ID]
    links = [link for link in revision.manifest.links if link.source != DOCUMENT_ID]
    facts = RevisionFacts(
        elements=tuple(_element_fact(ref, phase, revision.elements.get(ref.id), numbers) for ref in refs),
        links=tuple(_link_fact(link, numbers) for link in links),
        evidence=tuple(_evidence_facts(revision, numbers)) if counts else (),
    )
    if numbers.stored(revision):
        _KEPT[revision] = counts, facts
    return facts


def _element_fact(ref: ElementRef, phase: Phase, element: Element | None, numbers: Numbers) -> ElementFact:
    return ElementFact(
        id=ref.id,
        kind=ref.kind,
        phase=phase,
        digest=ref.digest,
        number=numbers.elements[ref.id],
        version=numbers.versions[ref.id, ref.digest],
        acceptance=_acceptance(element),
        blocking=_is(element, "blocking"),
        answered=_is(element, "answer"),
        free=_is_free(element),
    )


def _acceptance(element: Element | None) -> int:
    if element is None or element.kind is not ElementKind.REQUIREMENT:
        return 0
    return len(items(element.content["acceptance"]))


def _is(element: Element | None, field: str) -> bool:
    """Whether a question says so: that work waits for it, that it has an answer."""
    return element is not None and element.kind is ElementKind.QUESTION and bool(element.content[field])


def _is_free(element: Element | None) -> bool:
    return element is not None and element.kind is ElementKind.REQUIREMENT and element.content["pattern"] == "free"


def _link_fact(link: Link, numbers: Numbers) -> LinkFact:
    return LinkFact(
        source=link.source,
        kind=link.kind,
        target=link.target,
        stamp=link.stamp,
        stamp_version=numbers.versions.get((link.target, link.stamp), 0),
    )


def _evidence_facts(revision: Revision, numbers: Numbers) -> list[EvidenceFact]:
    listed = [element for element in revision.elements.values() if element.kind is ElementKind.EVIDENCE]
    return [fact for element in listed for fact in _facts_of_record(element, revision, numbers)]


def _facts_of_record(element: Element, revision: Revision, numbers: Numbers) -> list[EvidenceFact]:
    """One fact for each outcome that the record has; a record that names no requirement still has its own."""
    record = evidence_from_content(element.content)
    named: dict[str, list[str]] = {record.outcome.value: []}
    for result in record.verifies:
        named.setdefault(result.outcome.value, []).append(result.requirement)
    return [
        EvidenceFact(
            id=element.id,
            number=numbers.elements[element.id],
            verifies=tuple(requirements),
            outcome=outcome,
            trust=record.trust,
            repository=record.repository,
            commit=record.commit,
            clean=not record.dirty,
            metrics=_metrics_of(element.id, revision),
        )
        for outcome, requirements in named.items()
    ]


def _metrics_of(evidence: str, revision: Revision) -> tuple[str, ...]:
    """Metrics whose outcome, in this revision, rests on the evidence."""
    outcomes = {link.source for link in revision.manifest.links if link.target == evidence}
    return tuple(
        link.target for link in revision.manifest.links if link.source in outcomes and link.target.startswith("MET-")
    )


def _phase_fact(state: ProjectState, graph: ProjectGraph, trust: TrustState, phase: Phase) -> PhaseFact:
    work = state.work(phase)
    approved = Digest("")
    if work.approval is not None and work.stage is Stage.APPROVED:
        as_it_is = work.approval.digest == work.digest
        if as_it_is and is_decided(state, graph.revisions[phase], trust):
            approved = Digest(work.digest)
        elif not as_it_is and is_signed(work.approval, state.project, phase, trust):
            approved = Digest(work.approval.digest)
    return PhaseFact(phase, Digest(work.digest), approved)


def _waiver_facts(state: ProjectState, trust: TrustState) -> list[WaiverFact]:
    """Waivers that the log holds with their quorum, each to the earliest day that was named."""
    return [
        WaiverFact(waived.waiver, waived.rule, waived.subjects, date.fromisoformat(waived.until))
        for waived in waivers_with_quorum(trust, state.project)
    ]
