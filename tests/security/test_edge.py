"""Host, Origin, size and credential, at the running server and at the edge alone; without the edge each attack gets
through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Message, Scope

from tests.interaction.servers import Served
from tests.security.attacks import (
    CONTENT,
    HOST,
    TOO_LARGE,
    WRONG_CREDENTIALS,
    WRONG_NAMES,
    Door,
    Request,
    connected,
    put_through,
    sent,
    with_authorization,
    with_host,
    with_origin,
)
from tests.security.modern import asking
from vdw.auth.provider import AuthProvider, unauthenticated
from vdw.domain.ids import PersonId, PrincipalId, TenantId
from vdw.domain.principal import KIND_PERMISSIONS, Principal, PrincipalKind
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.server.surface import SURFACE
from vdw.service.environment import Environment
from vdw.transport.edge import Edge, HttpCaller, loopback_names
from vdw.transport.http import MCP_PATH, http_app
from vdw.transport.messages import MAX_MESSAGE_BYTES
from vdw.transport.strict_bodies import StrictBodies

PATHS = ["/mcp", "/health", "/", "/.well-known/oauth-protected-resource/mcp", "/docs", "/mcp/../health"]
PORT = 8321
GOOD = "vdw_eu_" + "b" * 16 + "_" + "b" * 52
PIECE = b"x" * 65_536


class OneKey:
    """An `AuthProvider` with a single key in force."""

    async def verify_token(self, token: str) -> Principal:
        if token != GOOD:
            raise unauthenticated("not the one key")
        kind = PrincipalKind.AGENT
        return Principal(PrincipalId("prn_a"), TenantId("ten_a"), kind, PersonId("per_a"), KIND_PERMISSIONS[kind])


def one_key() -> AuthProvider:
    return OneKey()


def guarded() -> tuple[Edge, Door]:
    door = Door()
    return Edge(door, one_key, loopback_names(f"127.0.0.1:{PORT}")), door


# --- What is right gets through: a refusal below is the attack's doing ------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        Request(),
        with_host("localhost:PORT"),
        with_host("[::1]:PORT"),
        with_origin("http://localhost:PORT"),
        with_authorization("bearer KEY"),
        Request((*Request().headers, ("Mcp-Session-Id", "stolen"), ("Last-Event-ID", "7"))),
    ],
)
@pytest.mark.row(id="D1")
@pytest.mark.row(id="D8")
def test_a_right_request_is_answered(request_: Request, served: Served, key: str) -> None:
    reply = sent(served.port, key, request_)

    assert reply.status == 200
    assert b"create_project" in reply.body
    assert "mcp-session-id" not in reply.headers
    assert not {"server", "access-control-allow-origin"} & set(reply.headers)


# --- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", WRONG_NAMES)
@pytest.mark.row(id="D1")
@pytest.mark.row(id="D2")
@pytest.mark.row(id="CVE-2025-66416")
def test_a_wrong_name_is_refused_on_every_path(name: str, path: str, served: Served, key: str) -> None:
    attack, status = WRONG_NAMES[name]

    assert sent(served.port, key, replace(attack, path=path)).status == status


@pytest.mark.row(id="D2")
def test_two_host_headers_are_refused(served: Served, key: str) -> None:
    reply = sent(served.port, key, with_host("127.0.0.1:PORT", "evil.example"))

    assert reply.status in (400, 421)


# --- Credentials ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRONG_CREDENTIALS)
def test_a_wrong_credential_is_refused_with_a_challenge_and_nothing_else(name: str, served: Served, key: str) -> None:
    reply = sent(served.port, key, WRONG_CREDENTIALS[name])

    assert reply.status == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert json.loads(reply.body) == {"error": unauthenticated("").as_json()}


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/health"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT", "OPTIONS", "HEAD"])
@pytest.mark.row(id="D15")
def test_only_the_liveness_path_answers_without_a_credential(method: str, path: str, served: Served, key: str) -> None:
    assert sent(served.port, key, Request(HOST + CONTENT, method=method, path=path)).status == 401


@pytest.mark.row(id="D15")
def test_the_liveness_path_says_that_the_server_is_alive_and_no_more(served: Served, key: str) -> None:
    reply = sent(served.port, key, Request(HOST, b"", "GET", "/health"))

    assert (reply.status, json.loads(reply.body)) == (200, {"status": "alive"})


@pytest.mark.row(id="D15")
def test_the_app_behind_the_edge_has_one_route() -> None:
    """The SDK serves a route of one's own to whoever asks; here even that would stand behind the edge."""
    server = build_server(Pipeline(not_opened, HttpCaller()), None)

    app = http_app(server, SURFACE, one_key, f"127.0.0.1:{PORT}")

    assert isinstance(app, Edge)
    assert isinstance(app._app, StrictBodies)
    assert isinstance(app._app._app, Starlette)
    assert [getattr(route, "path", route) for route in app._app._app.routes] == [MCP_PATH]


