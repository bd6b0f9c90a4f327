"""What a caller with a key may send and still get nowhere: other methods, forged names, hidden keys."""

from __future__ import annotations

import json

import pytest

from tests.interaction.lines import HELLO, META, request
from tests.interaction.servers import Served
from tests.security.attacks import BEARER, CONTENT, HOST, Request, sent, with_authorization
from tests.security.malformed import CANARY
from tests.security.modern import Json, asking, said

MODERN = (("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/list"))
ERAS = {"legacy": CONTENT, "modern": CONTENT + MODERN}


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD"])
@pytest.mark.row(id="D8")
def test_only_post_is_answered(method: str, era: str, served: Served, key: str) -> None:
    reply = sent(served.port, key, Request(HOST + BEARER + ERAS[era], b"", method))

    assert reply.status == 405
    assert reply.headers["allow"] == "POST"


@pytest.mark.row(id="D8")
def test_no_session_is_ever_begun(served: Served, key: str) -> None:
    begun = Request(HOST + BEARER + CONTENT, request("legacy", 1, "initialize", HELLO))

    replies = [sent(served.port, key, asked) for asked in (begun, asking("server/discover"))]

    assert [reply.status for reply in replies] == [200, 200]
    assert [reply for reply in replies if "mcp-session-id" in reply.headers or b"\nid:" in reply.body] == []


@pytest.mark.row(id="F2")
@pytest.mark.row(id="F9")
def test_a_forged_client_name_changes_nothing(served: Served, key: str, runner_key: str) -> None:
    def listed(token: str, name: str) -> bytes:
        named = META | {"io.modelcontextprotocol/clientInfo": {"name": name, "version": "1"}}
        reply = sent(served.port, token, asking("tools/list", meta=named))
        assert reply.status == 200, reply.body
        return reply.body

    honest, forged = listed(runner_key, "vdw-runner"), listed(runner_key, "operator; kind=human")

    assert forged == honest
    assert listed(key, "vdw-runner") != honest, "the key is what counts"


@pytest.mark.row(id="E1")
def test_a_sealed_state_that_is_not_ours_is_refused(served: Served, key: str) -> None:
    call: Json = {"name": "list_projects", "arguments": {}}

    refused = said(sent(served.port, key, asking("tools/call", call | {"requestState": "v1." + "A" * 64})))
    answered = said(sent(served.port, key, asking("tools/call", call)))

    assert "error" in refused
    assert "A" * 64 not in json.dumps(refused)
    assert "result" in answered


@pytest.mark.parametrize("where", ["query", "path", "bearer", "method", "argument"])
def test_a_credential_in_the_wrong_place_is_repeated_nowhere(where: str, served: Served, key: str) -> None:
    hidden = f"vdw_eu_{'c' * 16}_{CANARY}{'c' * 40}"
    attack = {
        "query": Request(HOST + CONTENT, path=f"/mcp?access_token={hidden}"),
        "path": Request(HOST + CONTENT, path=f"/mcp/{hidden}"),
        "bearer": with_authorization(f"Bearer {hidden}"),
        "method": Request(body=json.dumps({"jsonrpc": "2.0", "id": 1, "method": {"x": hidden}}).encode()),
        "argument": Request(
            body=json.dumps(
                {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": hidden, "arguments": {}}}
            ).encode()
        ),
    }[where]

    reply = sent(served.port, key, attack)
    log = served.log.read_text("utf-8")

    assert CANARY not in f"{reply.headers}{reply.body!r}"
    assert CANARY not in log
    assert key not in log
