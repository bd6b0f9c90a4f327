"""The checklist of a resource server: each row with what it asks, and none without a test or a reason.

`pytest -m 'row(id="D1")'` runs the tests of a row, with --slow those that take long as well. The rows are those of the
protocol (revision 2026-07-28: transports, security, and the pages of each feature) and of the attacks that have a CVE.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.repository.sources import ROOT

TRANSPORT = {
    "D1": "a page of another origin is refused on every path; no origin, and our own, are not",
    "D2": "another Host is refused, whatever a forwarding header says",
    "D3": "the server listens on loopback alone",
    "D4": "the protocol's version stands in header and body alike; one that is not known is answered with those that are",
    "D5": "method and name stand in headers and body alike, plain or encoded, each once",
    "D6": "arguments that stand in headers are the body's, numbers compared as numbers; none of ours stands there",
    "D7": "nothing is decided by a header whose version was not looked at",
    "D8": "GET and DELETE are not answered; a session or an event id is neither looked at nor given out",
    "D9": "an unknown method, a missing envelope and an undeclared capability have each their status and code",
    "D10": "closing the stream ends the work behind it",
    "D11": "what is too large, too slow, too deep or not strictly JSON is refused before it costs much",
    "D12": "callers who share a connection keep their own identity",
    "D13": "no proxy holds a stream back or takes it for dead",
    "D15": "without a credential only the liveness path answers, and there is no other route beside the endpoint",
}
STATE = {
    "E1": "state that was altered, cut, or sealed elsewhere is refused in one frozen sentence; the log has the reason",
    "E2": "state opens for its own principal, tenant, call and arguments, and not when it is old",
    "E3": "one approval handed in often, and at once, has one effect",
    "E4": "a client is asked only for what it has declared",
    "E5": "only three methods are answered with questions, and never with an empty one",
    "E6": "keys are replaced step by step without a round that fails",
    "E7": "what is another tenant's is answered like what is not there",
    "E8": "handles are random, and a tenant's own",
    "E9": "state is bound to principals of ours, whom the SDK does not know",
}
FEATURES = {
    "F1": "arguments are held to strict schemas, and answers say nothing foreign",
    "F2": "lists depend on the credential and on nothing else, in one order",
    "F3": "what is not listed cannot be called either",
    "F4": "what may be kept says how long and for whom, on every page alike; what a call came to is not kept",
    "F5": "an address is matched whole; what is written otherwise is not there",
    "F6": "no reference is followed out of a document",
    "F7": "every answer keeps its tool's published schema",
    "F8": "a prompt takes names and says constant words",
    "F9": "what a client calls itself changes nothing",
    "F10": "a subscription tells of what was asked for, to whoever may still read it",
}
ATTACKS = {
    "CVE-2025-66416": "a page that rebinds its name reaches nothing",
    "CVE-2026-52869": "a session answers only whoever began it",
    "CVE-2026-59951": "thousands of refused and of short requests leave nothing behind",
    "CVE-2026-25536": "equal ids at the same time get each its own answer",
    "CVE-2026-111770": "equal ids at the same time get each its own answer, between callers too",
}
ROWS = TRANSPORT | STATE | FEATURES | ATTACKS

LEFT_OUT = {
    "D14": "TLS 1.3 alone: this version serves loopback, and refuses any other address because it has no TLS",
}
"""Rows that nothing shows, and why."""

IN_PART = {
    "E1": "that refusals take alike long is not measured: what differs is in the SDK's seal, which compares in constant time",
    "E2": "the same subject of another issuer: there is one issuer, the store, until tokens of others are taken",
    "E3": "state that is brought twice opens twice: the product seals none, and a decision's effect hangs on its signature",
    "E6": "under load and over restarts: several processes share keys in one test, the steps are tried without load",
    "F1": "the rate limit: it is counted by credential, and comes with the checks of access",
}
"""Parts of rows that nothing shows, and why."""


def test_every_row_has_a_test_or_a_reason() -> None:
    assert set(marked()) == set(ROWS)
    assert not set(LEFT_OUT) & set(ROWS)
    assert set(IN_PART) <= set(ROWS)


def marked() -> Iterator[str]:
    """The ids in all `pytest.mark.row(id=…)` of the tests."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text("utf-8")
        if "mark.row" in text:  # to parse all the others takes a second
            yield from _marked_in(text)


def _marked_in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.row":
            (given,) = node.keywords
            assert isinstance(given.value, ast.Constant)
            yield str(given.value.value)
