"""`vdw serve` in the test's own process, put together as the product does it: over a real socket, with its inside in
sight."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

from vdw.auth.provider import AuthProvider
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.server.registry import Surface
from vdw.server.surface import SURFACE
from vdw.service.environment import Environment
from vdw.transport.edge import HttpCaller
from vdw.transport.http import bind_loopback, host_and_port, http_app, http_server

PATIENCE_SECONDS = 30
"""How long something may be awaited before the test fails: no measure, only an end."""


@asynccontextmanager
async def serving_here(
    env: Environment, provider: Callable[[], AuthProvider], surface: Surface = SURFACE
) -> AsyncIterator[int]:
    """The port of a running server, stopped at the end. Connections have to be closed by then."""
    with closing(bind_loopback("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        pipeline = Pipeline(lambda: env, HttpCaller(), surface=surface)
        host = host_and_port("127.0.0.1", port)
        app = http_app(build_server(pipeline, None), surface, provider, host)
        server = http_server(app)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield port
        finally:
            server.should_exit = True
            await running


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection to it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
