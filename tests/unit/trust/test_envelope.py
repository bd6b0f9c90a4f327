"""Envelopes: one form, read strictly, whose PAE is that of DSSE."""

import base64

import pytest

from tests.unit.trust.chains import Log, founding, signed, signer
from vdw.domain.canonical import JsonObject, JsonValue, canonical_bytes, digest_bytes
from vdw.errors import ErrorCode, VdwError
from vdw.trust.envelope import (
    MAX_ENVELOPE_BYTES,
    MAX_SIGNATURES,
    Envelope,
    Signature,
    parse_envelope,
    pre_authentication_encoding,
)

ENVELOPE = signed(founding(), signer("ada"))


def test_an_envelope_is_read_back_as_it_was_written_and_its_digest_is_that_of_its_bytes() -> None:
    assert parse_envelope(ENVELOPE.body()) == ENVELOPE
    assert ENVELOPE.digest() == digest_bytes(ENVELOPE.body())


def test_the_pre_authentication_encoding_is_that_of_dsse() -> None:
    assert pre_authentication_encoding(b"hello") == b"DSSEv1 28 application/vnd.in-toto+json 5 hello"


def test_several_signers_sign_the_same_bytes() -> None:
    both = signed(Log().enrolment("bob"), signer("ada"), signer("bob"))
    assert [signature.keyid for signature in both.signatures] == ["apr_ada", "apr_bob"]
    assert both.signatures[0] == signed(Log().enrolment("bob"), signer("ada")).signatures[0]


SIG: JsonObject = {"keyid": "apr_ada", "sig": base64.b64encode(b"s" * 64).decode()}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payloadType", "application/json"),
        ("payload", 1),
        ("payload", "not base64!"),
        ("payload", "aGVsbG8"),  # without its padding
        ("payload", "aGVsbG9="),  # bits beyond the last byte
        ("payload", "aGVs\nbG8="),
        ("signatures", []),
        ("signatures", {}),
        ("signatures", [SIG, SIG]),
        ("signatures", [{"keyid": "apr_ada"}]),
        ("signatures", [{**SIG, "cert": "x"}]),
        ("signatures", [{**SIG, "keyid": 7}]),
        ("signatures", ["apr_ada"]),
        ("signatures", [{**SIG, "keyid": str(number)} for number in range(MAX_SIGNATURES + 1)]),
        ("extra", 1),
    ],
)
def test_what_another_reader_might_understand_differently_is_refused(field: str, value: JsonValue) -> None:
    body = canonical_bytes({**ENVELOPE.as_json(), field: value})
    with pytest.raises(VdwError) as refused:
        parse_envelope(body)
    assert refused.value.code is ErrorCode.INVALID_INPUT


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"payload":', b"\xff", b'{"payload":"","payload":""}'])
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(VdwError) as refused:
        parse_envelope(body)
    assert refused.value.code is ErrorCode.INVALID_INPUT


def test_an_envelope_that_is_too_large_is_refused_before_it_is_read() -> None:
    huge = Envelope(b"x" * MAX_ENVELOPE_BYTES, (Signature("apr_ada", b"s"),))
    with pytest.raises(VdwError) as refused:
        parse_envelope(huge.body())
    assert refused.value.code is ErrorCode.TOO_LARGE
