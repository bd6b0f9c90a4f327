"""Headers that say something else than the body: whoever routes by them and whoever acts on the body must see one
request."""

from __future__ import annotations

import base64
import re

import pytest

from tests.interaction.lines import META, MODERN_VERSION
from tests.interaction.servers import Served
from tests.repository.sources import ROOT
from tests.security.attacks import BEARER, CONTENT, HOST, LIST, Headers, Request, sent
from tests.security.modern import CAPABILITIES_KEY, VERSION_KEY, Json, asking, error_code, right_headers, said

HEADER_MISMATCH, UNSUPPORTED_VERSION, INVALID_PARAMS, METHOD_NOT_FOUND = -32020, -32022, -32602, -32601
CALL: Json = {"name": "list_projects", "arguments": {}}
VERSION, METHOD, NAME = right_headers("tools/call", CALL)
OLDER = ("MCP-Protocol-Version", "2025-11-25")
UNKNOWN = "2027-01-01"
ENCODED = base64.b64encode(b"list_projects").decode()
assert ENCODED.endswith("==")


def named(value: str) -> Headers:
    return (VERSION, METHOD, ("Mcp-Name", value))


# --- The version ------------------------------------------------------------------------------------------------------

WRONG_VERSIONS: dict[str, tuple[Headers, Json]] = {
    "none in the headers": ((METHOD, NAME), META),
    "no header of the era": ((), META),
    "an empty one": ((("MCP-Protocol-Version", ""), METHOD, NAME), META),
    "one of the first era": ((OLDER, METHOD, NAME), META),
    "one that nobody knows": ((("MCP-Protocol-Version", UNKNOWN), METHOD, NAME), META),
    "another one in the body": ((VERSION, METHOD, NAME), META | {VERSION_KEY: UNKNOWN}),
    "the first era's in the body": ((VERSION, METHOD, NAME), META | {VERSION_KEY: OLDER[1]}),
    "one that is no text in the body": ((METHOD, NAME), META | {VERSION_KEY: 20260728}),
    "twice": ((VERSION, VERSION, METHOD, NAME), META),
    "twice, the right one first": ((VERSION, OLDER, METHOD, NAME), META),
    "twice, the right one last": ((OLDER, VERSION, METHOD, NAME), META),
}


@pytest.mark.row(id="D4")
@pytest.mark.parametrize("name", WRONG_VERSIONS)
def test_a_version_that_headers_and_body_do_not_say_alike_is_refused(name: str, served: Served, key: str) -> None:
    headers, meta = WRONG_VERSIONS[name]

    reply = sent(served.port, key, asking("tools/call", CALL, headers=headers, meta=meta))

    assert (reply.status, error_code(reply)) == (400, HEADER_MISMATCH)


@pytest.mark.row(id="D4")
def test_two_versions_in_the_headers_are_refused_in_the_first_era_too(served: Served, key: str) -> None:
    reply = sent(served.port, key, Request(HOST + BEARER + CONTENT + (OLDER, OLDER), LIST))

    assert (reply.status, error_code(reply)) == (400, HEADER_MISMATCH)


@pytest.mark.row(id="D4")
def test_a_version_that_nobody_knows_is_answered_with_those_that_are_supported(served: Served, key: str) -> None:
    headers = (("MCP-Protocol-Version", UNKNOWN), METHOD, NAME)

    reply = sent(served.port, key, asking("tools/call", CALL, headers=headers, meta=META | {VERSION_KEY: UNKNOWN}))

    assert (reply.status, error_code(reply)) == (400, UNSUPPORTED_VERSION)
    assert said(reply)["error"]["data"] == {"supported": [MODERN_VERSION], "requested": UNKNOWN}


# --- Method and name --------------------------------------------------------------------------------------------------

MISROUTED: dict[str, Headers] = {
    "no method": (VERSION, NAME),
    "no name": (VERSION, METHOD),
    "another method": (VERSION, ("Mcp-Method", "tools/list"), NAME),
    "the method in capitals": (VERSION, ("Mcp-Method", "TOOLS/CALL"), NAME),
    "another name": named("get_project"),
    "the name in capitals": named("LIST_PROJECTS"),
    "two methods": (VERSION, METHOD, METHOD, NAME),
    "two names": (VERSION, METHOD, NAME, NAME),
    "two names, one of them another": (VERSION, METHOD, NAME, ("Mcp-Name", "get_project")),
    "encoded, the mark in capitals": named(f"=?BASE64?{ENCODED}?="),
    "encoded without its padding": named(f"=?base64?{ENCODED.rstrip('=')}?="),
    "encoded, bits left over": named(f"=?base64?{ENCODED[:-3]}x==?="),
    "encoded, a blank inside": named(f"=?base64?{ENCODED[:4]} {ENCODED[4:]}?="),
    "encoded, a foreign letter inside": named(f"=?base64?{ENCODED[:4]}!{ENCODED[4:]}?="),
    "encoded, no UTF-8": named("=?base64?/w==?="),
    "encoded, nothing": named("=?base64??="),
    "encoded twice": named(f"=?base64?{base64.b64encode(f'=?base64?{ENCODED}?='.encode()).decode()}?="),
    "encoded, another name": named(f"=?base64?{base64.b64encode(b'get_project').decode()}?="),
}


