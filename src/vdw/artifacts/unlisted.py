"""Evidence that the server holds and a validation artifact leaves out, though it speaks against what was built.

Whoever writes the artifact chooses what it lists; what is not listed is shown to who decides all the same. It says nothing
of what it means: a rule or a person does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vdw.artifacts.evidence import EvidenceRecord, Outcome, evidence_from_content
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.trust_level import TRUST_ORDER

MAX_UNLISTED = 20
"""Records that are named; all are counted. As many as a person reads: more say no more."""
MAX_RESULTS = 50
"""Requirements that are named of one record; all are counted."""


def unlisted_evidence(
    held: Iterable[tuple[str, JsonObject]], commits: Collection[str], listed: Collection[str]
) -> JsonObject | None:
    """The records of `held`, oldest first, that did not wholly pass at one of the head `commits` and are not `listed`: how many,
    and the most trusted and newest of them. None where there are none.

    The commit alone decides: under another name of its repository it is the same code. Raises `VdwError` (invalid_input) for
    a damaged record.
    """
    records = [(name, evidence_from_content(content)) for name, content in held if name not in listed]
    found = [(name, record) for name, record in records if record.commit in commits and _against(record)]
    if not found:
        return None
    by_trust = sorted(found, key=lambda each: TRUST_ORDER.index(each[1].trust))
    return {"count": len(found), "records": [_shown(*each) for each in by_trust[: -MAX_UNLISTED - 1 : -1]]}


def _against(record: EvidenceRecord) -> bool:
    return record.outcome is not Outcome.PASSED or bool(_not_passed(record))


def _not_passed(record: EvidenceRecord) -> list[JsonValue]:
    return [
        {"requirement": result.requirement, "outcome": result.outcome.value}
        for result in record.verifies
        if result.outcome is not Outcome.PASSED
    ]


def _shown(name: str, record: EvidenceRecord) -> JsonObject:
    results = _not_passed(record)
    return {
        "id": name,
        "kind": record.kind,
        "outcome": record.outcome.value,
        "trust": record.trust.value,
        "produced_by": record.produced_by,
        "repository": record.repository,
        "commit": record.commit,
        "dirty": record.dirty,
        "command": record.command,
        "exit_code": record.exit_code,
        "measured_at": record.measured_at,
        "report": record.report,
        "tests": record.tests,
        "failures": record.failures,
        "skipped": record.skipped,
        "note": record.note,
        "results": results[:MAX_RESULTS],
        "more_results": max(0, len(results) - MAX_RESULTS),
    }
