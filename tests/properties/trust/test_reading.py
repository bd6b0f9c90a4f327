"""Untrusted bytes are read in one way or refused in our own words; nothing foreign is raised."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.trust.chains import Log, predicate
from vdw.domain.canonical import JsonObject, JsonValue, canonical_bytes
from vdw.errors import ErrorCode, VdwError
from vdw.trust.envelope import parse_envelope
from vdw.trust.growing import Growing
from vdw.trust.parsing import read_statement
from vdw.trust.server_statements import read_server_statement

T = TypeVar("T")

QUICK = settings(max_examples=200, deadline=None, derandomize=True, database=None)
LOG = Log()
DECISION = LOG.decision().as_statement()
WAIVER = LOG.waiver().as_statement()
REFUSED = {ErrorCode.INVALID_INPUT, ErrorCode.TOO_LARGE}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@QUICK
@given(body=st.binary(max_size=300) | values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for read in (parse_envelope, read_statement, read_server_statement):
        _read_or_refused(read, body)


@QUICK
@given(statement=st.sampled_from([DECISION, WAIVER]), value=values, data=st.data())
def test_a_statement_with_any_value_in_any_place_is_read_back_exactly_or_refused(
    statement: JsonObject, value: JsonValue, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from([*sorted(predicate(statement)), "subject", "predicate", "_type", "new"]))
    if place in predicate(statement):
        changed: JsonObject = {**statement, "predicate": {**predicate(statement), place: value}}
    else:
        changed = {**statement, place: value}
    payload = json.dumps(changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    found = _read_or_refused(read_statement, payload)
    assert found is None or canonical_bytes(found.as_statement()) == payload


def _read_or_refused(read: Callable[[bytes], T], body: bytes) -> T | None:
    """None where it is refused in our own words; anything else that is raised fails the test."""
    try:
        return read(body)
    except VdwError as refused:
        if refused.code not in REFUSED:
            raise
        return None


@QUICK
@given(items=st.lists(st.tuples(st.integers(0, 30), st.integers()), max_size=80))
def test_a_growing_mapping_is_a_dictionary_whose_past_stays(items: list[tuple[int, int]]) -> None:
    growing: Growing[int, int] = Growing()
    plain: dict[int, int] = {}
    past: list[tuple[Growing[int, int], dict[int, int]]] = []
    for key, value in items:
        past.append((growing, dict(plain)))
        growing = growing.plus(key, value)
        plain[key] = value
        assert growing[key] == value
    for then, expected in [*past, (growing, plain)]:
        assert (list(then), dict(then), len(then)) == (list(expected), expected, len(expected))
        assert 99 not in then
