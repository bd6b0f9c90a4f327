"""The evidence record: what was seen of the built software, with the trust that the server gave it
(`vdw.evidence/2`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vdw.artifacts.places import NOWHERE
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import flag, items, mapping, number, text, texts
from vdw.domain.trust_level import TRUST_ORDER, Trust
from vdw.errors import ErrorCode, VdwError

EVIDENCE_SCHEMA = "vdw.evidence/2"
_FIRST_SCHEMA = "vdw.evidence/1"
MAX_CASES_SHOWN = 20
"""Names of test cases kept with one requirement; the report has them all."""


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """What the record says of one requirement."""

    requirement: str
    outcome: Outcome
    cases: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    """Where the cases lie, as the report says it (see `places`); all of them, or one of them is `places.NOWHERE`."""


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """`report` is the digest of the stored report, '' for a claim. Times are UTC; `exit_code` is -1 where nothing
    ran."""

    kind: str
    verifies: tuple[RequirementResult, ...]
    outcome: Outcome
    trust: Trust
    produced_by: str
    repository: str
    commit: str
    dirty: bool
    command: str
    exit_code: int
    started_at: str
    ended_at: str
    measured_at: str
    report: str
    tests: int
    failures: int
    skipped: int
    note: str = ""
    uncounted: tuple[str, ...] = ()
    """Requirements that the report named by their ids alone, in a repository that is another project's as well."""

    @property
    def not_passed(self) -> tuple[RequirementResult, ...]:
        return tuple(result for result in self.verifies if result.outcome is not Outcome.PASSED)


def evidence_content(record: EvidenceRecord) -> JsonObject:
    """The record as an element's content."""
    return {
        "schema": EVIDENCE_SCHEMA,
        "kind": record.kind,
        "verifies": [
            {
                "requirement": item.requirement,
                "outcome": item.outcome.value,
                "cases": list(item.cases),
                "places": list(item.places),
            }
            for item in record.verifies
        ],
        "outcome": record.outcome.value,
        "trust": record.trust.value,
        "produced_by": record.produced_by,
        "repository": record.repository,
        "commit": record.commit,
        "dirty": record.dirty,
        "command": record.command,
        "exit_code": record.exit_code,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "measured_at": record.measured_at,
        "report": record.report,
        "tests": record.tests,
        "failures": record.failures,
        "skipped": record.skipped,
        "note": record.note,
        "uncounted": list(record.uncounted),
    }


def evidence_from_content(value: JsonObject) -> EvidenceRecord:
    """Reads what `evidence_content` wrote, in this version or the first. Raises `VdwError` (invalid_input) for another
    schema or a damaged record."""
    if value.get("schema") not in (EVIDENCE_SCHEMA, _FIRST_SCHEMA):
        raise VdwError(ErrorCode.INVALID_INPUT, "This evidence has a schema this version does not know.", "Update vdw.")
    try:
        return _record(_upgraded(value))
    except (KeyError, TypeError, ValueError) as error:
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            "This evidence record is damaged.",
            "Restore the store from a backup: what cannot be read may be what failed, so no gate passes over it.",
            reason=repr(error),
        ) from None


def _upgraded(value: JsonObject) -> JsonObject:
    """A record of the first schema with what it does not say; what is stored stays as it is."""
    if value["schema"] != _FIRST_SCHEMA:
        return value
    verifies: list[JsonValue] = [{"places": [NOWHERE], **mapping(item)} for item in items(value["verifies"])]
    return {**value, "verifies": verifies, "uncounted": []}


def _record(value: JsonObject) -> EvidenceRecord:
    return EvidenceRecord(
        kind=text(value["kind"]),
        verifies=tuple(_result(mapping(item)) for item in items(value["verifies"])),
        outcome=Outcome(text(value["outcome"])),
        trust=Trust(text(value["trust"])),
        produced_by=text(value["produced_by"]),
        repository=text(value["repository"]),
        commit=text(value["commit"]),
        dirty=flag(value["dirty"]),
        command=text(value["command"]),
        exit_code=number(value["exit_code"]),
        started_at=text(value["started_at"]),
        ended_at=text(value["ended_at"]),
        measured_at=text(value["measured_at"]),
        report=text(value["report"]),
        tests=number(value["tests"]),
        failures=number(value["failures"]),
        skipped=number(value["skipped"]),
        note=text(value["note"]),
        uncounted=texts(value["uncounted"]),
    )


def _result(value: JsonObject) -> RequirementResult:
    return RequirementResult(
        text(value["requirement"]), Outcome(text(value["outcome"])), texts(value["cases"]), texts(value["places"])
    )


def proven_requirements(records: Iterable[EvidenceRecord], heads: set[tuple[str, str]]) -> set[str]:
    """Requirements that passed in a run that passed, at a head commit with a clean tree, at trust `run` or better, and
    that failed nowhere."""
    passed: set[str] = set()
    failed: set[str] = set()
    for record in records:
        counts = (
            record.outcome is Outcome.PASSED  # a build that is red proves nothing by its green parts
            and not record.dirty
            and (record.repository, record.commit) in heads
            and TRUST_ORDER.index(record.trust) >= TRUST_ORDER.index(Trust.RUN)
        )
        for result in record.verifies:
            if result.outcome is Outcome.FAILED:
                failed.add(result.requirement)
            elif counts and result.outcome is Outcome.PASSED:
                passed.add(result.requirement)
    return passed - failed