@pytest.mark.row(id="D5")
@pytest.mark.parametrize("headers", [(VERSION, METHOD, NAME), named(f"=?base64?{ENCODED}?=")], ids=["plain", "encoded"])
def test_a_method_and_a_name_that_are_the_bodys_are_taken(headers: Headers, served: Served, key: str) -> None:
    reply = sent(served.port, key, asking("tools/call", CALL, headers=headers))

    assert reply.status == 200
    assert "projects" in said(reply)["result"]["structuredContent"]


@pytest.mark.row(id="D5")
@pytest.mark.parametrize("name", MISROUTED)
def test_a_method_or_a_name_that_is_not_the_bodys_is_refused(name: str, served: Served, key: str) -> None:
    reply = sent(served.port, key, asking("tools/call", CALL, headers=MISROUTED[name]))

    assert (reply.status, error_code(reply)) == (400, HEADER_MISMATCH)


@pytest.mark.row(id="D5")
@pytest.mark.parametrize(
    ("method", "params"),
    [("prompts/get", {"name": "start_project"}), ("resources/read", {"uri": "vdw://schemas/mood"})],
)
def test_the_name_of_a_prompt_and_of_a_resource_is_compared_as_well(
    method: str, params: Json, served: Served, key: str
) -> None:
    right = right_headers(method, params)
    wrong = (*right[:2], ("Mcp-Name", "vdw://schemas/specification"))

    replies = [sent(served.port, key, asking(method, params, headers=headers)) for headers in (right, wrong)]

    assert [reply.status for reply in replies] == [200, 400]
    assert error_code(replies[1]) == HEADER_MISMATCH


@pytest.mark.row(id="D7")
def test_nothing_of_ours_is_decided_by_a_routing_header() -> None:
    """The version alone is read, and only to hold it against the body; callers are bounded and sorted by nothing that a
    header says."""
    sources = {path: path.read_text("utf-8").lower() for path in (ROOT / "src").rglob("*.py")}

    read = {(path.name, name) for path, text in sources.items() for name in re.findall(r"mcp-[a-z-]+", text)}

    assert read == {("strict_bodies.py", "mcp-protocol-version")}


# --- What the body lacks ----------------------------------------------------------------------------------------------

LACKING: dict[str, Json | list[object]] = {
    "nothing in it": {},
    "no version": {CAPABILITIES_KEY: {}},
    "no capabilities": {VERSION_KEY: MODERN_VERSION},
    "capabilities that are none": {VERSION_KEY: MODERN_VERSION, CAPABILITIES_KEY: []},
    "a list": [],
}


@pytest.mark.row(id="D9")
@pytest.mark.parametrize("name", LACKING)
def test_a_request_of_the_second_era_without_its_envelope_is_refused(name: str, served: Served, key: str) -> None:
    spoilt = asking("tools/list", {"_meta": LACKING[name]})

    reply = sent(served.port, key, spoilt)

    assert (reply.status, error_code(reply)) == (400, INVALID_PARAMS)


@pytest.mark.row(id="D9")
def test_a_request_of_the_second_era_without_parameters_is_refused(served: Served, key: str) -> None:
    reply = sent(served.port, key, Request(HOST + BEARER + CONTENT + right_headers("tools/list", {}), LIST))

    assert (reply.status, error_code(reply)) == (400, INVALID_PARAMS)


@pytest.mark.row(id="D9")
@pytest.mark.parametrize(
    "method", ["no/such", "initialize", "ping", "resources/subscribe", "Tools/List", "tools/list "]
)
def test_a_method_that_the_second_era_does_not_have_is_not_found(method: str, served: Served, key: str) -> None:
    reply = sent(served.port, key, asking(method))

    assert (reply.status, error_code(reply)) == (404, METHOD_NOT_FOUND)
