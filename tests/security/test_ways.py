"""The two ways in which the transport answers, told apart by the first era's content types, stand behind one edge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.interaction.lines import request
from tests.interaction.servers import Served
from tests.security.attacks import BEARER, CONTENT, HOST, WRONG_CREDENTIALS, WRONG_NAMES, Headers, Request, sent
from vdw.server.tools import TOOLS

LEGACY: Headers = (("MCP-Protocol-Version", "2025-11-25"),)


def asked(tool: str) -> Request:
    body = request("legacy", 1, "tools/call", {"name": tool, "arguments": {"project": "prj_none"}})
    return Request(HOST + BEARER + CONTENT + LEGACY, body)


def test_a_call_that_waits_for_nobody_gets_one_body_and_any_other_may_stream(served: Served, key: str) -> None:
    one_body = {
        tool.name: sent(served.port, key, asked(tool.name)).headers["content-type"] == "application/json"
        for tool in TOOLS
    }

    assert one_body == {tool.name: tool.at_once for tool in TOOLS}


@pytest.mark.parametrize("tool", ["get_project", "request_review"])
@pytest.mark.parametrize("attack", [*WRONG_NAMES.values(), *((it, 401) for it in WRONG_CREDENTIALS.values())])
def test_neither_way_is_open_to_what_the_edge_refuses(
    served: Served, key: str, attack: tuple[Request, int], tool: str
) -> None:
    spoilt, status = attack

    assert sent(served.port, key, replace(spoilt, body=asked(tool).body)).status == status
