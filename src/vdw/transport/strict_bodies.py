"""Between the edge and the SDK: a body is read whole and strictly before the SDK, which reads leniently, sees it."""

from __future__ import annotations

from typing import Any

from mcp_types import HEADER_MISMATCH, PROTOCOL_VERSION_META_KEY
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vdw.errors import invalid
from vdw.server.registry import Surface
from vdw.transport.edge import answer, headers_of
from vdw.transport.messages import MalformedMessageError, UnaskedResponseError, read_message
from vdw.transport.request_ids import id_of
from vdw.transport.ways import AT_ONCE_KEY

VERSION_HEADER = b"mcp-protocol-version"


class StrictBodies:
    """Law. What is behind it gets posted bodies that `read_message` takes and whose version stands in the header as
    well, and no others; the rest is answered 400 in our words. Responses are taken where the server asks its clients
    something. `AT_ONCE_KEY` in the scope says which way the message is answered (`transport.ways`)."""

    def __init__(self, app: ASGIApp, surface: Surface) -> None:
        self._app = app
        self._surface = surface

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:
            return
        try:
            message = read_message(body)
            _require_one_version(scope, message)
            scope[AT_ONCE_KEY] = self._surface.is_answered_at_once(message)
        except MalformedMessageError as error:
            if not (self._surface.asks_clients and isinstance(error, UnaskedResponseError)):
                await answer(send, 400, error.reply())
                return
        left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return left.pop() if left else await receive()

        await self._app(scope, replayed, send)


def _require_one_version(scope: Scope, message: dict[str, Any]) -> None:
    """The SDK chooses the era by the first such header alone, so that a body of the second era would be read by the
    rules of the first. Raises `MalformedMessageError`."""
    told = headers_of(scope, VERSION_HEADER)
    meta = (message.get("params") or {}).get("_meta")
    named = meta.get(PROTOCOL_VERSION_META_KEY) if isinstance(meta, dict) else None
    if len(told) > 1 or (named is not None and told != [named]):
        fault = invalid("MCP-Protocol-Version", "the header must stand once, and as the version in _meta")
        raise MalformedMessageError(HEADER_MISMATCH, fault, id_of(message.get("id")))


async def _whole(receive: Receive) -> bytes | None:
    """The body; the edge bounds it. None if the client went away, or was sent away, before its end."""
    pieces: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(pieces)
