"""Reading JSON strictly and writing it in one form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vdw.domain.canonical import MAX_DEPTH, canonical_bytes, digest_of, parse_json, parse_object
from vdw.errors import ErrorCode, VdwError

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé", max_size=4), inner, max_size=4),
    max_leaves=20,
)


@given(plain)
def test_what_is_written_is_read_back_and_written_alike(value: object) -> None:
    body = canonical_bytes(value)
    assert parse_json(body) == value
    assert canonical_bytes(parse_json(body)) == body


def test_order_of_keys_and_white_space_change_no_digest() -> None:
    left = parse_json('{"b": 1, "a": [1, 2]}')
    right = parse_json('{"a":[1,2],"b":1}')
    assert digest_of(left) == digest_of(right)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('{"a": 1, "a": 2}', "stands twice"),
        ('{"a": 1.5}', "fraction"),
        ('{"a": NaN}', "JSON does not have"),
        ('{"a": -Infinity}', "JSON does not have"),
        ('{"a": 1e3}', "fraction"),
        ('{"a": 9007199254740993}', "2^53"),
        ('{"a": "\\ud800"}', "surrogate"),
        ('{"a": ' + "9" * 5000 + "}", "digits"),
        ("[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2), "nested"),
        ("[" * 100_000, "nested"),
        ('{"a": }', "not valid JSON"),
    ],
)
def test_what_two_readers_could_understand_differently_is_refused(text: str, rule: str) -> None:
    with pytest.raises(VdwError) as refused:
        parse_json(text)
    assert refused.value.code is ErrorCode.INVALID_INPUT
    assert rule in refused.value.public


def test_invalid_utf8_is_refused_with_its_place() -> None:
    with pytest.raises(VdwError) as refused:
        parse_json(b'{"a": "\xff"}')
    assert "byte 7" in refused.value.public


def test_a_document_of_ten_megabytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(VdwError) as refused:
        parse_json(json.dumps({"a": "x" * 10_000_000}))
    assert refused.value.code is ErrorCode.TOO_LARGE
    assert refused.value.next_step


def test_a_list_is_no_object() -> None:
    with pytest.raises(VdwError):
        parse_object("[]")
