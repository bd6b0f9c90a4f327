"""What the edge turns away is in the log, with what it came with; the caller is told no more than that it is
refused."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from vdw.auth.provider import AuthProvider
from vdw.domain.ids import PrincipalId, TenantId
from vdw.domain.principal import KIND_PERMISSIONS, Principal, PrincipalKind
from vdw.transport.edge import Edge, loopback_names
from vdw.transport.messages import MAX_MESSAGE_BYTES

HOST = (b"host", b"127.0.0.1:1")
BEARER = (b"authorization", b"Bearer x")
KIND = PrincipalKind.AGENT
AGENT = Principal(PrincipalId("prn_a"), TenantId("ten_a"), KIND, None, KIND_PERMISSIONS[KIND])

REFUSED: dict[str, tuple[str, list[tuple[bytes, bytes]], int, str]] = {
    "host": ("POST", [(b"host", b"evil.example")], 421, "misdirected: Host evil.example"),
    "two hosts": ("POST", [HOST, (b"host", b"evil.example")], 421, "misdirected: Host 127.0.0.1:1, evil.example"),
    "origin": ("POST", [HOST, (b"origin", b"http://evil.example")], 403, "forbidden: Origin http://evil.example"),
    "told size": (
        "POST",
        [HOST, (b"content-length", str(MAX_MESSAGE_BYTES + 1).encode())],
        413,
        "too_large: more bytes than that",
    ),
    "counted size": ("POST", [HOST, BEARER], 413, "too_large: more bytes than that"),
    "no credential": ("POST", [HOST], 401, "unauthenticated: 0 Authorization headers"),
    "two credentials": ("POST", [HOST, BEARER, BEARER], 401, "unauthenticated: 2 Authorization headers"),
    "method": ("GET", [HOST, BEARER], 405, "method: GET"),
}


class AnyKey(AuthProvider):
    async def verify_token(self, token: str) -> Principal:
        assert token
        return AGENT


async def reads_one_message(_: Scope, receive: Receive, __: Send) -> None:
    await receive()


@pytest.mark.parametrize("case", REFUSED)
async def test_whatever_is_turned_away_is_in_the_log_with_the_reason_that_its_sender_is_not_told(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    method, headers, status, logged = REFUSED[case]
    scope: dict[str, Any] = {"type": "http", "path": "/mcp", "method": method, "headers": headers}
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": bytes(MAX_MESSAGE_BYTES + 1)}

    async def send(message: Message) -> None:
        sent.append(message)

    with caplog.at_level(logging.INFO, "vdw"):
        await Edge(reads_one_message, AnyKey, loopback_names("127.0.0.1:1"))(scope, receive, send)

    assert sent[0]["status"] == status
    assert logged.partition(": ")[2] not in sent[1]["body"].decode()
    assert [record.getMessage() for record in caplog.records] == [f"a request refused: {logged}"]


async def test_a_socket_is_closed_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "websocket", "path": "/mcp", "headers": [HOST, BEARER]}
    with caplog.at_level(logging.INFO, "vdw"):
        await Edge(reads_one_message, AnyKey, loopback_names("127.0.0.1:1"))(scope, receive, send)

    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert [record.getMessage() for record in caplog.records] == ["a request refused: no HTTP: websocket"]
