"""Whoever waits for a decision costs a connection of their own and nothing else, and hears of it when it is made."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from mcp import Client

from tests.interaction.servers import Demo, Served, answer_of, http_client
from tests.interaction.signers import Human
from tests.interaction.test_together import drafted

WAITERS = 80
PROC = Path("/proc")
NO_PROC = pytest.mark.skipif(not PROC.exists(), reason="/proc")


def threads(served: Served) -> int:
    return len(list((PROC / str(served.process.pid) / "task").iterdir()))


def database_handles(served: Served) -> int:
    """Open files of the store: each of its connections has at least one."""
    handles = (PROC / str(served.process.pid) / "fd").iterdir()
    return sum(handle.readlink().name.startswith("vdw.db") for handle in handles)


async def wait_for_all(client: Client, project: str, human: Human, served: Served) -> tuple[list[str], int, int]:
    """What so many calls that wait for one decision come to, and threads and handles of the server while they do."""
    outcomes: list[str] = []
    waiting = 0
    all_wait = anyio.Event()

    async def told(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001 - a Protocol
        nonlocal waiting
        waiting += 1
        if waiting == WAITERS:
            all_wait.set()

    async def wait() -> None:
        call = {"project": project, "wait_seconds": 60}
        answer = await client.call_tool("request_review", call, progress_callback=told)
        outcomes.append(answer_of(answer)["outcome"])

    async with anyio.create_task_group() as group:
        for _ in range(WAITERS):
            group.start_soon(wait)
        await all_wait.wait()
        found = threads(served), database_handles(served)
        group.start_soon(human.decide_once_asked, project)
    return outcomes, *found


@NO_PROC
async def test_those_who_wait_hold_no_thread_and_no_connection_to_the_database(served: Served, demo: Demo) -> None:
    human = Human(demo.app(), demo)
    async with http_client(served.url, demo.founded.agent_key, "auto") as client:
        project = await drafted(client, "- The kettle must wait.")
        outcomes, threads_meanwhile, handles_meanwhile = await wait_for_all(client, project, human, served)
    await human.app.close()

    assert outcomes == ["approved"] * WAITERS
    assert 0 < handles_meanwhile < WAITERS, "what works keeps some, and none of them for itself"
    assert 0 < threads_meanwhile < WAITERS
