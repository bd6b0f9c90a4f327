"""From facts to rows of integers: the one place where ids, digests and texts are interned.

After this only integers and the names of relations remain, so no text of a user can reach a program. `Names` turns the
integers of an answer back into words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vdw.domain.stages import LANE_PHASES
from vdw.reasoning.facts import Place, ProjectFacts
from vdw.reasoning.relations import OUTCOME_CODES, PHASE_CODES, TRUST_CODES, ColumnKind, Rows
from vdw.reasoning.revision_rows import Codes, revision_rows
from vdw.reasoning.words import Names


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of a project, and what is needed to cut and to read them."""

    rows: Rows
    versions: Mapping[int, int]
    """Element → version of its present digest; nothing for what is not there."""
    phases: Mapping[int, int]
    """Element → phase it stands in."""
    places: Mapping[str, Place]
    """By id; what is named and not there has a number below zero and no kind."""
    texts: Mapping[ColumnKind, tuple[str, ...]]


def extract(facts: ProjectFacts) -> Extract:
    """Every base relation's rows but those that the rules across slices ask for (see `across`).

    Raises `VdwError` (no_verdict) for evidence whose outcome has no code.
    """
    rows: Rows = defaultdict(list)
    versions: dict[int, int] = {}
    phases: dict[int, int] = {}
    bases: set[int] = set()
    places, texts = _places(facts), _texts(facts)
    codes = Codes(_codes(texts[ColumnKind.REPOSITORY]), _codes(texts[ColumnKind.COMMIT]))
    for revision in facts.revisions:
        own = revision_rows(revision, places, codes)
        for relation, found in own.rows.items():
            rows[relation] += found
        versions.update(own.versions)
        phases.update(own.phases)
        bases |= own.bases
    rows["stands"] = [(basis, versions[basis]) for basis in bases if basis in versions]
    rows["head"] = [(codes.repositories[head.repository], codes.commits[head.commit]) for head in facts.heads]
    rows["built"] = [(codes.repositories[repository],) for repository in facts.built]
    if rows["requirement"]:
        rows["requirements"] = [(len(rows["requirement"]),)]
    _add_tests(rows, facts, places, _codes(texts[ColumnKind.FILE]), _codes(texts[ColumnKind.CONTENT]))
    _add_unlisted(rows, facts, places)
    _add_gate(rows, facts, _codes(texts[ColumnKind.DIGEST]))
    return Extract(rows, versions, phases, places, texts)


def names_of(facts: ProjectFacts, extracted: Extract) -> Names:
    """What the integers of these rows stand for."""
    digests: dict[str, str] = {fact.id: fact.digest for fact in facts.elements}
    digests.update((fact.phase.value, fact.digest) for fact in facts.phases)
    return Names({number: name for name, (number, _) in extracted.places.items()}, digests, extracted.texts)


def _places(facts: ProjectFacts) -> dict[str, Place]:
    """By id. What a link or record names and no revision holds any more gets a number below zero."""
    places: dict[str, Place] = {}
    named: set[str] = set()
    for revision in facts.revisions:
        places.update(revision.places)
        named.update(revision.named)
    named.update(name for fact in facts.unlisted for name in (fact.requirement, fact.evidence))
    places.update((name, (-count, None)) for count, name in enumerate(sorted(named - places.keys()), start=1))
    return places


def _texts(facts: ProjectFacts) -> dict[ColumnKind, tuple[str, ...]]:
    """What a row holds by its place in the order of all."""
    code = [(fact.repository, fact.commit) for fact in facts.evidence]
    code += [(fact.repository, fact.commit) for fact in facts.heads]
    files = [each for fact in facts.tested for each in fact.files]
    return {
        ColumnKind.REPOSITORY: _sorted((*(repository for repository, _ in code), *facts.built)),
        ColumnKind.COMMIT: _sorted(commit for _, commit in code),
        ColumnKind.DIGEST: _sorted(text for fact in facts.phases for text in (fact.digest, fact.approved)),
        ColumnKind.FILE: _sorted(each.file for each in files),
        ColumnKind.CONTENT: _sorted(content for each in files for content in (*each.now, *each.before)),
    }


def _add_tests(
    rows: Rows, facts: ProjectFacts, places: Mapping[str, Place], files: Mapping[str, int], contents: Mapping[str, int]
) -> None:
    for fact in facts.tested:
        number, _ = places[fact.requirement]
        rows["stood"].append((number, fact.stood_version))
        if not fact.placed:
            rows["unplaced"].append((number,))
        for each in fact.files:
            file = files[each.file]
            rows["tested_in"].append((number, file))
            rows["listed"] += [(number, file, contents[content]) for content in each.now]
            rows["listed_before"] += [(number, file, contents[content]) for content in each.before]


def _add_unlisted(rows: Rows, facts: ProjectFacts, places: Mapping[str, Place]) -> None:
    rows["unlisted"] = [
        (number, places[fact.evidence][0], OUTCOME_CODES[fact.outcome], TRUST_CODES[fact.trust])
        for fact in facts.unlisted
        for number, kind in (places[fact.requirement],)
        if kind is not None
    ]


def _add_gate(rows: Rows, facts: ProjectFacts, digests: Mapping[str, int]) -> None:
    rows["gate"] = [(PHASE_CODES[facts.gate],)]
    rows["walks"] = [(PHASE_CODES[phase],) for phase in LANE_PHASES[facts.lane]]
    rows["demanded"] = [(TRUST_CODES[facts.evidence_trust],)]
    rows["current"] = [(PHASE_CODES[fact.phase], digests[fact.digest]) for fact in facts.phases if fact.digest]
    rows["approved"] = [(PHASE_CODES[fact.phase], digests[fact.approved]) for fact in facts.phases if fact.approved]


def _codes(texts: Iterable[str]) -> dict[str, int]:
    return {text: code for code, text in enumerate(texts)}


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))
