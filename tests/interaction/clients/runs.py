"""The run of each client, on every transport and in every revision that it is tried in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import anyio

from tests.interaction.clients.errands import PATIENCE_SECONDS, Answers, Errand, Operation
from tests.interaction.clients.ground import Ground
from tests.interaction.clients.inspector import run_inspector
from tests.interaction.clients.matrix import FASTMCP, INSPECTOR, OLD_TYPESCRIPT, PYTHON, TYPESCRIPT, Way
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


async def refused(ways: Sequence[Way], on: Ground) -> dict[Way, set[Operation]]:
    """What one client was refused on each way, after a look at every answer that it got."""
    errands = [await on.witness.errand() for _ in ways]
    with anyio.fail_after(PATIENCE_SECONDS):
        answers = await RUNS[ways[0].client](on, ways, errands)
    assert [answer["revision"] for answer in answers] == [way.revision for way in ways]
    return {
        way: await on.witness.refused(errand, answer)
        for way, errand, answer in zip(ways, errands, answers, strict=True)
    }
