"""What stood when the product was last built, and where the requirements are tested that have changed since.

The last build is the mood and the implementation of the iteration completed last. Before one is completed it is the
newest implementation that was approved before the present mood was, with the mood of then. Signed approvals alone say
which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vdw.artifacts.evidence import Outcome, evidence_from_content
from vdw.artifacts.places import files_of
from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import ElementId, ElementKind, ProjectId
from vdw.domain.stages import Phase
from vdw.lifecycle.state import ProjectState
from vdw.reasoning.facts import ListedFile, StoodFact
from vdw.service.graph import ProjectGraph, read_revision
from vdw.service.numbers import Numbers
from vdw.store.interface import Reader
from vdw.trust.state import TrustState
from vdw.trust.statements import DecisionStatement
from vdw.trust.votes import approvals_of

Listed = Mapping[str, Mapping[str, Collection[str]]]
"""Repository → path → contents (SHA-256) at which an implementation lists it."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """Digests of two revisions that were approved together."""

    mood: Digest
    implementation: Digest


def last_build(trust: TrustState, project: ProjectId, mood: Digest) -> LastBuild | None:
    """The build before the mood with this digest was first approved; None where there is none."""
    approved = approvals_of(trust, project)
    present = next((at for at, each in enumerate(approved) if (each.gate, each.digest) == (Phase.MOOD, mood)), None)
    if present is None:
        return None
    before, iteration = approved[:present], approved[present].iteration
    completed = {each.iteration for each in before if each.gate is Phase.VALIDATION}
    if completed:  # what an abandoned iteration built stands no more
        ending = _until([each for each in before if each.iteration in completed], Phase.VALIDATION)
    else:
        ending = _until([each for each in before if each.iteration == iteration], Phase.IMPLEMENTATION)
    newest = {each.gate: each.digest for each in ending}
    if Phase.MOOD not in newest or Phase.IMPLEMENTATION not in newest:
        return None
    return LastBuild(newest[Phase.MOOD], newest[Phase.IMPLEMENTATION])


def _until(approved: list[DecisionStatement], gate: Phase) -> list[DecisionStatement]:
    """Up to the last approval at this gate; nothing if there is none."""
    while approved and approved[-1].gate is not gate:
        approved.pop()
    return approved


def stood_facts(
    reader: Reader, state: ProjectState, graph: ProjectGraph, trust: TrustState, numbers: Numbers
) -> tuple[StoodFact, ...]:
    """One for each requirement of the mood that stood otherwise in the last build and that tests of this iteration
    name."""
    mood, built = graph.revisions.get(Phase.MOOD), graph.revisions.get(Phase.IMPLEMENTATION)
    validation = graph.revisions.get(Phase.VALIDATION)
    if mood is None or built is None or validation is None or validation.manifest.iteration != state.iteration:
        return ()
    build = last_build(trust, state.project, mood.digest)
    if build is None:
        return ()
    present = {ref.id: ref.digest for ref in mood.manifest.elements if ref.kind is ElementKind.REQUIREMENT}
    refs = read_revision(reader, state.project, build.mood).manifest.elements
    stood = {ref.id: ref.digest for ref in refs if present.get(ref.id, ref.digest) != ref.digest}
    places = _places(validation, stood)
    if not places:
        return ()
    now, before = _listed(built), _listed(read_revision(reader, state.project, build.implementation))
    return tuple(
        _fact(requirement, stood[requirement], numbers, found, now, before)
        for requirement, found in sorted(places.items())
    )


def _places(validation: Revision, requirements: Collection[ElementId]) -> dict[ElementId, set[tuple[str, str]]]:
    """Requirement → (repository, place) of every case that names it, in evidence in which it passed."""
    found: dict[ElementId, set[tuple[str, str]]] = defaultdict(set)
    for element in validation.elements.values():
        if element.kind is ElementKind.EVIDENCE:
            record = evidence_from_content(element.content)
            for result in record.verifies:
                if result.requirement in requirements and result.outcome is Outcome.PASSED and result.places:
                    found[ElementId(result.requirement)].update((record.repository, place) for place in result.places)
    return found


def _listed(implementation: Revision) -> Listed:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for element in implementation.elements.values():
        if element.kind is ElementKind.CHANGE:
            paths = found[text(element.content["repository"])]
            for file in map(mapping, items(element.content["files"])):
                paths[text(file["path"])].add(text(file["sha256"]))
    return found


def _fact(
    requirement: ElementId, stood: Digest, numbers: Numbers, places: set[tuple[str, str]], now: Listed, before: Listed
) -> StoodFact:
    files: dict[str, ListedFile] = {}
    placed = True
    for repository, place in places:
        here, there = now.get(repository, {}), before.get(repository, {})
        fitting = files_of(place, here.keys() | there.keys())
        placed = placed and bool(fitting)
        for path in fitting:
            name = f"{repository}:{path}"
            files[name] = ListedFile(name, tuple(sorted(here.get(path, ()))), tuple(sorted(there.get(path, ()))))
    return StoodFact(
        requirement=requirement,
        stood=stood,
        stood_version=numbers.versions.get((requirement, stood), 0),
        files=tuple(files[name] for name in sorted(files)),
        placed=placed,
    )
