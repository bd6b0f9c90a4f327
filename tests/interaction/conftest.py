"""One founded demo store and one `vdw serve` for the tests that leave no trace others would stumble on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

import anyio
import pytest
from mcp import Client

from tests.interaction.servers import Demo, Era, Served, found, http_client, serving, stdio_client
from vdw.domain.secret import Secret

Connect = Callable[[Secret], AbstractAsyncContextManager[Client]]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return anyio.run(found, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def served(demo: Demo) -> Iterator[Served]:
    with serving(demo) as running:
        yield running


@pytest.fixture
async def fresh(tmp_path: Path) -> Demo:
    """A store of the test's own."""
    return await found(tmp_path)


@pytest.fixture(scope="session", params=["legacy-stdio", "modern-stdio", "legacy-http", "modern-http"])
def connect(request: pytest.FixtureRequest, demo: Demo, served: Served) -> Connect:
    """Opens a client of one era on one transport, for the given key."""
    era, transport = cast("str", request.param).split("-")
    mode: Era = "legacy" if era == "legacy" else "auto"

    def opened(key: Secret) -> AbstractAsyncContextManager[Client]:
        return stdio_client(demo, key, mode) if transport == "stdio" else http_client(served.url, key, mode)

    return opened


@pytest.fixture(scope="session")
async def client(connect: Connect, demo: Demo) -> AsyncIterator[Client]:
    """A client of the demo's agent, of each era on each transport."""
    async with connect(demo.founded.agent_key) as opened:
        yield opened
