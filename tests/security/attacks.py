"""Requests that must not get past the edge, as data, and two ways to send them: over a socket and straight into an
app."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vdw.transport.messages import MAX_MESSAGE_BYTES

Headers = tuple[tuple[str, str], ...]
PORT = "PORT"
"""Stands for the server's port in a header's value."""
KEY = "KEY"
"""Stands for a key that is in force."""
LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
HOST: Headers = (("Host", f"127.0.0.1:{PORT}"),)
BEARER: Headers = (("Authorization", f"Bearer {KEY}"),)
CONTENT: Headers = (("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"))


@dataclass(frozen=True, slots=True)
class Request:
    headers: Headers = HOST + BEARER + CONTENT
    body: bytes = LIST
    method: str = "POST"
    path: str = "/mcp"

    def filled(self, port: int, key: str) -> Request:
        """The same request to this server, with this key."""
        put = [(name, value.replace(PORT, str(port)).replace(KEY, key)) for name, value in self.headers]
        return replace(self, headers=tuple(put), path=self.path.replace(KEY, key))

    def raw(self) -> bytes:
        """As it goes over a socket, once it is filled."""
        headers = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        head = f"{self.method} {self.path} HTTP/1.1\r\n{headers}Content-Length: {len(self.body)}\r\n\r\n"
        return head.encode("latin-1") + self.body


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


def with_host(*hosts: str) -> Request:
    return Request(tuple(("Host", host) for host in hosts) + BEARER + CONTENT)


def with_origin(*origins: str) -> Request:
    return Request(HOST + BEARER + CONTENT + tuple(("Origin", origin) for origin in origins))


def with_authorization(*values: str) -> Request:
    return Request(HOST + tuple(("Authorization", value) for value in values) + CONTENT)


WRONG_NAMES: dict[str, tuple[Request, int]] = {
    "another host": (with_host(f"evil.example:{PORT}"), 421),
    "a host that only begins like ours": (with_host(f"127.0.0.1.evil.example:{PORT}"), 421),
    "our host on another port": (with_host("127.0.0.1:1"), 421),
    "our host without its port": (with_host("127.0.0.1"), 421),
    "our host in capitals": (with_host(f"LOCALHOST:{PORT}"), 421),
    "no loopback name of ours": (with_host(f"0.0.0.0:{PORT}"), 421),
    "a forwarded host": (
        Request((("Host", "evil.example"), ("X-Forwarded-Host", f"127.0.0.1:{PORT}"), *BEARER, *CONTENT)),
        421,
    ),
    "another origin": (with_origin("https://evil.example"), 403),
    "the null origin": (with_origin("null"), 403),
    "an empty origin": (with_origin(""), 403),
    "an origin that only begins like ours": (with_origin(f"http://127.0.0.1:{PORT}.evil.example"), 403),
    "our origin with another scheme": (with_origin(f"https://127.0.0.1:{PORT}"), 403),
    "our origin on another port": (with_origin("http://127.0.0.1:1"), 403),
    "our origin in capitals": (with_origin(f"HTTP://LOCALHOST:{PORT}"), 403),
    "our origin with a path": (with_origin(f"http://127.0.0.1:{PORT}/"), 403),
    "our origin and another": (with_origin(f"http://127.0.0.1:{PORT}", "https://evil.example"), 403),
}
WRONG_CREDENTIALS: dict[str, Request] = {
    "no credential": with_authorization(),
    "an empty credential": with_authorization(""),
    "a scheme alone": with_authorization("Bearer"),
    "another scheme": with_authorization(f"Basic {KEY}"),
    "two headers": with_authorization(f"Bearer {KEY}", f"Bearer {KEY}"),
    "two keys in one header": with_authorization(f"Bearer {KEY}, Bearer {KEY}"),
    "a key with a letter more": with_authorization(f"Bearer {KEY}a"),
    "a key in capitals": with_authorization("Bearer VDW_EU_AAAAAAAAAAAAAAAA_" + "A" * 52),
    "a key of our form that nobody has": with_authorization("Bearer vdw_eu_" + "a" * 16 + "_" + "a" * 52),
    "8 KiB": with_authorization("Bearer " + "a" * 8192),
    "letters outside ASCII": with_authorization("Bearer vdw_eu_\u00e9\u00e9"),
    "in the query": replace(
        with_authorization(), path=f"/mcp?access_token={KEY}&key={KEY}&authorization=Bearer%20{KEY}"
    ),
    "in the body": replace(with_authorization(), body=LIST[:-1] + b', "access_token": "KEY"}'),
    "in a cookie": Request(HOST + CONTENT + (("Cookie", f"Authorization=Bearer {KEY}"),)),
    "in another header": Request(HOST + CONTENT + (("X-API-Key", KEY),)),
}
TOO_LARGE: dict[str, Request] = {
    "told": Request(HOST + BEARER + CONTENT + (("Content-Length", str(MAX_MESSAGE_BYTES + 1)),), body=b""),
    "told with a sign": Request(HOST + BEARER + CONTENT + (("Content-Length", "-1"),), body=b""),
    "told in digits that are no digits": Request(HOST + BEARER + CONTENT + (("Content-Length", "\u00b2"),), body=b""),
    "told as a number beyond reading": Request(HOST + BEARER + CONTENT + (("Content-Length", "9" * 5000),), body=b""),
    "told as a number beyond all": Request(HOST + BEARER + CONTENT + (("Content-Length", "9" * 40),), body=b""),
}


def connected(port: int) -> contextlib.closing[http.client.HTTPConnection]:
    return contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30))


def sent(port: int, key: str, request: Request, connection: http.client.HTTPConnection | None = None) -> Reply:
    """The answer to the request, over a socket."""
    if connection is None:
        with connected(port) as own:
            return sent(port, key, request, own)
    answer = answer_to(request.filled(port, key), connection)
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def answer_to(filled: Request, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
    """The answer, its body still to be read. Headers are sent exactly as they stand."""
    connection.putrequest(filled.method, filled.path, skip_host=True, skip_accept_encoding=True)
    for name, value in filled.headers:
        connection.putheader(name, value.encode("latin-1"))
    if all(name != "Content-Length" for name, _ in filled.headers):
        connection.putheader("Content-Length", str(len(filled.body)))
    connection.endheaders(filled.body)
    return connection.getresponse()


class Door:
    """What stands behind the edge: reads the whole body and says that it was reached."""

    def __init__(self) -> None:
        self.reached = False
        self.read = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached = True
        more = scope["type"] == "http"
        while more:
            message = await receive()
            self.read += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def put_through(app: ASGIApp, request: Request, body: Iterable[bytes] | None = None) -> tuple[int, int]:
    """Straight into an app: the status it answered (a WebSocket's close code), and how many pieces of the body it
    took."""
    path, _, query = request.path.partition("?")
    scope: Scope = {
        "type": "http",
        "method": request.method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in request.headers],
    }
    pieces = iter((request.body,) if body is None else body)
    taken = 0
    messages: list[Message] = []

    async def receive() -> Message:
        nonlocal taken
        piece = next(pieces, None)
        taken += piece is not None
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return status_of(messages), taken


def status_of(messages: Sequence[Message]) -> int:
    return int(messages[0].get("status") or messages[0].get("code") or 0)
