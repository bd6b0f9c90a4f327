"""Reading JSON strictly and writing it in one form."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from vdw.domain.canonical import (
    MAX_DEPTH,
    MAX_KEY_SHOWN,
    Allowed,
    canonical_bytes,
    digest_of,
    parse_json,
    parse_object,
    read_json,
    require_plain,
)
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


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": [1, {"b": 2.5}]}, "$.a[1].b: "),
        ({"a": {"\ud800": 1}}, "$.a: "),
        (["x", "\udfff"], "$[1]: "),
        ({"k" * 10_000: 2**53}, f"$.{'k' * MAX_KEY_SHOWN}: "),
        ({"a": b"bytes"}, "$.a: "),
        ({1: 2}, "$: "),
    ],
)
def test_a_fault_is_told_with_the_way_to_it(value: object, path: str) -> None:
    with pytest.raises(VdwError) as refused:
        require_plain(value)
    assert refused.value.public.startswith(path)


@pytest.mark.parametrize("number", ["1.5", "-0.25e3", "1e308"])
def test_a_fraction_is_read_only_where_it_may_stand(number: str) -> None:
    assert read_json(number, max_bytes=20, allowed=Allowed(1, fractions=True)) == float(number)
    with pytest.raises(VdwError):
        read_json(number, max_bytes=20, allowed=Allowed(1, fractions=False))


@pytest.mark.parametrize("text", ['{"a": 1e999}', '{"a": -1e999}', '{"a": NaN}', '{"a": [[1]]}', '{"a": 1.5, "a": 1}'])
def test_what_no_reader_keeps_is_read_nowhere(text: str) -> None:
    with pytest.raises(VdwError):
        read_json(text, max_bytes=20, allowed=Allowed(2, fractions=True))


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
