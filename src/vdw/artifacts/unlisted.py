"""Evidence that the server holds and a validation artifact leaves out, though it speaks against what was built.

Whoever writes the artifact chooses what it lists; what is not listed is shown to who decides all the same. It says
nothing of what it means: a rule or a person does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from vdw.artifacts.evidence import EvidenceRecord, Outcome, evidence_from_content
from vdw.artifacts.models.fields import COMMIT
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.counting import counted
from vdw.domain.trust_level import TRUST_ORDER

MAX_UNLISTED = 20
"""Records that are named; all are counted. As many as a person reads: more say no more."""
MAX_RESULTS = 50
"""Requirements that are named of one record; all are counted."""

_COMMIT = re.compile(COMMIT)

Held = tuple[str, EvidenceRecord]
"""A record with its id."""


def speaking_against(
    held: Iterable[tuple[str, JsonObject]], commits: Collection[str], listed: Collection[str]
) -> list[Held]:
    """The records of `held`, oldest first, that did not wholly pass at one of the head `commits` and are not `listed`;
    the most trusted come first, and of these the newest.

    The commit alone decides: under another name of its repository it is the same code. Raises `VdwError`
    (invalid_input) for a damaged record; one that plainly names another commit is not read further.
    """
    records = [
        (name, evidence_from_content(content))
        for name, content in held
        if name not in listed and not _is_elsewhere(content.get("commit"), commits)
    ]
    found = [(name, record) for name, record in records if record.commit in commits and _is_against(record)]
    return sorted(found, key=lambda each: TRUST_ORDER.index(each[1].trust))[::-1]


def counted_words(count: int, shown: int) -> str:
    """The sentence over the records that are shown, of all that there are, without its end."""
    words = f"{counted(count, 'record')} did not wholly pass at a head commit"
    return f"{words}; the first {shown} are shown" if shown < count else words


def unlisted_evidence(found: Sequence[Held]) -> JsonObject | None:
    """What a brief says of what `speaking_against` found: how many records, and the first of them. None where there are
    none."""
    return {"count": len(found), "records": [_shown(*each) for each in found[:MAX_UNLISTED]]} if found else None


def _is_elsewhere(commit: JsonValue, commits: Collection[str]) -> bool:
    """Whether this is a commit, and none of these: what cannot be read may be what failed at one of them."""
    return isinstance(commit, str) and bool(_COMMIT.fullmatch(commit)) and commit not in commits


def _is_against(record: EvidenceRecord) -> bool:
    return record.outcome is not Outcome.PASSED or bool(record.not_passed)


def _shown(name: str, record: EvidenceRecord) -> JsonObject:
    results: list[JsonValue] = [
        {"requirement": result.requirement, "outcome": result.outcome.value} for result in record.not_passed
    ]
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
