"""The digest of facts changes with every fact, and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.reasoning.sketch import TODAY, digest_at, recast, sound
from vdw.domain.finding import Subject
from vdw.domain.ids import ElementKind, LinkKind, ProjectId
from vdw.domain.stages import Lane, Phase
from vdw.domain.trust_level import Trust
from vdw.reasoning.facts import (
    HeadFact,
    ListedFile,
    OutcomeFact,
    PhaseFact,
    ProjectFacts,
    RevisionFacts,
    StoodFact,
    UnlistedFact,
    WaiverFact,
)

FACTS = sound().facts()
ELEMENTS, LINKS, EVIDENCE = list(FACTS.elements), list(FACTS.links), list(FACTS.evidence)
WAIVER = WaiverFact("wvr_1", "uncovered", (Subject("REQ-001", digest_at("REQ-001", 1)),), TODAY)
WAIVED = replace(FACTS, waivers=(WAIVER,))
FILE = ListedFile("r:tests/test_a.py", ("a", "b"), ("a",))
STOOD = StoodFact("REQ-001", digest_at("REQ-001", 2), 2, (FILE,), placed=True)
UNLISTED = UnlistedFact("REQ-001", "EVD-009", "failed", Trust.RUN)


def first_element(**changes: object) -> ProjectFacts:
    return recast(FACTS, elements=[replace(ELEMENTS[0], **changes), *ELEMENTS[1:]])  # type: ignore[arg-type]  # the fields vary with the case


def first_link(**changes: object) -> ProjectFacts:
    return recast(FACTS, links=[replace(LINKS[0], **changes), *LINKS[1:]])  # type: ignore[arg-type]  # as above


def evidence(**changes: object) -> ProjectFacts:
    return recast(FACTS, evidence=[replace(EVIDENCE[0], **changes)])  # type: ignore[arg-type]  # as above


def waiver(**changes: object) -> ProjectFacts:
    return replace(FACTS, waivers=(replace(WAIVER, **changes),))  # type: ignore[arg-type]  # as above


def stood(**changes: object) -> ProjectFacts:
    return replace(FACTS, tested=(replace(STOOD, **changes),))  # type: ignore[arg-type]  # as above


OTHER = digest_at("other", 1)

DIFFERENT = [
    FACTS,
    WAIVED,
    replace(FACTS, project=ProjectId("prj_other")),
    replace(FACTS, gate=Phase.MOOD),
    replace(FACTS, lane=Lane.LIGHT),
    replace(FACTS, evidence_trust=Trust.CLAIMED),
    recast(FACTS, elements=ELEMENTS[1:]),
    recast(FACTS, links=LINKS[1:]),
    recast(FACTS, evidence=()),
    replace(FACTS, heads=()),
    replace(FACTS, heads=(HeadFact("a", "b"),)),
    replace(FACTS, heads=(HeadFact("a b", ""),)),
    replace(FACTS, phases=FACTS.phases[1:]),
    replace(FACTS, phases=(PhaseFact(Phase.MOOD, OTHER, FACTS.phases[0].approved), *FACTS.phases[1:])),
    replace(FACTS, phases=(PhaseFact(Phase.MOOD, FACTS.phases[0].digest, OTHER), *FACTS.phases[1:])),
    first_element(id="QUE-009"),
    first_element(kind=ElementKind.RISK),
    first_element(phase=Phase.VALIDATION),
    first_element(digest=OTHER),
    first_element(acceptance=7),
    first_element(blocking=False),
    first_element(answered=False),
    first_element(free=True),
    first_link(source="CMP-009"),
    first_link(kind=LinkKind.SUPERSEDES),
    first_link(target="REQ-009"),
    first_link(stamp=OTHER),
    evidence(id="EVD-009"),
    evidence(verifies=("REQ-001",)),
    evidence(outcome="failed"),
    evidence(trust=Trust.CLAIMED),
    evidence(repository="r"),
    evidence(commit="c"),
    evidence(clean=False),
    evidence(metrics=()),
    recast(FACTS, outcomes=[OutcomeFact("OUT-001", 1, "MET-001", met=True)]),
    recast(FACTS, outcomes=[OutcomeFact("OUT-001", 1, "MET-001", met=False)]),
    recast(FACTS, outcomes=[OutcomeFact("OUT-001", 1, "MET-002", met=True)]),
    recast(FACTS, outcomes=[OutcomeFact("OUT-002", 1, "MET-001", met=True)]),
    replace(FACTS, tested=(STOOD,)),
    stood(requirement="REQ-002"),
    stood(stood=OTHER),
    stood(placed=False),
    stood(files=()),
    stood(files=(FILE, replace(FILE, file="r:a.py"))),
    stood(files=(replace(FILE, now=()),)),
    stood(files=(replace(FILE, before=()),)),
    replace(FACTS, built=("r",)),
    replace(FACTS, unlisted=(UNLISTED,)),
    replace(FACTS, unlisted=(replace(UNLISTED, requirement="REQ-002"),)),
    replace(FACTS, unlisted=(replace(UNLISTED, evidence="EVD-008"),)),
    replace(FACTS, unlisted=(replace(UNLISTED, outcome="skipped"),)),
    replace(FACTS, unlisted=(replace(UNLISTED, trust=Trust.CLAIMED),)),
    waiver(id="wvr_2"),
    waiver(rule="unverified"),
    waiver(subjects=()),
    waiver(until=TODAY + timedelta(days=1)),
    replace(WAIVED, today=TODAY + timedelta(days=1)),
]


def test_any_other_fact_is_another_digest() -> None:
    assert len({facts.digest() for facts in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize(
    "same",
    [
        replace(FACTS, today=TODAY + timedelta(days=400)),
        recast(replace(FACTS, phases=FACTS.phases[::-1]), elements=ELEMENTS[::-1], links=LINKS[::-1]),
        replace(
            FACTS,
            revisions=(
                RevisionFacts((), ()),
                RevisionFacts(tuple(ELEMENTS[:3]), ()),
                RevisionFacts(tuple(ELEMENTS[3:]), tuple(LINKS), tuple(EVIDENCE)),
            ),
        ),
        evidence(verifies=("REQ-002", "REQ-001")),
        first_element(number=99, version=7),
        first_link(stamp_version=7),
    ],
    ids=["the day where nothing is waived", "order", "who says it", "order within", "numbers", "versions"],
)
def test_what_is_no_fact_is_not_in_the_digest(same: ProjectFacts) -> None:
    assert same.digest() == FACTS.digest()


def test_the_digest_is_the_same_for_ever() -> None:
    """Briefs sign it. A change here is a new schema."""
    assert FACTS.digest() == "185a4d5fd3c8b4116240d7d20a0b39cc135e04f1e223b8e042c9e3b966c509f5"
