"""A newcomer's request to be enrolled, as a file that somebody else passes on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.trust.chains import TENANT, signer
from vdw.domain.ids import ApproverId
from vdw.errors import ErrorCode, VdwError
from vdw.service.key_requests import MAX_KEY_REQUEST_BYTES, KeyRequest, read_key_request

REQUEST = KeyRequest(TENANT, ApproverId("apr_dan"), "Dän O'Neil", signer("dan").public_key)


def test_what_is_written_is_read() -> None:
    assert read_key_request(REQUEST.body()) == REQUEST


@pytest.mark.parametrize(
    "altered",
    [
        replace(REQUEST, name=""),
        replace(REQUEST, name="Dan\x1b[2JAda"),
        replace(REQUEST, name="Dan\u202ebob"),
        replace(REQUEST, name="x" * 81),
        replace(REQUEST, approver=ApproverId("apr dan")),
        replace(REQUEST, public_key="AAAA"),
        replace(REQUEST, public_key=REQUEST.public_key + "\n"),
    ],
    ids=["no name", "a control mark", "a direction mark", "a long name", "no id", "a short key", "a key with more"],
)
def test_a_field_that_is_none_is_refused(altered: KeyRequest) -> None:
    with pytest.raises(VdwError) as refused:
        read_key_request(altered.body())
    assert refused.value.code is ErrorCode.INVALID_INPUT


@pytest.mark.parametrize(
    "more", [{"owner": "per_ada"}, {"schema": "vdw.key-request/2"}], ids=["a field more", "a later version"]
)
def test_another_shape_is_refused(more: dict[str, str]) -> None:
    with pytest.raises(VdwError) as refused:
        read_key_request(json.dumps({**json.loads(REQUEST.body()), **more}).encode())
    assert refused.value.code is ErrorCode.INVALID_INPUT


def test_a_huge_file_is_refused_by_its_size() -> None:
    with pytest.raises(VdwError) as refused:
        read_key_request(REQUEST.body() + b" " * MAX_KEY_REQUEST_BYTES)
    assert refused.value.code is ErrorCode.TOO_LARGE
