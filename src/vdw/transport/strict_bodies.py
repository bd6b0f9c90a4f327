"""Between the edge and the SDK: a body is read whole and strictly before the SDK, which reads leniently, sees it."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vdw.transport.edge import answer
from vdw.transport.messages import MalformedMessageError, UnaskedResponseError, read_message


class StrictBodies:
    """Law. What is behind it gets posted bodies that `read_message` takes, and no others; the rest is answered 400 in
    our words. Responses are taken where the server asks its clients something."""

    def __init__(self, app: ASGIApp, *, asks_clients: bool = False) -> None:
        self._app = app
        self._asks_clients = asks_clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:
            return
        try:
            read_message(body)
        except MalformedMessageError as error:
            if not (self._asks_clients and isinstance(error, UnaskedResponseError)):
                await answer(send, 400, error.reply())
                return
        left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return left.pop() if left else await receive()

        await self._app(scope, replayed, send)


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
