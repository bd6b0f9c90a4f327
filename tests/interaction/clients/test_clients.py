"""Real clients, whoever made them, do all that is offered to them, and docs/clients.md says what that is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.interaction.clients.ground import ground
from tests.interaction.clients.matrix import HEAD, PAGE, PYTHON, WAYS, block, head_of
from tests.interaction.clients.runs import RUNS, rows_of
from tests.interaction.servers import Demo, Served
from tests.pages import Page, Says, table
from tests.tools import require_peers

pytestmark = pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
"""The SDK warns whoever uses a method that the second era has no more."""

Rows = list[tuple[str, ...]]
RowsOf = Callable[[str], Awaitable[Rows]]


@pytest.fixture(scope="module")
async def rows(demo: Demo, served: Served) -> AsyncIterator[RowsOf]:
    """Of a client, which runs at the first call alone."""
    known: dict[str, Rows] = {}
    async with ground(demo, served) as opened:

        async def of(client: str) -> Rows:
            if client not in known:
                known[client] = await rows_of(client, opened)
            return known[client]

        yield of


@pytest.mark.parametrize("client", RUNS)
async def test_a_client_does_all_that_it_is_not_excepted_from(client: str, rows: RowsOf) -> None:
    if client != PYTHON:
        require_peers()

    assert await rows(client)


async def test_the_page_says_what_the_clients_did(rows: RowsOf, says: Says) -> None:
    require_peers()

    found = [cells for client in RUNS for cells in await rows(client)]

    says(PAGE, "clients", block(found))


def test_the_page_lists_every_client_in_its_locked_version() -> None:
    lines = Page.of(PAGE).block("clients").splitlines()
    heads = table(HEAD[:4], *map(head_of, WAYS)).splitlines()

    assert [line[: len(head)] for line, head in zip(lines, heads, strict=False)][2:] == heads[2:]
