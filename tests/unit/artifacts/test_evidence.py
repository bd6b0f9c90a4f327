"""The evidence record, and which requirements it proves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.artifacts.documents import COMMIT, record
from vdw.artifacts.evidence import (
    EvidenceRecord,
    Outcome,
    RequirementResult,
    evidence_content,
    evidence_from_content,
    proven_requirements,
)
from vdw.artifacts.places import NOWHERE
from vdw.domain.canonical import JsonValue, canonical_bytes, parse_object
from vdw.domain.trust_level import Trust
from vdw.errors import ErrorCode, VdwError

HEADS = {("demo", COMMIT)}
FAILED = record(RequirementResult("REQ-001", Outcome.FAILED))


def test_a_record_is_read_back_as_it_was_written() -> None:
    written = record(
        RequirementResult("REQ-001", Outcome.SKIPPED, ("a", "b"), ("tests/a.py",)), trust=Trust.REPORTED, dirty=True
    )

    stored = parse_object(canonical_bytes(evidence_content(written)))

    assert evidence_from_content(stored) == written


def test_a_record_of_the_first_schema_is_read_without_what_it_did_not_say() -> None:
    first = {**evidence_content(record()), "schema": "vdw.evidence/1"}
    del first["uncounted"]
    first["verifies"] = [{"requirement": "REQ-001", "outcome": "passed", "cases": ["test_req_001"]}]

    read = evidence_from_content(first)

    assert read == record(RequirementResult("REQ-001", Outcome.PASSED, ("test_req_001",), (NOWHERE,)))


@pytest.mark.parametrize("name", sorted(evidence_content(record())))
def test_a_record_without_one_of_its_fields_is_refused_in_our_words(name: str) -> None:
    content = evidence_content(record())
    del content[name]

    with pytest.raises(VdwError) as caught:
        evidence_from_content(content)

    assert caught.value.code is ErrorCode.INVALID_INPUT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schema", "vdw.evidence/3"),
        ("trust", "certain"),
        ("outcome", "fine"),
        ("dirty", 0),
        ("tests", True),
        ("verifies", ["REQ-001"]),
        ("verifies", [{"requirement": "REQ-001", "outcome": "passed", "cases": "a"}]),
    ],
)
def test_a_damaged_record_is_refused_in_our_words(name: str, value: JsonValue) -> None:
    with pytest.raises(VdwError) as caught:
        evidence_from_content({**evidence_content(record()), name: value})

    assert caught.value.code is ErrorCode.INVALID_INPUT
    assert caught.value.next_step


def test_a_pass_at_the_head_with_a_clean_tree_proves() -> None:
    assert proven_requirements([record()], HEADS) == {"REQ-001"}


NO_PROOF: dict[str, list[EvidenceRecord]] = {
    "nothing": [],
    "other commit": [replace(record(), commit="b" * 40)],
    "other repository": [replace(record(), repository="other")],
    "dirty tree": [record(dirty=True)],
    "reported": [record(trust=Trust.REPORTED)],
    "claimed": [record(trust=Trust.CLAIMED)],
    "skipped": [record(RequirementResult("REQ-001", Outcome.SKIPPED))],
    "never run": [record(RequirementResult("REQ-001", Outcome.NOT_RUN))],
    "failed": [FAILED],
    "another test failed": [replace(record(), outcome=Outcome.FAILED, failures=1)],
    "failed elsewhere": [record(), replace(FAILED, trust=Trust.CLAIMED)],
    "failed earlier": [FAILED, record()],
}


@pytest.mark.parametrize("records", NO_PROOF.values(), ids=NO_PROOF.keys())
def test_nothing_else_proves(records: list[EvidenceRecord]) -> None:
    assert proven_requirements(records, HEADS) == set()


def test_a_run_that_skipped_something_proves_what_passed() -> None:
    skipped = RequirementResult("REQ-002", Outcome.SKIPPED)

    assert proven_requirements([replace(record(skipped), verifies=(*record().verifies, skipped))], HEADS) == {"REQ-001"}


def test_an_attested_run_proves_as_well() -> None:
    assert proven_requirements([record(trust=Trust.ATTESTED)], HEADS) == {"REQ-001"}
