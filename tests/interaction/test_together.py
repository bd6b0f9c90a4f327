"""Several processes on one store are the normal case: nothing is locked, lost or decided twice."""

from __future__ import annotations

from contextlib import AsyncExitStack

import anyio
import pytest
from mcp import Client

from tests.interaction.servers import Demo, Json, answer_of, http_client, serving, stdio_client
from tests.interaction.signers import Human
from vdw.domain.stages import GateVerdict
from vdw.errors import ErrorCode, VdwError

AGENTS = 3
SECONDS_FOR_ALL = 300
OUTRUN = {ErrorCode.NOT_FOUND, ErrorCode.CONFLICT, ErrorCode.LOOK_AGAIN, ErrorCode.LAW}
"""What the slower of two signers may be told."""


@pytest.mark.parametrize("rounds", [2, pytest.param(150, marks=pytest.mark.slow)])
async def test_clients_and_signers_work_together_on_one_store(rounds: int, fresh: Demo) -> None:
    rivals = [Human(fresh.app(), fresh) for _ in range(2)]
    key = fresh.founded.agent_key
    founding = log_length(rivals[0])
    worked: dict[str, int] = {}
    decided: dict[str, int] = {}

    async def work(number: int, client: Client) -> None:
        for turn in range(rounds):
            project = await drafted(client, f"- Client {number} must do turn {turn}.")
            worked[project] = len(await asked_for_review(client, project))
            decided[project] = await race(rivals, project)

    with serving(fresh) as served:
        async with AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(stdio_client(fresh, key, "auto")) for _ in range(AGENTS)]
            clients.append(await stack.enter_async_context(http_client(served.url, key, "auto")))
            with anyio.fail_after(SECONDS_FOR_ALL):
                async with anyio.create_task_group() as group:
                    for number, client in enumerate(clients):
                        group.start_soon(work, number, client)
            views = {project: await look(clients[0], project) for project in worked}
            listed = answer_of(await clients[-1].call_tool("list_projects", {"limit": 100}))["projects"]
    entries = log_length(rivals[0])
    for rival in rivals:
        await rival.app.close()

    assert len(worked) == (AGENTS + 1) * rounds
    assert set(decided.values()) == {1}, "each gate was decided once"
    assert entries - founding == len(worked), "the log holds one decision a gate"
    assert len(listed) == min(len(worked), 100)
    assert {view["phase"] for view in views.values()} == {"architecture"}
    assert {view["phases"][0]["revision"] for view in views.values()} == {2}


async def drafted(client: Client, vibe: str) -> str:
    """A project with two revisions of its mood."""
    project = str(answer_of(await client.call_tool("create_project", {"vibe": vibe}))["project"])
    brief = answer_of(await client.call_tool("get_brief", {"project": project, "skeleton": True}))
    mood = brief["skeleton"]
    bare = [{**requirement, "acceptance": []} for requirement in mood["requirements"]]
    for requirements in (bare, mood["requirements"]):
        given = {"project": project, "phase": "mood", "artifact": {**mood, "requirements": requirements}}
        answer_of(await client.call_tool("submit_artifact", given))
    return project


async def asked_for_review(client: Client, project: str) -> Json:
    return answer_of(await client.call_tool("request_review", {"project": project}))


async def look(client: Client, project: str) -> Json:
    return answer_of(await client.call_tool("get_project", {"project": project}))


async def race(rivals: list[Human], project: str) -> int:
    """All decide at once, each in words of their own (a comment is salted); how many did."""
    done: list[str] = []

    async def decide(rival: Human) -> None:
        try:
            done.append((await rival.decide(project, GateVerdict.APPROVE, ("REQ-001", "seen"))).entry)
        except VdwError as error:
            if error.code not in OUTRUN:
                raise

    async with anyio.create_task_group() as group:
        for rival in rivals:
            group.start_soon(decide, rival)
    return len(done)


def log_length(human: Human) -> int:
    env, operator = human.app.environment(), human.app.operator()
    return env.store.read(lambda reader: len(reader.log_entries(operator.tenant)))
