"""Statements: each kind is read back exactly, and nothing is signed for that was not read."""

from dataclasses import replace

import pytest

from tests.unit.trust.chains import TENANT, TIME, Log, approver, demo_founding, founding, predicate, signer, subject_of
from vdw.domain.canonical import ZERO_DIGEST, JsonObject, JsonValue, canonical_bytes, digest_of
from vdw.domain.finding import Subject
from vdw.domain.policy import Assurance, Policy
from vdw.errors import ErrorCode, VdwError
from vdw.trust.parsing import read_statement
from vdw.trust.statements import (
    MAX_SUBJECTS,
    PolicyStatement,
    ReplaceStatement,
    RevokeStatement,
    ServerKeyStatement,
    Statement,
    waived_digest,
)

LOG = Log()
ALL: dict[str, Statement] = {
    "found": founding(),
    "found demo": demo_founding()[0],
    "refound": LOG.refounding("eve"),
    "enrol": LOG.enrolment("bob"),
    "replace": ReplaceStatement(
        TENANT, approver("b"), approver("a"), signer("b").public_key, Assurance.KEY, TIME, LOG.state.head
    ),
    "revoke": RevokeStatement(TENANT, approver("a"), TIME, LOG.state.head),
    "policy": PolicyStatement(TENANT, Policy(quorum=2), TIME, LOG.state.head),
    "server key": ServerKeyStatement(TENANT, "srv_a", signer("s").public_key, TIME, LOG.state.head),
    "first decision": LOG.decision(),
    "later decision": LOG.decision(comments=digest_of({}), previous=digest_of([])),
    "waiver": LOG.waiver(),
}
EVERY = pytest.mark.parametrize("statement", ALL.values(), ids=ALL.keys())


def read(value: JsonObject) -> Statement:
    return read_statement(canonical_bytes(value))


def refusal(value: JsonObject) -> VdwError:
    with pytest.raises(VdwError) as refused:
        read(value)
    assert refused.value.code is ErrorCode.INVALID_INPUT
    return refused.value


@EVERY
def test_every_statement_is_read_back_as_it_was_written(statement: Statement) -> None:
    assert read(statement.as_statement()) == statement


@EVERY
def test_every_field_of_a_predicate_is_needed(statement: Statement) -> None:
    value = statement.as_statement()
    for name in list(predicate(value)):
        kept = {key: item for key, item in predicate(value).items() if key != name}
        refusal({**value, "predicate": kept})


@EVERY
def test_an_unknown_field_is_refused_by_name_of_its_place(statement: Statement) -> None:
    value = statement.as_statement()
    refused = refusal({**value, "predicate": {**predicate(value), "note": "approve all gates"}})
    assert refused.details["path"] == "statement.predicate"
    assert "exactly the fields" in str(refusal({**value, "note": "x"}).details["rule"])


@EVERY
def test_a_statement_speaks_of_the_one_subject_that_its_predicate_says(statement: Statement) -> None:
    value = statement.as_statement()
    subject = subject_of(value)
    refusal({**value, "subject": [{**subject, "name": "vdw:prj_other/mood"}]})
    refusal({**value, "subject": [subject, subject]})
    for wrong in ([], subject, "vdw:prj_a/mood", [subject["name"]]):
        refusal({**value, "subject": wrong})
    refusal({**value, "subject": [{**subject, "digest": {"sha256": "0" * 63}}]})
    refusal({**value, "subject": [{**subject, "digest": {"sha256": ZERO_DIGEST, "sha512": "0"}}]})


@EVERY
def test_one_meaning_has_one_text(statement: Statement) -> None:
    payload = canonical_bytes(statement.as_statement())
    for other in (b" " + payload, payload + b"\n", payload.replace(b'":', b'": ', 1)):
        with pytest.raises(VdwError):
            read_statement(other)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("verdict", "maybe"),
        ("gate", "phase_1"),
        ("lane", "fast"),
        ("assurance", "otp"),
        ("iteration", 0),
        ("iteration", True),
        ("iteration", "1"),
        ("tenant", "ten a"),
        ("project", ""),
        ("project", "prj/../x"),
        ("review", "r" * 81),
        ("approver", None),
        ("brief", None),
        ("brief", "A" * 64),
        ("brief", "0" * 63),
        ("comments", ""),
        ("owners", ["per_b", "per_a"]),
        ("owners", ["per_a", "per_a"]),
        ("owners", "per_a"),
        ("owners", [1]),
        ("owners", ["Ada Lovelace"]),
        ("template", 0),
        ("time", "2026-11-24T12:00:00"),
        ("time", "2026-11-24T12:00:00+00:00"),
        ("time", "2026-11-24T12:00:00.5Z"),
        ("time", "2026-02-30T12:00:00Z"),
    ],
)
def test_a_field_of_another_form_is_refused_with_its_path(field: str, wrong: JsonValue) -> None:
    value = LOG.decision().as_statement()
    refused = refusal({**value, "predicate": {**predicate(value), field: wrong}})
    assert refused.details["path"] == f"statement.predicate.{field}"


@pytest.mark.parametrize("until", ["2026-13-01", "20261231", "2026-12-31T00:00:00Z", "tomorrow"])
def test_a_waiver_ends_on_a_day(until: str) -> None:
    refusal(replace(LOG.waiver(), until=until).as_statement())


def test_a_waiver_names_its_subjects_by_id_and_digest_never_in_words() -> None:
    refusal(LOG.waiver(subjects=(Subject("REQ-001", "Ada said so"),)).as_statement())
    refusal(LOG.waiver(subjects=(Subject("the login page", ""),)).as_statement())
    refusal(LOG.waiver(subjects=()).as_statement())
    refusal(LOG.waiver(subjects=(Subject("REQ-001", ""),) * (MAX_SUBJECTS + 1)).as_statement())


def test_a_waiver_is_for_its_finding_at_the_digests_of_then() -> None:
    before = waived_digest("orphan", (Subject("CMP-001", ZERO_DIGEST),))
    assert before != waived_digest("orphan", (Subject("CMP-001", digest_of(1)),))
    assert before != waived_digest("cycle", (Subject("CMP-001", ZERO_DIGEST),))


@pytest.mark.parametrize("public_key", ["", "AAAA", "x" * 44, signer("ada").public_key + "=", "A" * 42 + "B="])
def test_a_public_key_is_32_bytes_in_canonical_base64(public_key: str) -> None:
    refusal(replace(founding(), public_key=public_key).as_statement())


@pytest.mark.parametrize("kind", ["urn:vdw:verdict:1", "urn:vdw:files:1", "urn:vdw:decision:2", ""])
def test_a_log_holds_no_other_kind_of_statement(kind: str) -> None:
    refusal({**LOG.decision().as_statement(), "predicateType": kind})


def test_another_version_of_the_statement_format_is_refused() -> None:
    refusal({**LOG.decision().as_statement(), "_type": "https://in-toto.io/Statement/v0.1"})
