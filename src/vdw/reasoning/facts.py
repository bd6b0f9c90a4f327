"""What the reasoner is given: plain facts about one project at one gate, filled in by the service layer.

Nothing here draws a conclusion or states an absence; that is for the rules. `ProjectFacts.digest` names exactly these
facts, whatever order they came in: a verdict is a pure function of them and of the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from vdw.domain.canonical import Digest, JsonObject, digest_bytes, digest_of
from vdw.domain.finding import Subject
from vdw.domain.ids import ElementKind, LinkKind, ProjectId
from vdw.domain.kept import kept
from vdw.domain.stages import Lane, Phase
from vdw.domain.trust_level import Trust

FACTS_SCHEMA = "vdw.facts/4"


@dataclass(frozen=True, slots=True)
class ElementFact:
    """An element of the current revision of its phase."""

    id: str
    kind: ElementKind
    phase: Phase
    digest: Digest
    number: int
    """For life, and the element's alone within the project."""
    version: int
    """Of this digest among the element's digests, from 1."""
    acceptance: int = 0
    """Acceptance criteria of a requirement."""
    blocking: bool = False
    """Of a question: whether its author says that work must wait for it."""
    answered: bool = False
    free: bool = False
    """Of a requirement: whether it is worded in no EARS pattern."""


@dataclass(frozen=True, slots=True)
class LinkFact:
    source: str
    kind: LinkKind
    target: str
    stamp: Digest
    stamp_version: int
    """The version of the target that the stamp names; 0 for a digest never seen."""


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """What evidence showed for the requirements in `verifies`. A record with several outcomes gives several facts."""

    id: str
    number: int
    verifies: tuple[str, ...]
    outcome: str
    """`passed`, `failed`, `skipped` or `not_run`."""
    trust: Trust
    repository: str
    commit: str
    clean: bool
    metrics: tuple[str, ...] = ()
    """Metrics that the record measures, where this is the outcome of the whole record."""


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """What a validation says that a success metric came to."""

    id: str
    number: int
    metric: str
    met: bool


@dataclass(frozen=True, eq=False)
class RevisionFacts:
    """What one revision says, the current one of its phase: its elements, the links from them, evidence and outcomes
    among them.

    What was once worked out of it stays with it. So a verdict costs what it reads anew, if the same object is given for
    a revision that is the same.
    """

    elements: tuple[ElementFact, ...]
    links: tuple[LinkFact, ...]
    evidence: tuple[EvidenceFact, ...] = ()
    outcomes: tuple[OutcomeFact, ...] = ()

    @kept
    def lines(self) -> Lines:
        return Lines(
            elements=sorted(map(_element_line, self.elements)),
            links=sorted(map(_link_line, self.links)),
            evidence=sorted(map(_evidence_line, self.evidence)),
            outcomes=sorted(f"{fact.id} {fact.metric}{' met' if fact.met else ''}" for fact in self.outcomes),
        )

    @kept
    def places(self) -> Mapping[str, Place]:
        """By id."""
        return {fact.id: (fact.number, fact.kind) for fact in self.elements}

    @kept
    def named(self) -> tuple[str, ...]:
        """What the links rest on, in their order; then what evidence and outcomes speak of."""
        spoken_of = {name for fact in self.evidence for name in (*fact.verifies, *fact.metrics)}
        spoken_of |= {fact.metric for fact in self.outcomes}
        return (*(link.target for link in self.links), *sorted(spoken_of))


@dataclass(frozen=True, slots=True)
class Lines:
    """Facts as the digest has them, each kind sorted."""

    elements: list[str]
    links: list[str]
    evidence: list[str]
    outcomes: list[str]


Place = tuple[int, ElementKind | None]
"""Number and kind of an element."""


@dataclass(frozen=True, slots=True)
class HeadFact:
    """The head commit that the implementation artifact names for a repository."""

    repository: str
    commit: str


@dataclass(frozen=True, slots=True)
class PhaseFact:
    """Digest of a phase's current revision, and the digest that verified decisions approved; '' where there is none."""

    phase: Phase
    digest: Digest
    approved: Digest


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that tests a requirement, with the contents (SHA-256) at which it is listed; none where it is not."""

    file: str
    """Repository and path."""
    now: tuple[str, ...]
    """By the implementation."""
    before: tuple[str, ...]
    """By the last build's."""


@dataclass(frozen=True, slots=True)
class StoodFact:
    """How a requirement that is there stood in the last build, and where it is tested."""

    requirement: str
    stood: Digest
    stood_version: int
    """The version of the requirement that `stood` is; 0 for a digest never seen."""
    files: tuple[ListedFile, ...]
    placed: bool
    """Whether every test of it says in which file it lies."""


