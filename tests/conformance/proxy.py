"""A loopback proxy that adds the credential, which the conformance suite cannot: `python proxy.py TARGET KEY`.

Whoever calls it sees the server behind it: its own name in Host and Origin becomes the server's, and nothing else is
changed. It prints the port at which it listens.
"""

from __future__ import annotations

import socket
import sys

import httpx2
import uvicorn
from starlette.types import Receive, Scope, Send

HOP_BY_HOP = {b"connection", b"transfer-encoding", b"content-length", b"authorization"}
"""Headers of one connection, and the credential that the caller does not have."""


class Proxy:
    """One server, seen through another port."""

    def __init__(self, target: str, key: str, port: int) -> None:
        self._client = httpx2.AsyncClient(base_url=target, timeout=None)
        self._key = key.encode()
        self._names = (f"127.0.0.1:{port}".encode(), target.removeprefix("http://").encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = [(name, self._renamed(name, value)) for name, value in scope["headers"] if name not in HOP_BY_HOP]
        headers.append((b"authorization", b"Bearer " + self._key))
        request = self._client.build_request(scope["method"], scope["path"], headers=headers, content=body)
        answer = await self._client.send(request, stream=True)
        try:
            kept = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in HOP_BY_HOP]
            await send({"type": "http.response.start", "status": answer.status_code, "headers": kept})
            async for piece in answer.aiter_raw():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.aclose()

    def _renamed(self, name: bytes, value: bytes) -> bytes:
        """The space around a value is no part of it (RFC 9110, section 5.5), and the client library sends none."""
        return value.replace(*self._names) if name in (b"host", b"origin") else value.strip(b" \t")


def main(target: str, key: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = int(listener.getsockname()[1])
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        Proxy(target, key, port),
        log_level="error",
        lifespan="off",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,  # streams stay open as long as both ends like
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main(*sys.argv[1:])
