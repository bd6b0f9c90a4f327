"""Every message is read strictly and answered, the same on a line and in a body, in both eras; the session goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.interaction.lines import Era, Line, line
from tests.interaction.servers import Demo, Served
from tests.security.malformed import CANARY, DEEPEST, HEAD, MALFORMED, RESPONSES, TAIL
from tests.security.wires import Body, Wire
from vdw.transport.messages import INVALID_REQUEST, MAX_MESSAGE_BYTES, PARSE_ERROR

FOREIGN = ("pydantic", "Traceback", ".py", "input_value", "JSONRPC", "Error", "Expecting", "codec", "char ")
MAX_REPLY_BYTES = 1_000
ERAS: tuple[Era, ...] = ("legacy", "modern")
DEEP = f'"a":{"[" * (DEEPEST - 1)}{"]" * (DEEPEST - 1)}'
LARGE = b'"' + b"x" * MAX_MESSAGE_BYTES + b'"'


@pytest.fixture(scope="session", params=ERAS)
def wired(request: pytest.FixtureRequest, demo: Demo) -> Iterator[Line]:
    with line(demo, request.param) as opened:
        yield opened


@pytest.fixture(scope="session", params=["line, legacy", "line, modern", "body, legacy", "body, modern"])
def wire(request: pytest.FixtureRequest, demo: Demo, served: Served, key: str) -> Iterator[Wire]:
    kind, era = cast("str", request.param).split(", ")
    if kind == "body":
        yield Body(served, key, cast("Era", era))
        return
    with line(demo, cast("Era", era)) as opened:
        yield opened


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.row(id="D11")
def test_a_malformed_message_is_answered_in_our_own_words_and_the_session_goes_on(name: str, wire: Wire) -> None:
    sent = MALFORMED[name]

    reply = wire.ask(sent.raw)
    after = wire.ask(wire.good("after"))

    error = reply["error"]
    assert (reply["jsonrpc"], reply["id"], error["code"]) == ("2.0", sent.request_id, sent.code)
    assert sent.word in error["message"]
    assert error["data"]["next_step"]
    assert [word for word in (*FOREIGN, CANARY) if word in json.dumps(reply)] == []
    assert len(json.dumps(reply)) < MAX_REPLY_BYTES
    assert after["id"] == "after"
    assert after["result"]["tools"]


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize("era", ERAS)
@pytest.mark.row(id="D11")
def test_a_malformed_body_is_a_bad_request(name: str, era: Era, served: Served, key: str) -> None:
    body = Body(served, key, era)

    body.ask(MALFORMED[name].raw)

    assert body.statuses == [400]


@pytest.mark.parametrize(
    "extra", ['"a":"\\ud83d\\ude00"', '"a":1.5', '"a":9007199254740991', '"a":null', '"a":"é"', DEEP]
)
def test_what_every_reader_understands_alike_is_taken(extra: str, wire: Wire) -> None:
    right = wire.good(7).replace(b'"params": {', b'"params": {' + extra.encode() + b",").replace(b",}", b"}")

    assert wire.ask(right)["result"]["tools"]


def test_a_fraction_in_an_argument_is_the_tools_to_refuse_with_its_path(wire: Wire) -> None:
    call = wire.good(7, "tools/call", name="list_projects", arguments={"limit": 1.5})

    refused = wire.ask(call)["result"]

    assert refused["isError"]
    assert "arguments.limit" in refused["content"][0]["text"]


# --- A line of its own ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "request_id"),
    [
        (LARGE, None),
        (b"{" + HEAD.encode() + b',"params":{"a":' + LARGE + b"}}", 7),
        (b'{"params":{"id":5,"a":' + LARGE + b"}," + TAIL.encode() + b"}", 7),
        (b'{"params":{"a":' + LARGE * 3 + b',"id":5}}', None),
        (b" " * (MAX_MESSAGE_BYTES + 1), None),
    ],
    ids=["no object", "the id first", "the id last", "no id of its own", "one blank too many"],
)
def test_a_line_that_is_too_long_is_answered_with_the_bound(raw: bytes, request_id: int | None, wired: Line) -> None:
    reply = wired.ask(raw)
    after = wired.ask(wired.good("after"))

    assert (reply["id"], reply["error"]["code"]) == (request_id, INVALID_REQUEST)
    assert str(MAX_MESSAGE_BYTES) in reply["error"]["message"]
    assert reply["error"]["data"]["code"] == "too_large"
    assert len(json.dumps(reply)) < MAX_REPLY_BYTES
    assert after["id"] == "after"


def test_a_line_and_a_body_of_just_the_bound_are_taken(wire: Wire) -> None:
    right = wire.good(7)

    assert wire.ask(right + b" " * (MAX_MESSAGE_BYTES - len(right)))["result"]["tools"]


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_to_nothing_is_never_answered_on_a_line(name: str, wired: Line) -> None:
    wired.write(RESPONSES[name])

    assert wired.ask(wired.good("after"))["id"] == "after"


@pytest.mark.parametrize("name", RESPONSES)
@pytest.mark.parametrize("era", ERAS)
def test_a_response_to_nothing_is_refused_as_a_body(name: str, era: Era, served: Served, key: str) -> None:
    body = Body(served, key, era)

    reply = body.ask(RESPONSES[name])

    assert body.statuses == [400]
    assert (reply["id"], reply["error"]["code"]) == (None, INVALID_REQUEST)


def test_a_notification_is_never_answered_on_a_line(wired: Line) -> None:
    wired.write(b'{"jsonrpc":"2.0","method":"notifications/nobody-knows","params":{"a":1}}')

    assert wired.ask(wired.good("after"))["id"] == "after"


def test_a_last_line_without_its_end_is_read_as_well(demo: Demo) -> None:
    with line(demo, "modern") as opened:
        assert opened.process.stdin is not None
        opened.process.stdin.write(b"{")
        opened.process.stdin.close()
        reply = opened.read()
        ended = opened.process.wait()

    assert reply["error"]["code"] == PARSE_ERROR
    assert ended == 0


def test_nothing_else_in_the_process_reads_what_the_client_says(wired: Line) -> None:
    assert Path(f"/proc/{wired.process.pid}/fd/0").readlink() == Path(os.devnull)


@pytest.mark.parametrize("era", ERAS)
def test_lines_that_are_no_messages_decide_nothing_about_the_era(era: Era, demo: Demo) -> None:
    with line(demo, era, first=[b"[]", b"{", b'{"jsonrpc":"2.0","id":NaN,"method":"initialize"}']) as opened:
        assert opened.ask(opened.good("after"))["id"] == "after"