@dataclass(frozen=True, slots=True)
class UnlistedFact:
    """What evidence says of a requirement that the server holds, of a head commit, and the validation does not list."""

    requirement: str
    evidence: str
    outcome: str
    """Of `EvidenceFact`, but never `passed`."""
    trust: Trust


@dataclass(frozen=True, slots=True)
class WaiverFact:
    """A waiver whose statements verified and reach the quorum. It holds to the end of the UTC day `until`."""

    id: str
    rule: str
    subjects: tuple[Subject, ...]
    until: date


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """All that the rules of one gate may look at. Ids are unique; `today` is the UTC day."""

    project: ProjectId
    gate: Phase
    lane: Lane
    revisions: tuple[RevisionFacts, ...]
    heads: tuple[HeadFact, ...]
    phases: tuple[PhaseFact, ...]
    evidence_trust: Trust
    waivers: tuple[WaiverFact, ...]
    today: date
    tested: tuple[StoodFact, ...] = ()
    """Requirements that are tested and stood otherwise in the last build."""
    built: tuple[str, ...] = ()
    """Repositories in which the implementation lists a change."""
    unlisted: tuple[UnlistedFact, ...] = ()
    """One a requirement at most."""

    @property
    def elements(self) -> Iterable[ElementFact]:
        return chain.from_iterable(revision.elements for revision in self.revisions)

    @property
    def links(self) -> Iterable[LinkFact]:
        return chain.from_iterable(revision.links for revision in self.revisions)

    @property
    def evidence(self) -> Iterable[EvidenceFact]:
        return chain.from_iterable(revision.evidence for revision in self.revisions)

    @property
    def outcomes(self) -> Iterable[OutcomeFact]:
        return chain.from_iterable(revision.outcomes for revision in self.revisions)

    @property
    def size(self) -> int:
        """Elements."""
        return sum(len(revision.elements) for revision in self.revisions)

    def digest(self) -> Digest:
        """SHA-256 of a canonical form in which order means nothing. The day is part of it only where a waiver is."""
        lines = [revision.lines for revision in self.revisions]
        body: JsonObject = {
            "schema": FACTS_SCHEMA,
            "project": self.project,
            "gate": self.gate.value,
            "lane": self.lane.value,
            "evidence_trust": self.evidence_trust.value,
            "elements": _digest_of_lines(part.elements for part in lines),
            "links": _digest_of_lines(part.links for part in lines),
            "evidence": _digest_of_lines(part.evidence for part in lines),
            "outcomes": _digest_of_lines(part.outcomes for part in lines),
            "heads": _digest_of_rows([fact.repository, fact.commit] for fact in self.heads),
            "built": _digest_of_rows([repository] for repository in self.built),
            "phases": _digest_of_rows([fact.phase, fact.digest, fact.approved] for fact in self.phases),
            "tested": _digest_of_rows(map(_tested_row, self.tested)),
            "unlisted": _digest_of_rows(
                [fact.requirement, fact.evidence, fact.outcome, fact.trust] for fact in self.unlisted
            ),
            "waivers": _digest_of_rows(map(_waiver_row, self.waivers)),
        }
        if self.waivers:
            body["today"] = self.today.isoformat()
        return digest_of(body)


# Numbers and versions only intern what stands here already: whoever has the documents can compute these digests. No
# text of an element or a link holds a blank, so a line reads one way only; as JSON it would take four times as long.


def _element_line(fact: ElementFact) -> str:
    return (
        f"{fact.id} {fact.kind} {fact.phase} {fact.digest} {fact.acceptance}"
        f"{' blocking' if fact.blocking else ''}{' answered' if fact.answered else ''}{' free' if fact.free else ''}"
    )


def _link_line(fact: LinkFact) -> str:
    return f"{fact.source} {fact.kind} {fact.target} {fact.stamp}"


def _evidence_line(fact: EvidenceFact) -> str:
    shown = [fact.outcome, fact.trust, fact.repository, fact.commit, fact.clean]
    return _json([fact.id, sorted(fact.verifies), *shown, sorted(fact.metrics)])


def _tested_row(fact: StoodFact) -> list[object]:
    files = sorted([each.file, sorted(each.now), sorted(each.before)] for each in fact.files)
    return [fact.requirement, fact.stood, fact.placed, files]


def _waiver_row(fact: WaiverFact) -> list[object]:
    subjects = [[subject.id, subject.digest] for subject in fact.subjects]
    return [fact.id, fact.rule, subjects, fact.until.isoformat()]


def _digest_of_lines(parts: Iterable[list[str]]) -> Digest:
    # Sorted parts are sorted together almost for nothing.
    return digest_bytes("\n".join(sorted(chain.from_iterable(parts))).encode())


def _digest_of_rows(rows: Iterable[list[object]]) -> Digest:
    return digest_bytes(_json(sorted(rows)).encode())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
