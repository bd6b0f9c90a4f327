"""`vdw serve` in the test's own process, put together as the product does it: over a real socket, with its inside in
sight."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2

from vdw.auth.provider import AuthProvider
from vdw.domain.secret import Secret
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
    listener = bind_loopback("127.0.0.1", 0)
    port = int(listener.getsockname()[1])
    pipeline = Pipeline(lambda: env, HttpCaller(), surface=surface)
    host = host_and_port("127.0.0.1", port)
    app = http_app(build_server(pipeline, None), provider, host, sessions=surface.asks_clients)
    server = http_server(app)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield port
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def calling(port: int, key: Secret) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of that server, of the second era by its headers where a request says no other."""
    headers = {
        "Authorization": f"Bearer {key.reveal()}",
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE_SECONDS
    ) as client:
        yield client
