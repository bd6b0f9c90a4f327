"""From facts to rows of integers: the one place where ids, digests and texts are interned.

After this only integers and the names of relations remain, so no text of a user can reach a program. `Names` turns the
integers of an answer back into words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vdw.domain.ids import ElementKind, LinkKind
from vdw.domain.stages import LANE_PHASES
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.facts import ElementFact, EvidenceFact, ProjectFacts
from vdw.reasoning.relations import (
    ELEMENT_RELATIONS,
    LINK_RELATIONS,
    OUTCOME_CODES,
    PHASE_CODES,
    TRUST_CODES,
    VERSIONED,
    ColumnKind,
)
from vdw.reasoning.words import Names

Row = tuple[int, ...]
Rows = dict[str, list[Row]]
"""Relation → its rows. A row may stand twice; a program drops the second."""


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of a project, and what is needed to cut and to read them."""

    rows: Rows
    versions: Mapping[int, int]
    """Element → version of its present digest; nothing for what is not there."""
    phases: Mapping[int, int]
    """Element → phase it stands in."""
    numbers: Mapping[str, int]
    """Id → number, below zero for what is named and not there."""
    texts: Mapping[ColumnKind, tuple[str, ...]]


def extract(facts: ProjectFacts) -> Extract:
    """Every base relation's rows but those that the rules across slices ask for (see `across`).

    Raises `VdwError` (no_verdict) for evidence whose outcome has no code.
    """
    rows: Rows = defaultdict(list)
    numbers = _numbers(facts)
    versions = {fact.number: fact.version for fact in facts.elements}
    phases = {fact.number: PHASE_CODES[fact.phase] for fact in facts.elements}
    _add_elements(rows, facts.elements)
    _add_links(rows, facts, numbers, versions, phases)
    places_of_code = [(fact.repository, fact.commit) for fact in facts.evidence]
    places_of_code += [(fact.repository, fact.commit) for fact in facts.heads]
    texts = {
        ColumnKind.REPOSITORY: _sorted(repository for repository, _ in places_of_code),
        ColumnKind.COMMIT: _sorted(commit for _, commit in places_of_code),
        ColumnKind.DIGEST: _sorted(text for fact in facts.phases for text in (fact.digest, fact.approved)),
    }
    places = {kind: {text: place for place, text in enumerate(found)} for kind, found in texts.items()}
    repositories, commits = places[ColumnKind.REPOSITORY], places[ColumnKind.COMMIT]
    rows["head"] = [(repositories[head.repository], commits[head.commit]) for head in facts.heads]
    for evidence in facts.evidence:
        place = (repositories[evidence.repository], commits[evidence.commit])
        _add_evidence(rows, evidence, numbers, versions, place)
    _add_gate(rows, facts, places[ColumnKind.DIGEST])
    return Extract(rows, versions, phases, numbers, texts)


def names_of(facts: ProjectFacts, extracted: Extract) -> Names:
    """What the integers of these rows stand for."""
    digests: dict[str, str] = {fact.id: fact.digest for fact in facts.elements}
    digests.update((fact.phase.value, fact.digest) for fact in facts.phases)
    return Names({number: name for name, number in extracted.numbers.items()}, digests, extracted.texts)


def _numbers(facts: ProjectFacts) -> dict[str, int]:
    """Id → number. What a link or record names and no revision holds any more gets a number below zero."""
    numbers = {fact.id: fact.number for fact in facts.elements}
    numbers.update((fact.id, fact.number) for fact in facts.evidence)
    named = {link.target for link in facts.links}
    for evidence in facts.evidence:
        named.update(evidence.verifies, evidence.metrics)
    numbers.update((name, -place) for place, name in enumerate(sorted(named - numbers.keys()), start=1))
    return numbers


def _add_elements(rows: Rows, elements: Iterable[ElementFact]) -> None:
    for fact in elements:
        relation = ELEMENT_RELATIONS.get(fact.kind)
        if relation is None:
            continue
        rows[relation].append((fact.number, fact.version) if fact.kind in VERSIONED else (fact.number,))
        if fact.acceptance and fact.kind is ElementKind.REQUIREMENT:
            rows["criteria"].append((fact.number, fact.acceptance))
        if fact.blocking:
            rows["blocking"].append((fact.number,))
        if fact.answered:
            rows["answered"].append((fact.number,))


def _add_links(
    rows: Rows,
    facts: ProjectFacts,
    numbers: Mapping[str, int],
    versions: Mapping[int, int],
    phases: Mapping[int, int],
) -> None:
    kinds: dict[str, ElementKind | None] = {fact.id: fact.kind for fact in facts.elements}
    bases: set[int] = set()
    for link in facts.links:
        source, target = numbers[link.source], numbers[link.target]
        # A target that is not there has no kind, and so no place in the chain.
        relation = LINK_RELATIONS.get((kinds[link.source], link.kind, kinds.get(link.target)))
        if relation is not None:
            rows[relation].append((source, target, link.stamp_version))
        elif link.kind is not LinkKind.SUPERSEDES:  # what replaced something does not rest on it
            rows["rests_on"].append((source, phases[source], target, link.stamp_version))
            bases.add(target)
            if link.kind is LinkKind.DEPENDS_ON:
                rows["depends_on"].append((source, target))
    rows["stands"] = [(basis, versions[basis]) for basis in bases if basis in versions]


def _add_evidence(
    rows: Rows, fact: EvidenceFact, numbers: Mapping[str, int], versions: Mapping[int, int], place: Row
) -> None:
    outcome = OUTCOME_CODES.get(fact.outcome)
    if outcome is None:
        raise VdwError(
            ErrorCode.NO_VERDICT,
            f"{fact.id} has an outcome that no rule knows, so there is no verdict.",
            "Record the evidence again.",
            reason=f"outcome {fact.outcome!r} of {fact.id}",
        )
    shown = (fact.number, outcome, TRUST_CODES[fact.trust], *place, int(fact.clean))
    requirements = (numbers[name] for name in fact.verifies)
    rows["result"] += [(requirement, *shown) for requirement in requirements if requirement in versions]
    metrics = (numbers[name] for name in fact.metrics)
    rows["measures"] += [(fact.number, metric) for metric in metrics if metric in versions]


def _add_gate(rows: Rows, facts: ProjectFacts, digests: Mapping[str, int]) -> None:
    rows["gate"] = [(PHASE_CODES[facts.gate],)]
    rows["walks"] = [(PHASE_CODES[phase],) for phase in LANE_PHASES[facts.lane]]
    rows["demanded"] = [(TRUST_CODES[facts.evidence_trust],)]
    rows["current"] = [(PHASE_CODES[fact.phase], digests[fact.digest]) for fact in facts.phases if fact.digest]
    rows["approved"] = [(PHASE_CODES[fact.phase], digests[fact.approved]) for fact in facts.phases if fact.approved]


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))
