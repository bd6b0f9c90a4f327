"""Puts plain words in place of a library's: for malformed bodies of the first era the SDK answers with a validator's text.

Only answers with status 400 are touched, and only those two kinds; such an answer holds one small JSON document.
"""

from __future__ import annotations

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLAIN = {
    "Parse error:": "The body is not JSON.",
    "Validation error:": "The body must be a single JSON-RPC request or notification object.",
}
"""How the SDK's message begins (mcp.server.streamable_http), and what is said instead."""


class PlainFaults:
    """Law. No answer to a malformed body repeats the body, or names what read it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None
        body = b""

        async def plain(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and message["status"] == 400:
                start = message
            elif start is None:
                await send(message)
            else:
                body += message["body"]
                if not message.get("more_body", False):
                    await _send_whole(send, start, in_plain_words(body))

        await self._app(scope, receive, plain)


def in_plain_words(body: bytes) -> bytes:
    """The same answer; the message in our words where it begins like one of the SDK's that quote."""
    try:
        answer = json.loads(body)
        message = str(answer["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return body
    for beginning, words in _PLAIN.items():
        if message.startswith(beginning):
            answer["error"]["message"] = words
            return json.dumps(answer).encode()
    return body


async def _send_whole(send: Send, start: Message, body: bytes) -> None:
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})
