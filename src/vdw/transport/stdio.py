"""MCP over stdin and stdout, for a client that starts `vdw mcp` itself. The principal is the configured key's, never a guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from vdw.auth.provider import AuthProvider
from vdw.config import Secret
from vdw.domain.principal import Principal
from vdw.errors import ErrorCode, VdwError
from vdw.server.pipeline import Caller


class StdioCaller(Caller):
    """The principal of the configured key, verified at each call, so that a revoked key stops at once."""

    def __init__(self, provider: Callable[[], AuthProvider], key: Secret) -> None:
        self._provider = provider
        self._key = key

    async def __call__(self, request: object) -> Principal:
        if not self._key:
            raise VdwError(
                ErrorCode.UNAUTHENTICATED,
                "This process has no key, so it speaks for nobody.",
                "Set VDW_KEY in the client's configuration: `vdw init --client` writes it, `vdw key create` makes one.",
            )
        return await self._provider().verify_token(self._key.reveal())


async def run_stdio(server: Server[Any]) -> None:
    """Serves one client until it closes stdin."""
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
