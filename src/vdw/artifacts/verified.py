"""Whether what was asked is what was shown to work: one answer for every view, from the documents alone."""

from __future__ import annotations

from collections.abc import Mapping

from vdw.artifacts.evidence import EvidenceRecord, evidence_from_content, proven_requirements
from vdw.artifacts.revision import Revision
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import DOCUMENT_ID, ElementKind
from vdw.domain.manifest import ElementRef
from vdw.domain.stages import Phase

CLAIMS_ONLY = "no (claims only)"
"""What every view says of a completed iteration that is not verified."""


def is_verified(revisions: Mapping[Phase, Revision]) -> bool:
    """Whether there is a requirement, and each passed at its repository's head commit on a clean tree, at trust `run`
    or better, and failed nowhere; whatever was waived, and whatever the policy asked. One whose words were erased is
    not shown to work, nor is one of whose evidence some was."""
    mood, validation = revisions.get(Phase.MOOD), revisions.get(Phase.VALIDATION)
    if mood is None or validation is None:
        return False
    asked = {ref.id for ref in mood.manifest.elements if ref.kind is ElementKind.REQUIREMENT}
    records = [record for _, record in evidence_records(validation)]
    erased = {ref.id for ref in erased_evidence(validation)}
    unseen = {link.target for link in validation.manifest.links if link.source in erased}
    shown = proven_requirements(records, set(heads_of(revisions.get(Phase.IMPLEMENTATION)))) & mood.elements.keys()
    return bool(asked) and asked <= shown - unseen


def evidence_records(validation: Revision | None) -> list[tuple[str, EvidenceRecord]]:
    """(id, record) of the evidence that the validation artifact lists, in its order."""
    if validation is None:
        return []
    listed = [element for element in validation.elements.values() if element.kind is ElementKind.EVIDENCE]
    return [(element.id, evidence_from_content(element.content)) for element in listed]


def erased_evidence(validation: Revision) -> list[ElementRef]:
    """The evidence that the validation artifact lists, and of which nothing but the digest is left."""
    return [
        ref
        for ref in validation.manifest.elements
        if ref.kind is ElementKind.EVIDENCE and ref.id not in validation.elements
    ]


def heads_of(implementation: Revision | None) -> tuple[tuple[str, str], ...]:
    """`head_commits` of a revision; none where its document was erased."""
    document = implementation.elements.get(DOCUMENT_ID) if implementation else None
    return head_commits(document.content) if document else ()


def head_commits(document: JsonObject) -> tuple[tuple[str, str], ...]:
    """(repository, head commit) of each repository that an implementation names."""
    heads = [mapping(item) for item in items(document.get("heads", []))]
    return tuple((text(head["repository"]), text(head["commit"])) for head in heads)
