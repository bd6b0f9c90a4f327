"""Real clients, whoever made them, do all that is offered to them, and docs/clients.md says what that is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from tests.interaction.clients.ground import Ground, ground
from tests.interaction.clients.matrix import INSPECTOR, PAGE, PYTHON, WAYS, Way, block, not_offered, ways_of
from tests.interaction.clients.runs import RUNS, refused
from tests.interaction.servers import Demo, Served
from tests.pages import Says
from tests.tools import require_peers

pytestmark = pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
"""The SDK warns whoever uses a method that the second era has no more."""

SLOW = tuple(way for way in WAYS if (way.client, way.transport) == (INSPECTOR, "stdio"))
"""It starts a client and a server for each operation, and takes as long as all others together."""


@pytest.fixture(scope="module")
async def on(demo: Demo, served: Served) -> AsyncIterator[Ground]:
    async with ground(demo, served) as opened:
        yield opened


@pytest.mark.parametrize(
    "ways",
    [
        *(pytest.param([way for way in ways_of(client) if way not in SLOW], id=client) for client in RUNS),
        pytest.param(SLOW, id=f"{INSPECTOR}, stdio", marks=pytest.mark.slow),
    ],
)
async def test_a_client_does_all_that_it_is_not_excepted_from(ways: Sequence[Way], on: Ground) -> None:
    if ways[0].client != PYTHON:
        require_peers()

    assert await refused(ways, on) == {way: not_offered(way) for way in ways}


def test_the_page_says_what_the_clients_do_in_their_locked_versions(says: Says) -> None:
    says(PAGE, "clients", block())
