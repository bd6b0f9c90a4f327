"""Requests that are nearly right: each is answered in our words or the protocol's, and none makes the server fail."""

from __future__ import annotations

import http.client
import json
import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interaction.lines import HELLO, META, MODERN_VERSION
from tests.interaction.servers import Served
from tests.security.attacks import BEARER, CONTENT, HOST, Headers, Request, answer_to, connected
from tests.security.memory import MAX_GROWTH_KIB, growth
from tests.security.modern import NAMED_BY, Json, asking
from tests.security.test_fuzzed_lines import ODD, values

FOREIGN = re.compile(
    rb"Traceback|pydantic|apsw|sqlite|\.py\b|Exception|Error\(|input_value|0x[0-9a-f]{6,}|Expecting|codec",
    re.IGNORECASE,
)
"""Text that only a library or a stack trace would bring."""
OPEN_STREAM = b"notifications/subscriptions/acknowledged"

RIGHT: tuple[tuple[str, Json], ...] = (
    ("tools/list", {}),
    ("tools/call", {"name": "list_projects", "arguments": {"limit": 3}}),
    ("tools/call", {"name": "get_project", "arguments": {"project": "kettle"}}),
    ("tools/call", {"name": "submit_statement", "arguments": {"envelope": {"payload": "", "signatures": []}}}),
    ("tools/call", {"name": "submit_evidence", "arguments": {"project": "x", "kind": "junit", "report": "<a/>"}}),
    ("tools/call", {"name": "list_projects", "arguments": {}, "requestState": "v1.AAAA", "inputResponses": {}}),
    ("resources/list", {}),
    ("resources/templates/list", {}),
    ("resources/read", {"uri": "vdw://schemas/mood"}),
    ("prompts/list", {}),
    ("prompts/get", {"name": "mood", "arguments": {"project": "kettle"}}),
    (
        "completion/complete",
        {"ref": {"type": "ref/prompt", "name": "mood"}, "argument": {"name": "project", "value": ""}},
    ),
    ("subscriptions/listen", {"notifications": {"resourceSubscriptions": ["vdw://projects/kettle"]}}),
    ("server/discover", {}),
    ("initialize", HELLO),
    ("ping", {}),
    ("logging/setLevel", {"level": "debug"}),
    ("notifications/cancelled", {"requestId": 1}),
)
HEADERS = (
    *("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Param-X", "Mcp-Session-Id", "Last-Event-ID"),
    *("Accept", "Content-Type", "Content-Encoding", "Accept-Encoding", "Expect", "X-Forwarded-Host", "Authorization"),
)
TEXTS = (
    *("", "2026-07-28", "2025-11-25", "tools/call", "=?base64?AA==?=", "=?base64?!?=", "application/json", "*/*"),
    *("gzip", "100-continue", "text/event-stream;q=0", "application/json; charset=utf-16", "\u00e9\u00ff", "\t", ","),
    "a" * 5000,
)
SAYABLE = re.compile(r"[!-~]+")
ids = st.sampled_from([0, -1, "a", "\U0001f600", 2**53 - 1])
ways = st.tuples(
    st.sampled_from(["POST", "GET", "DELETE", "HEAD", "FOO"]),
    st.sampled_from(["/mcp", "/", "/mcp/", "//mcp", "/mcp?x=%00", "/%6dcp", "/mcp%2f"]),
)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=12)


@st.composite
def spoilt_values(draw: st.DrawFn, node: object) -> object:
    """The JSON with one value in it put in another's place, or one more."""
    if isinstance(node, dict) and node and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(node)))
        return {**node, name: draw(spoilt_values(node[name]))}
    if isinstance(node, dict) and draw(st.booleans()):
        return {
            **node,
            draw(st.sampled_from(["_meta", "cursor", "name", "requestState"]) | st.text(max_size=4)): draw(values),
        }
    return draw(values)


@st.composite
def spoilt_headers(draw: st.DrawFn, headers: Headers) -> Headers:
    """The headers with one left out, said twice, or another one put in; name and credential mostly stay."""
    at = draw(st.integers(0 if draw(st.integers(0, 9)) == 0 else len(HOST + BEARER), len(headers) - 1))
    one: Headers = ((draw(st.sampled_from(HEADERS)), draw(st.sampled_from(TEXTS) | printable)),)
    before, said, after = headers[:at], headers[at : at + 1], headers[at + 1 :]
    return draw(st.sampled_from([before + after, headers + said, headers + one, before + one + after]))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A request of either era that was right, and was then spoilt in one place or a few."""
    method, params = draw(st.sampled_from(RIGHT))
    given_params = draw(spoilt_values(params)) if draw(st.booleans()) else params
    if draw(st.booleans()):
        meta = draw(spoilt_values(META)) if draw(st.integers(0, 3)) == 0 else META
        made = modern(method, given_params, meta)
    else:
        body = {"jsonrpc": "2.0", "id": draw(ids), "method": method, "params": given_params}
        made = Request(HOST + BEARER + CONTENT, as_bytes(body))
    for spoilt in draw(st.lists(st.sampled_from(["header", "header", "bytes", "way"]), max_size=2)):
        match spoilt:
            case "header":
                made = replace(made, headers=draw(spoilt_headers(made.headers)))
            case "bytes":
                made = replace(made, body=draw(torn(made.body)))
            case _:
                way, path = draw(ways)
                made = replace(made, method=way, path=path)
    return made


def modern(method: str, params: object, meta: object) -> Request:
    """With headers that say what the body says, where that can be said in a header."""
    given_params = {"_meta": meta, **params} if isinstance(params, dict) else params
    name = params.get(NAMED_BY.get(method, "")) if isinstance(params, dict) else None
    named = (("Mcp-Name", name),) if isinstance(name, str) and SAYABLE.fullmatch(name) else ()
    routing = (("MCP-Protocol-Version", MODERN_VERSION), ("Mcp-Method", method), *named)
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": given_params}
    return Request(HOST + BEARER + CONTENT + routing, as_bytes(body))


def as_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


@st.composite
def torn(draw: st.DrawFn, raw: bytes) -> bytes:
    at, to = sorted((draw(st.integers(0, len(raw))), draw(st.integers(0, len(raw)))))
    return raw[:at] + draw(st.sampled_from(ODD)) + raw[min(to, at + 8) :]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def answered(served: Served, key: str, asked: Request) -> Answer:
    """What comes back; of a stream that stays open, its beginning. A server that says nothing fails the test."""
    with connected(served.port) as line:
        answer = answer_to(asked.filled(served.port, key), line)
        return Answer(answer.status, beginning(answer))


def beginning(reply: http.client.HTTPResponse) -> bytes:
    body = b""
    while OPEN_STREAM not in body and (piece := reply.read1()):
        body += piece
    return body


@pytest.mark.row(id="D11")
@given(asked=requests())
@settings(
    max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_no_request_is_the_servers_failure(asked: Request, served: Served, key: str) -> None:
    logged = served.log.stat().st_size

    answer = answered(served, key, asked)

    assert answer.status < 500
    assert FOREIGN.findall(answer.body) == []
    assert b" ERROR " not in served.log.read_bytes()[logged:]
    assert answered(served, key, asking("tools/list")).status == 200


@pytest.mark.slow
@pytest.mark.row(id="D11")
def test_thousands_of_spoilt_requests_leave_nothing_behind(served: Served, key: str) -> None:
    @given(asked=requests())
    @settings(
        max_examples=2_000, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def send(asked: Request) -> None:
        assert answered(served, key, asked).status < 500

    assert growth(served, send, send) < MAX_GROWTH_KIB
