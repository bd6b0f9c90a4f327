"""Reading a message, and reading the id of one that cannot be read: in this process, on a great many inputs."""

from __future__ import annotations

import json
from typing import Any

import pydantic_core
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mcp_types import JSONRPCNotification, JSONRPCRequest, jsonrpc_message_adapter

from vdw.transport.messages import MalformedMessageError, over_long, read_message
from vdw.transport.request_ids import MAX_ID_CHARACTERS, id_at_the_edges, rescued_id

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
ids = st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
envelopes = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0") | json_values},
    optional={
        "id": ids | json_values,
        "method": st.text(max_size=5) | json_values,
        "params": st.dictionaries(st.text(max_size=3), json_values, max_size=3) | json_values,
        "more": json_values,
    },
)
plain_ids = st.integers(-(10**15) + 1, 10**15 - 1) | st.text("abcXYZ019_.:/+=-", min_size=1, max_size=MAX_ID_CHARACTERS)


def taken(raw: bytes) -> dict[str, Any] | None:
    try:
        return read_message(raw)
    except MalformedMessageError:
        return None


@given(envelopes | json_values, st.booleans())
@example({"jsonrpc": "2.0", "id": 1, "method": "a", "params": None}, True)
def test_what_is_taken_the_sdk_takes_too_by_each_of_its_parsers(value: object, ascii_only: bool) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    message = taken(raw)
    if message is None:
        return

    by_pydantic = jsonrpc_message_adapter.validate_python(pydantic_core.from_json(raw), by_name=False)
    kind = JSONRPCRequest if "id" in message else JSONRPCNotification

    assert by_pydantic == kind.model_validate(json.loads(raw)) == kind.model_validate(message)


@given(st.binary(max_size=60))
def test_whatever_bytes_come_are_taken_or_refused_and_nothing_else_happens(raw: bytes) -> None:
    taken(raw)


@given(plain_ids, st.sampled_from(["id first", "id second", "id third", "id last", "id last but one"]))
def test_the_id_of_a_message_that_cannot_be_read_is_found_where_clients_write_it(
    request_id: int | str, where: str
) -> None:
    this, version, method = f'"id": {json.dumps(request_id)}', '"jsonrpc": "2.0"', '"method": "tools/call"'
    unread = '"params": {"id": 5, "x": "\xff\\"id\\":6"}'
    members = {
        "id first": [this, version, method, unread],
        "id second": [version, this, method, unread],
        "id third": [version, method, this, unread],
        "id last": [method, unread, version, this],
        "id last but one": [method, unread, this, version],
    }[where]
    raw = ("{" + ", ".join(members) + "}").encode("latin-1")

    assert rescued_id(raw) == request_id


@pytest.mark.parametrize(
    "raw",
    [
        b'{"params": {"id": 5, "x": "\xff',
        b'{"x": "\xff", "params": {"jsonrpc": "2.0", "id": 5}}',
        b'{"x": "\xff", "params": ["id", 5]}',
        b'{"x": "\xff \\"jsonrpc\\": \\"2.0\\", \\"id\\": 5}',
        b'["\xff", {"jsonrpc": "2.0", "id": 5}]',
        b'{"id": 007, "x": "\xff"}',
        b'{"id": 5.5, "x": "\xff"}',
        b'{"id": 9999999999999999999, "x": "\xff"}',
        b'{"id": "' + b"7" * (MAX_ID_CHARACTERS + 1) + b'", "x": "\xff"}',
    ],
)
def test_what_is_not_surely_the_messages_own_id_is_not_taken_for_it(raw: bytes) -> None:
    assert rescued_id(raw) is None


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_the_edges_of_any_bytes_can_be_looked_at(head: bytes, tail: bytes) -> None:
    id_at_the_edges(head, tail)


def test_an_over_long_message_is_answered_without_being_repeated() -> None:
    reply = over_long(b'{"jsonrpc":"2.0","id":7,"method":"x","params":"secret', b"secret").reply()

    assert reply["id"] == 7
    assert "secret" not in json.dumps(reply)
