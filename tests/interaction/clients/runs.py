"""The run of each client, on every transport and in every revision that it is tried in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import anyio

from tests.interaction.clients.errands import PATIENCE_SECONDS, Answers, Errand
from tests.interaction.clients.ground import Ground
from tests.interaction.clients.inspector import run_inspector
from tests.interaction.clients.matrix import (
    FASTMCP,
    INSPECTOR,
    OLD_TYPESCRIPT,
    PYTHON,
    TYPESCRIPT,
    Way,
    row,
    ways_of,
)
from tests.interaction.clients.python_sdk import run_python_sdk
from tests.interaction.clients.scripts import run_fastmcp, run_typescript

Run = Callable[[Ground, Sequence[Way], Sequence[Errand]], Awaitable[list[Answers]]]
RUNS: Mapping[str, Run] = {
    PYTHON: run_python_sdk,
    INSPECTOR: run_inspector,
    FASTMCP: run_fastmcp,
    TYPESCRIPT: run_typescript,
    OLD_TYPESCRIPT: run_typescript,
}


async def rows_of(client: str, on: Ground) -> list[tuple[str, ...]]:
    """The client's rows of the matrix, after a look at every answer that it got."""
    ways = ways_of(client)
    errands = [await on.witness.errand() for _ in ways]
    with anyio.fail_after(PATIENCE_SECONDS):
        answers = await RUNS[client](on, ways, errands)
    rows = []
    for way, errand, answer in zip(ways, errands, answers, strict=True):
        assert answer["revision"] == way.revision
        rows.append(row(way, await on.witness.found_right(errand, answer)))
    return rows
