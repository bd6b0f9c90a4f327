"""The SDK's transport in its two ways of answering a request, over one server.

As a rule it makes ready to stream: a task for the handler, another that watches for the client to go, a channel between
them; a third of what a small call costs. What is answered at once it answers with one JSON body, which is what the
other way would have sent as well.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

AT_ONCE_KEY: Final = "vdw.at_once"


class Ways:
    """Law. A request takes the way that its scope names under `AT_ONCE_KEY`; without a name it may stream. Both ways
    are open from the start of `run` to its end, and nowhere else."""

    def __init__(
        self, server: Server[Any], *, sessions: bool, max_bytes: int, security: TransportSecuritySettings
    ) -> None:
        self._streaming, self._at_once = (
            StreamableHTTPSessionManager(
                server,
                json_response=json_response,
                stateless=not sessions,
                security_settings=security,
                max_request_body_size=max_bytes,
            )
            for json_response in (False, True)
        )

    @asynccontextmanager
    async def run(self, _: object) -> AsyncIterator[None]:
        async with self._streaming.run(), self._at_once.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        manager = self._at_once if scope.get(AT_ONCE_KEY, False) else self._streaming
        await manager.handle_request(scope, receive, send)
