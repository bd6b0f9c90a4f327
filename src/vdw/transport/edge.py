"""The outermost ASGI layer, over every path: names, size, time, credential. What it lets through has a principal."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vdw.auth.provider import AuthProvider, unauthenticated
from vdw.domain.principal import Principal
from vdw.errors import ErrorCode, VdwError
from vdw.server.log import log_refusal
from vdw.server.pipeline import Caller
from vdw.transport.messages import MAX_MESSAGE_BYTES

logger = logging.getLogger(__name__)

LIVENESS_PATH = "/health"
PRINCIPAL_KEY = "vdw.principal"
METHODS = ("POST",)
"""What is answered where there are no sessions: no stream to open, no session to end."""
SESSION_METHODS = ("POST", "GET", "DELETE")
BODY_SECONDS = 60
"""How long a body may take to arrive, in seconds: the largest one at 70 kB a second. uvicorn has no bound."""
_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")

_STATUS: dict[ErrorCode, int] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.NOT_INITIALISED: 503,
    ErrorCode.BUSY: 503,
    ErrorCode.STORAGE: 503,
}


@dataclass(frozen=True, slots=True)
class AllowedNames:
    """Host and Origin values that mean this server."""

    hosts: frozenset[str]
    origins: frozenset[str]


def loopback_names(host: str) -> AllowedNames:
    """The usual names of this machine at the port of `host`, and `host` itself."""
    port = host.rpartition(":")[2]
    hosts = frozenset({host, *(f"{name}:{port}" for name in _LOOPBACK_NAMES)})
    return AllowedNames(hosts, frozenset(f"http://{host}" for host in hosts))


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Of a request that is none of ours: what is told, and for the log what it came with."""

    status: int
    code: str
    message: str
    reason: str


class Edge:
    """Law. Nothing behind it sees a request that

    1. is no HTTP (a WebSocket is closed); 2. names another Host (421); 3. comes from another Origin (403);
    4. is larger than `MAX_MESSAGE_BYTES`, told or counted (413), or longer in coming than `BODY_SECONDS` (408);
    5. has no single valid bearer credential (401), the liveness path excepted; 6. has a method that is not among
    `methods` (405). The principal is verified for each request and stands in the scope; a connection or a session
    carries no identity.
    """

    def __init__(
        self,
        app: ASGIApp,
        provider: Callable[[], AuthProvider],
        allowed: AllowedNames,
        methods: tuple[str, ...] = METHODS,
    ) -> None:
        self._app = app
        self._provider = provider
        self._allowed = allowed
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        # 1. Only HTTP.
        if scope["type"] != "http":
            logger.info("a request refused: no HTTP: %s", scope["type"])
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refuse_names(scope) or _refuse_size(scope)
        if refusal is not None:
            await _refuse(send, refusal)
            return
        if scope["path"] == LIVENESS_PATH:
            await answer(send, 200, {"status": "alive"})
            return
        # 5. One credential, verified now.
        try:
            scope[PRINCIPAL_KEY] = await self._provider().verify_token(_bearer(scope))
        except VdwError as error:
            log_refusal("a request", error)
            await answer(send, _STATUS.get(error.code, 500), {"error": error.as_json()})
            return
        # 6. One of the methods.
        if scope["method"] not in self._methods:
            allowed = ", ".join(self._methods)
            words = f"Only {allowed} is answered here."
            await _refuse(send, _Refusal(405, "method", words, str(scope["method"])), (b"allow", allowed.encode()))
            return
        await self._bounded(scope, receive, send)

    def _refuse_names(self, scope: Scope) -> _Refusal | None:
        # 2. Host, whatever a forwarding header says.
        hosts = headers_of(scope, b"host")
        if len(hosts) != 1 or hosts[0] not in self._allowed.hosts:
            words = "This server does not answer for that host name."
            return _Refusal(421, "misdirected", words, f"Host {', '.join(hosts)}")
        # 3. Origin; a client that is no browser sends none.
        origins = headers_of(scope, b"origin")
        if any(origin not in self._allowed.origins for origin in origins):
            words = "Pages of other origins may not call this server."
            return _Refusal(403, "forbidden", words, f"Origin {', '.join(origins)}")
        return None

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        # 4. Counted and timed while it is read, whatever its headers said. What is behind sees a client that went away;
        #    an exception it would answer with a 500 of its own.
        deadline: float | None = asyncio.get_running_loop().time() + BODY_SECONDS
        seen = 0
        started = False
        refusal: _Refusal | None = None

        async def counted() -> Message:
            nonlocal deadline, seen, refusal
            if refusal is None:
                try:
                    async with asyncio.timeout_at(deadline):
                        message = await receive()
                except TimeoutError:
                    refusal = _TOO_SLOW
                else:
                    seen += len(message.get("body", b""))
                    if seen <= MAX_MESSAGE_BYTES:
                        # From the whole body on, what is behind waits for the client to go, however long that takes.
                        deadline = deadline if message.get("more_body", False) else None
                        return message
                    refusal = _TOO_LARGE
                if not started:
                    await _refuse(send, refusal)
            return {"type": "http.disconnect"}

        async def watched(message: Message) -> None:
            nonlocal started
            if refusal is None:
                started = True
                await send(message)

        await self._app(scope, counted, watched)


_TOO_LARGE = _Refusal(413, "too_large", f"A request has at most {MAX_MESSAGE_BYTES} bytes.", "more bytes than that")
_TOO_SLOW = _Refusal(
    408, "too_slow", f"A body arrives within {BODY_SECONDS} seconds.", "a body that did not end in time"
)


class HttpCaller(Caller):
    """The principal that the edge verified for this very request."""

    async def __call__(self, request: object) -> Principal:
        scope = getattr(request, "scope", None)
        principal = scope.get(PRINCIPAL_KEY) if isinstance(scope, dict) else None
        if not isinstance(principal, Principal):
            raise unauthenticated("the request did not pass the edge")
        return principal


def _refuse_size(scope: Scope) -> _Refusal | None:
    lengths = headers_of(scope, b"content-length")
    return _TOO_LARGE if any(not _may_be_read(length) for length in lengths) else None


def _may_be_read(length: str) -> bool:
    return length.isascii() and length.isdigit() and len(length) < 20 and int(length) <= MAX_MESSAGE_BYTES


def _bearer(scope: Scope) -> str:
    values = headers_of(scope, b"authorization")
    if len(values) != 1:
        raise unauthenticated(f"{len(values)} Authorization headers")
    scheme, _, token = values[0].partition(" ")
    if scheme.lower() != "bearer":
        raise unauthenticated("not a bearer credential")
    return token.strip()


def headers_of(scope: Scope, name: bytes) -> list[str]:
    """All values of the header, in their order."""
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return [value.decode("latin-1") for key, value in pairs if key == name]


_MORE_HEADERS: dict[int, list[tuple[bytes, bytes]]] = {
    401: [(b"www-authenticate", b"Bearer")],
    408: [(b"connection", b"close")],
}


async def _refuse(send: Send, refusal: _Refusal, *headers: tuple[bytes, bytes]) -> None:
    logger.info("a request refused: %s: %s", refusal.code, refusal.reason)
    await answer(send, refusal.status, {"error": {"code": refusal.code, "message": refusal.message}}, *headers)


async def answer(send: Send, status: int, body: dict[str, object], *more: tuple[bytes, bytes]) -> None:
    """Sends the whole response, as JSON that nobody keeps."""
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), *more]
    headers += _MORE_HEADERS.get(status, [])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
