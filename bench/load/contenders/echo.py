"""The least that a JSON answer can cost: a raw ASGI application that parses a request and sends its parameters back."""

from __future__ import annotations

import json

from starlette.types import Receive, Scope, Send

from bench.load.contenders.listening import listen

HEADERS = [(b"content-type", b"application/json")]


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    request = json.loads(body)
    answer = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": request["params"]}).encode()
    length = (b"content-length", str(len(answer)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
    await send({"type": "http.response.body", "body": answer})


if __name__ == "__main__":
    listen(echo)
