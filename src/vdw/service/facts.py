"""From documents, log and policy to the reasoner's facts: the one place that says what counts as a fact.

Approvals are facts only where their signatures stand in the verified trust log; evidence is a fact only where the
current validation artifact of this iteration lists it, with the trust that the server gave it. What cannot be read is
taken for the worst that it may have said, but in bytes that were approved: erasing a text undoes no decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from weakref import WeakKeyDictionary

from vdw.artifacts.evidence import Outcome, evidence_from_content
from vdw.artifacts.revision import Revision
from vdw.artifacts.verified import erased_evidence, heads_of
from vdw.domain.canonical import Digest
from vdw.domain.fields import flag, items, text
from vdw.domain.ids import DOCUMENT_ID, ElementId, ElementKind
from vdw.domain.manifest import Element, ElementRef, Link
from vdw.domain.stages import PHASES, Phase, Stage
from vdw.domain.trust_level import Trust
from vdw.lifecycle.state import ProjectState
from vdw.reasoning.facts import (
    ElementFact,
    EvidenceFact,
    HeadFact,
    LinkFact,
    OutcomeFact,
    PhaseFact,
    ProjectFacts,
    RevisionFacts,
    WaiverFact,
)
from vdw.service.graph import ProjectGraph
from vdw.service.numbers import Numbers
from vdw.service.proven import is_approved, is_decided
from vdw.service.trust_view import is_signed
from vdw.trust.state import TrustState
from vdw.trust.votes import waivers_with_quorum


def project_facts(
    state: ProjectState, graph: ProjectGraph, trust: TrustState, gate: Phase, numbers: Numbers, today: date
) -> ProjectFacts:
    """All that the rules of `gate` may look at."""
    return ProjectFacts(
        project=state.project,
        gate=gate,
        lane=state.lane,
        revisions=tuple(
            _revision_facts(state, trust, phase, revision, numbers) for phase, revision in graph.revisions.items()
        ),
        heads=tuple(HeadFact(*head) for head in heads_of(graph.revisions.get(Phase.IMPLEMENTATION))),
        built=_built_in(graph.revisions.get(Phase.IMPLEMENTATION)),
        phases=tuple(_phase_fact(state, graph, trust, phase) for phase in PHASES),
        evidence_trust=trust.policy.evidence_trust,
        waivers=tuple(_waiver_facts(state, trust)),
        today=today,
    )


def _built_in(implementation: Revision | None) -> tuple[str, ...]:
    elements = implementation.elements.values() if implementation else ()
    changes = [element for element in elements if element.kind is ElementKind.CHANGE]
    return tuple(sorted({text(change.content["repository"]) for change in changes}))


@dataclass(frozen=True, slots=True)
class _Kept:
    """Facts of a revision, with what they were worked out from beside it."""

    counts: bool
    approved: bool
    elements: Mapping[ElementId, int]
    versions: Mapping[tuple[str, Digest], int]
    facts: RevisionFacts

    def holds(self, counts: bool, approved: bool, numbers: Numbers) -> bool:
        # Numbers are for life, but a row may be written by hand, and facts of before would be mixed with those of
        # after.
        return (
            (self.counts, self.approved) == (counts, approved)
            and self.elements.items() <= numbers.elements.items()
            and self.versions.items() <= numbers.versions.items()
        )


_KEPT: WeakKeyDictionary[Revision, _Kept] = WeakKeyDictionary()


def _revision_facts(
    state: ProjectState, trust: TrustState, phase: Phase, revision: Revision, numbers: Numbers
) -> RevisionFacts:
    counts = phase is Phase.VALIDATION and revision.manifest.iteration == state.iteration
    erased = len(revision.elements) < len(revision.manifest.elements)
    approved = erased and is_approved(state, revision, trust)
    kept = _KEPT.get(revision)
    if kept is not None and kept.holds(counts, approved, numbers):
        return kept.facts
    refs = [ref for ref in revision.manifest.elements if ref.id != DOCUMENT_ID]
    links = [link for link in revision.manifest.links if link.source != DOCUMENT_ID]
    facts = RevisionFacts(
        elements=tuple(_element_fact(ref, phase, revision.elements.get(ref.id), numbers, approved) for ref in refs),
        links=tuple(_link_fact(link, numbers) for link in links),
        evidence=tuple(_evidence_facts(revision, numbers, approved)) if counts else (),
        outcomes=tuple(_outcome_facts(revision, numbers, approved)) if counts else (),
    )
    if numbers.stored(revision):
        elements = {ref.id: numbers.elements[ref.id] for ref in refs}
        named = {(ref.id, ref.digest) for ref in refs} | {(link.target, link.stamp) for link in links}
        _KEPT[revision] = _Kept(counts, approved, elements, {name: numbers.versions[name] for name in named}, facts)
    return facts


def _element_fact(
    ref: ElementRef, phase: Phase, element: Element | None, numbers: Numbers, approved: bool
) -> ElementFact:
    fact = ElementFact(
        id=ref.id,
        kind=ref.kind,
        phase=phase,
        digest=ref.digest,
        number=numbers.elements[ref.id],
        version=numbers.versions[ref.id, ref.digest],
    )
    if ref.kind is ElementKind.REQUIREMENT:
        return _of_requirement(fact, element, approved)
    return _of_question(fact, element, approved) if ref.kind is ElementKind.QUESTION else fact


def _of_requirement(fact: ElementFact, element: Element | None, approved: bool) -> ElementFact:
    if element is None:
        return replace(fact, acceptance=int(approved), free=not approved)
    return replace(
        fact, acceptance=len(items(element.content["acceptance"])), free=element.content["pattern"] == "free"
    )


def _of_question(fact: ElementFact, element: Element | None, approved: bool) -> ElementFact:
    if element is None:
        return replace(fact, blocking=not approved)
    return replace(fact, blocking=bool(element.content["blocking"]), answered=bool(element.content["answer"]))


def _link_fact(link: Link, numbers: Numbers) -> LinkFact:
    return LinkFact(
        source=link.source,
        kind=link.kind,
        target=link.target,
        stamp=link.stamp,
        stamp_version=numbers.versions.get((link.target, link.stamp), 0),
    )


def _evidence_facts(revision: Revision, numbers: Numbers, approved: bool) -> list[EvidenceFact]:
    listed = [element for element in revision.elements.values() if element.kind is ElementKind.EVIDENCE]
    facts = [fact for element in listed for fact in _facts_of_record(element, revision, numbers)]
    if not approved:
        facts += [_unreadable(ref, revision, numbers) for ref in erased_evidence(revision)]
    return facts


def _unreadable(ref: ElementRef, revision: Revision, numbers: Numbers) -> EvidenceFact:
    """What a record may have said at worst of the requirements that its links name."""
    return EvidenceFact(
        id=ref.id,
        number=numbers.elements[ref.id],
        verifies=tuple(link.target for link in revision.manifest.links if link.source == ref.id),
        outcome=Outcome.FAILED.value,
        trust=Trust.CLAIMED,
        repository="",
        commit="",
        clean=False,
        metrics=_metrics_of(ref.id, revision),
    )


def _facts_of_record(element: Element, revision: Revision, numbers: Numbers) -> list[EvidenceFact]:
    """One fact for each outcome that the record has; a record that names no requirement still has its own. A metric was
    measured by the run as a whole, so it stands with that one."""
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
            metrics=_metrics_of(element.id, revision) if outcome == record.outcome.value else (),
        )
        for outcome, requirements in named.items()
    ]


def _metrics_of(evidence: str, revision: Revision) -> tuple[str, ...]:
    """Metrics whose outcome, in this revision, rests on the evidence."""
    outcomes = {link.source for link in revision.manifest.links if link.target == evidence}
    return tuple(metric for outcome, metric in _metrics(revision).items() if outcome in outcomes)


def _metrics(revision: Revision) -> dict[str, str]:
    """Outcome → the metric that it is of."""
    return {link.source: link.target for link in revision.manifest.links if link.target.startswith("MET-")}


def _outcome_facts(revision: Revision, numbers: Numbers, approved: bool) -> Iterator[OutcomeFact]:
    metrics = _metrics(revision)
    for ref in revision.manifest.elements:
        if ref.kind is ElementKind.OUTCOME:
            element = revision.elements.get(ref.id)
            met = flag(element.content["met"]) if element else approved
            yield OutcomeFact(ref.id, numbers.elements[ref.id], metrics[ref.id], met)


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
