"""Reading JSON strictly and writing it in one form."""

import json

import pytest
import rfc8785
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


@given(st.recursive(plain, lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=4), max_leaves=20))
def test_the_form_is_that_of_rfc_8785_whatever_the_keys(value: object) -> None:
    try:
        body = canonical_bytes(value)
    except VdwError:
        assert has_surrogates(value)
    else:
        assert body == rfc8785.dumps(value)  # type: ignore[arg-type]  # any JSON


def has_surrogates(value: object) -> bool:
    return any(0xD800 <= ord(character) < 0xE000 for character in json.dumps(value, ensure_ascii=False))


@pytest.mark.parametrize("leaf", [1, "", [], {}, None])
def test_a_value_is_nested_as_deep_as_the_limit_and_no_deeper(leaf: object) -> None:
    value = leaf
    for _ in range(MAX_DEPTH):
        value = [value]

    assert parse_json(canonical_bytes(value)) == value
    with pytest.raises(VdwError):
        canonical_bytes([value])


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
