"""The rows of one revision: what its elements say, and what its links rest on.

They follow from the revision and from the places of what it rests on, so they are kept beside the revision as long as
somebody holds it; a verdict after one change works out the rows of what changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from vdw.domain.ids import ElementKind, LinkKind
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.facts import ElementFact, EvidenceFact, Place, RevisionFacts
from vdw.reasoning.relations import (
    ELEMENT_RELATIONS,
    LINK_RELATIONS,
    OUTCOME_CODES,
    PHASE_CODES,
    TRUST_CODES,
    VERSIONED,
    Row,
    Rows,
)


@dataclass(frozen=True, slots=True)
class RevisionRows:
    rows: Mapping[str, Sequence[Row]]
    versions: Mapping[int, int]
    """Element → version of its digest."""
    phases: Mapping[int, int]
    """Element → phase it stands in."""
    bases: frozenset[int]
    """Elements that something of the revision rests on, outside the chain."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What else a row holds in place of texts: the place of each among all of its kind."""

    repositories: Mapping[str, int]
    commits: Mapping[str, int]


_KEPT: WeakKeyDictionary[RevisionFacts, tuple[list[Place], Codes, RevisionRows]] = WeakKeyDictionary()


def revision_rows(revision: RevisionFacts, places: Mapping[str, Place], codes: Codes) -> RevisionRows:
    """`places`: of all that the revision names. Raises `VdwError` (no_verdict) for an outcome that has no code."""
    named = [places[name] for name in revision.named]
    kept = _KEPT.get(revision)
    if kept is None or kept[:2] != (named, codes):
        kept = _KEPT[revision] = named, codes, _work_out(revision, named, places, codes)
    return kept[2]


def _work_out(
    revision: RevisionFacts, named: Sequence[Place], places: Mapping[str, Place], codes: Codes
) -> RevisionRows:
    rows: Rows = defaultdict(list)
    phases = {fact.number: PHASE_CODES[fact.phase] for fact in revision.elements}
    _add_elements(rows, revision.elements)
    own, bases = revision.places, set[int]()
    for link, (target, target_kind) in zip(revision.links, named, strict=False):  # the links' targets are named first
        source, source_kind = own[link.source]
        # A target that is not there has no kind, and so no place in the chain.
        relation = LINK_RELATIONS.get((source_kind, link.kind, target_kind))
        if relation is not None:
            rows[relation].append((source, target, link.stamp_version))
        elif link.kind is not LinkKind.SUPERSEDES:  # what replaced something does not rest on it
            rows["rests_on"].append((source, phases[source], target, link.stamp_version))
            bases.add(target)
            if link.kind is LinkKind.DEPENDS_ON:
                rows["depends_on"].append((source, target))
    for evidence in revision.evidence:
        _add_evidence(rows, evidence, places, codes)
    rows["outcome"] = [
        (number, fact.number, int(fact.met))
        for fact in revision.outcomes
        for number in _standing((fact.metric,), places)
    ]
    versions = {fact.number: fact.version for fact in revision.elements}
    return RevisionRows(rows, versions, phases, frozenset(bases))


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
        if fact.free:
            rows["free"].append((fact.number,))


def _add_evidence(rows: Rows, fact: EvidenceFact, places: Mapping[str, Place], codes: Codes) -> None:
    outcome = OUTCOME_CODES.get(fact.outcome)
    if outcome is None:
        raise VdwError(
            ErrorCode.NO_VERDICT,
            f"{fact.id} has an outcome that no rule knows, so there is no verdict.",
            "Record the evidence again.",
            reason=f"outcome {fact.outcome!r} of {fact.id}",
        )
    code = (codes.repositories[fact.repository], codes.commits[fact.commit])
    shown = (fact.number, outcome, TRUST_CODES[fact.trust], *code, int(fact.clean))
    requirements = list(_standing(fact.verifies, places))
    rows["result"] += [(number, *shown) for number in requirements]
    rows["shown"].append((fact.number, outcome))
    if fact.outcome == "failed":
        rows["fails"] += [(fact.number, number) for number in requirements]
    rows["measurement"] += [(number, *shown) for number in _standing(fact.metrics, places)]


def _standing(names: Iterable[str], places: Mapping[str, Place]) -> Iterator[int]:
    return (number for number, kind in map(places.__getitem__, names) if kind is not None)
