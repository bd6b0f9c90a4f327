"""What the server holds of evidence that the current validation leaves out, for the brief and for the rules."""

from __future__ import annotations

from vdw.artifacts.unlisted import Held, speaking_against
from vdw.artifacts.verified import heads_of
from vdw.domain.ids import ProjectId
from vdw.domain.stages import Phase
from vdw.reasoning.facts import UnlistedFact
from vdw.service.graph import ProjectGraph
from vdw.store.interface import Reader


def unlisted_records(reader: Reader, project: ProjectId, graph: ProjectGraph) -> list[Held]:
    """See `speaking_against`; nothing before there is a validation. Of all iterations: what failed at a commit has
    failed there, whatever was abandoned since."""
    validation = graph.revisions.get(Phase.VALIDATION)
    if validation is None:
        return []
    return speaking_against(
        ((row.id, row.record) for row in reader.evidence(project)),
        {commit for _, commit in heads_of(graph.revisions.get(Phase.IMPLEMENTATION))},
        {ref.id for ref in validation.manifest.elements},
    )


def unlisted_facts(records: list[Held]) -> tuple[UnlistedFact, ...]:
    """One a requirement, from the first record that speaks of it: however many there are, a verdict costs no more."""
    found: dict[str, UnlistedFact] = {}
    for evidence, record in records:
        for result in record.not_passed:
            found.setdefault(
                result.requirement, UnlistedFact(result.requirement, evidence, result.outcome.value, record.trust)
            )
    return tuple(found.values())
