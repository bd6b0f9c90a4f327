"""A proposed change as a file: what people read in it is what is signed, or the file is refused."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.trust.chains import TENANT, TIME, approver, signed, signer, team
from vdw.errors import ErrorCode, VdwError
from vdw.trust.envelope import cosign, parse_envelope
from vdw.trust.proposal import MAX_PROPOSAL_BYTES, proposal_of, read_proposal
from vdw.trust.statements import RevokeStatement

Json = dict[str, Any]

LOG = team("ada", "bob", "cyd")
PROPOSAL = proposal_of(signed(RevokeStatement(TENANT, approver("cyd"), TIME, LOG.state.head), signer("ada")))
FILE = PROPOSAL.body()


def test_the_file_says_what_was_proposed_and_holds_the_envelope_as_it_is_handed_in() -> None:
    value = json.loads(FILE)

    assert read_proposal(FILE) == PROPOSAL
    assert value["statement"]["predicate"]["approver"] == "apr_cyd"
    assert parse_envelope(json.dumps(value["envelope"]).encode()) == PROPOSAL.envelope


def test_a_further_signature_is_over_the_same_bytes() -> None:
    further = cosign(PROPOSAL.envelope, signer("bob"))

    assert further == signed(
        RevokeStatement(TENANT, approver("cyd"), TIME, LOG.state.head), signer("ada"), signer("bob")
    )


@given(position=st.integers(0, len(FILE) - 1), byte=st.integers(0, 255))
def test_a_file_with_another_byte_never_shows_what_it_does_not_sign(position: int, byte: int) -> None:
    altered = FILE[:position] + bytes([byte]) + FILE[position + 1 :]
    with contextlib.suppress(VdwError):
        found = read_proposal(altered)
        assert (found.statement, found.envelope.payload) == (PROPOSAL.statement, PROPOSAL.envelope.payload)


ALTERATIONS: dict[str, Callable[[Json], object]] = {
    "another approver": lambda value: value["statement"]["predicate"].update(approver="apr_bob"),
    "a field more in the statement": lambda value: value["statement"]["predicate"].update(extra="x"),
    "a field more in the envelope": lambda value: value["envelope"].update(extra="x"),
    "a field more in the file": lambda value: value.update(extra="x"),
    "no subject": lambda value: value["statement"].update(subject=[]),
    "no signature": lambda value: value["envelope"].update(signatures=[]),
    "one signature twice": lambda value: value["envelope"]["signatures"].append(value["envelope"]["signatures"][0]),
    "a later version": lambda value: value.update(schema="vdw.proposal/2"),
    "words for a statement": lambda value: value.update(statement="revoke"),
    "no schema": lambda value: value.pop("schema"),
    "no statement": lambda value: value.pop("statement"),
    "no envelope": lambda value: value.pop("envelope"),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_a_file_of_another_shape_or_with_other_words_is_refused(what: str) -> None:
    value = json.loads(FILE)
    ALTERATIONS[what](value)

    with pytest.raises(VdwError) as refused:
        read_proposal(json.dumps(value).encode())

    assert refused.value.code is ErrorCode.INVALID_INPUT


def test_a_huge_file_is_refused_by_its_size() -> None:
    with pytest.raises(VdwError) as refused:
        read_proposal(FILE + b" " * MAX_PROPOSAL_BYTES)
    assert refused.value.code is ErrorCode.TOO_LARGE


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b'{"schema": 1.5}', b'{"a": 1, "a": 1}', b"[" * 5000])
def test_what_is_no_such_file_at_all_is_refused(body: bytes) -> None:
    with pytest.raises(VdwError) as refused:
        read_proposal(body)
    assert refused.value.code is ErrorCode.INVALID_INPUT
