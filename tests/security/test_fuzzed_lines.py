"""Lines that nobody thought of: whatever comes, a request is answered once, and the process lives on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.interaction.lines import Era, Line, line, request
from tests.interaction.servers import Demo

METHODS = ("tools/list", "tools/call", "ping", "initialize", "server/discover", "notifications/cancelled", "no/such")
ODD = (
    *(b"NaN", b"-Infinity", b"1e999", b"9" * 400, b'"\\ud800"', b"[" * 300, b'{"a":1,"a":2}'),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b",", b"}", b'"'),
    *(b"null", b"1.5", b"true", b"[]", b'{"a":{}}', '"\U0001f600"'.encode()),
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
known = st.sampled_from(["name", "arguments", "cursor", "_meta", "protocolVersion", "requestId", "requestState", "uri"])
params: st.SearchStrategy[dict[str, object]] = st.dictionaries(
    known | st.text(max_size=4), st.sampled_from(["list_projects", "x"]) | values, max_size=4
)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """One line that began as a request of either era, and was then cut, overwritten or grown in places."""
    era: Era = draw(st.sampled_from(["legacy", "modern"]))
    raw = request(era, draw(st.integers(0, 9) | st.text(max_size=5)), draw(st.sampled_from(METHODS)), draw(params))
    for _ in range(draw(st.integers(0, 3))):
        at, to = sorted((draw(st.integers(0, len(raw))), draw(st.integers(0, len(raw)))))
        to = at if draw(st.booleans()) else min(to, at + 8)
        raw = raw[:at] + draw(st.sampled_from(ODD)) + raw[to:]
    return raw


def is_request(raw: bytes) -> bool:
    """Whether a lenient reader would say so, or cannot tell. No line of several, and nothing that is owed no answer."""
    try:
        value = json.loads(raw.decode())
    except (ValueError, RecursionError):
        return True
    return isinstance(value, dict) and "id" in value and not {"result", "error"} & set(value)


@pytest.fixture(scope="module", params=["legacy", "modern"])
def wired(request: pytest.FixtureRequest, demo: Demo) -> Iterator[Line]:
    with line(demo, cast("Era", request.param)) as opened:
        yield opened


@given(raw=requests() | st.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_line_kills_the_server_or_stays_unanswered(raw: bytes, wired: Line) -> None:
    assume(b"\n" not in raw and is_request(raw))

    reply = wired.ask(raw)
    after = wired.ask(wired.good("after"))

    assert ("result" in reply) != ("error" in reply)
    assert "id" in reply
    assert after["id"] == "after"