def not_opened() -> Environment:
    raise AssertionError


@pytest.mark.row(id="D3")
def test_the_running_server_listens_on_one_port_of_loopback(served: Served) -> None:
    """As the kernel has it: the sockets of this process that listen, over either version of IP."""
    process = Path(f"/proc/{served.process.pid}")
    own = {link.readlink().name for link in (process / "fd").iterdir()}
    rows = [row.split() for name in ("tcp", "tcp6") for row in (process / "net" / name).read_text().splitlines()[1:]]

    listening = [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in own]

    assert listening == [f"0100007F:{served.port:04X}"]


# --- Size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TOO_LARGE)
@pytest.mark.row(id="D11")
def test_a_body_told_to_be_too_large_is_refused_before_it_is_sent(name: str, served: Served, key: str) -> None:
    assert sent(served.port, key, TOO_LARGE[name]).status in (400, 413)


def endless() -> Iterator[bytes]:
    while True:
        yield PIECE


@pytest.mark.row(id="D11")
async def test_a_body_that_grows_too_large_is_refused_before_it_is_read_whole() -> None:
    edge, door = guarded()

    status, taken = await put_through(edge, Request().filled(PORT, GOOD), endless())

    assert status == 413
    assert taken == MAX_MESSAGE_BYTES // len(PIECE) + 1
    assert door.read <= MAX_MESSAGE_BYTES


@pytest.mark.row(id="D11")
def test_a_chunked_body_that_grows_too_large_is_refused(served: Served, key: str) -> None:
    headers = dict(Request().filled(served.port, key).headers)
    chunks = (PIECE for _ in range(MAX_MESSAGE_BYTES // len(PIECE) + 2))
    with connected(served.port) as line:
        line.request("POST", "/mcp", body=chunks, headers=headers, encode_chunked=True)
        status = line.getresponse().status

    assert status == 413


# --- The edge alone, and nothing at all -------------------------------------------------------------------------------

ATTACKS = {
    **{name: attack for name, (attack, _) in WRONG_NAMES.items()},
    **WRONG_CREDENTIALS,
    **{f"too large, {name}": attack for name, attack in TOO_LARGE.items()},
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_what_the_edge_refuses_is_never_seen_behind_it(name: str) -> None:
    edge, door = guarded()

    status, taken = await put_through(edge, ATTACKS[name].filled(PORT, GOOD))

    assert status >= 400
    assert not door.reached
    assert taken == 0


@pytest.mark.parametrize("name", ATTACKS)
async def test_without_the_edge_the_same_attack_gets_through(name: str) -> None:
    door = Door()

    status, _ = await put_through(door, ATTACKS[name].filled(PORT, GOOD))

    assert status == 200
    assert door.reached


async def test_a_websocket_is_closed_before_anything_behind_the_edge_sees_it() -> None:
    edge, door = guarded()
    sent_messages: list[Message] = []
    scope: Scope = {"type": "websocket", "path": "/mcp", "headers": []}

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent_messages.append(message)

    await edge(scope, receive, send)

    assert sent_messages == [{"type": "websocket.close", "code": 1008}]
    assert not door.reached


def test_the_running_server_upgrades_to_no_websocket(served: Served, key: str) -> None:
    upgrade = (("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"))
    asked = Request(HOST + upgrade + (("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),), b"", "GET")

    assert sent(served.port, key, asked).status in (401, 403)


# --- One connection, several callers ----------------------------------------------------------------------------------


@pytest.mark.row(id="D12")
@pytest.mark.parametrize("asked", [Request(), asking("tools/list")], ids=["legacy", "modern"])
def test_callers_that_share_a_connection_keep_their_own_identity(
    asked: Request, served: Served, key: str, runner_key: str
) -> None:
    turns = [(key, True), (runner_key, False), (key, True), (runner_key, False)]
    with connected(served.port) as line:
        saw = [b"create_project" in sent(served.port, turn, asked, line).body for turn, _ in turns]
        nobody = sent(served.port, key, with_authorization(), line)
        after = sent(served.port, runner_key, asked, line)

    assert saw == [may for _, may in turns]
    assert nobody.status == 401
    assert b"create_project" not in after.body
