"""Request state over several servers: what one process has sealed, another with the same configured key opens, and no
other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import anyio
import pytest
from mcp import Client, MCPError
from mcp_types import InputRequiredResult

from tests.interaction.asking import STATE
from tests.interaction.servers import Demo, Json, answer_of, http_client, serving
from tests.interaction.signers import Human
from tests.interaction.test_together import drafted
from vdw.domain.secret import Secret
from vdw.service.keys import create_key

ASKING = (str(Path(__file__).with_name("asking.py")),)
UNKNOWN = (-32602, "Invalid or expired requestState")
KEY, NEWER, FOREIGN = "a" * 32, "b" * 32, "c" * 32


@asynccontextmanager
async def server(
    demo: Demo, keys: str, program: tuple[str, ...] = ("-m", "vdw"), caller: Secret | None = None
) -> AsyncIterator[Client]:
    """A client of the second era, the demo's agent or another caller, to a server process of its own with these
    keys."""
    with serving(demo, program, VDW_STATE_KEYS=keys) as served:
        async with http_client(served.url, caller or demo.founded.agent_key, "auto") as client:
            yield client


async def issued(demo: Demo, call: Json) -> str:
    """The state that process A answers this call with."""
    async with server(demo, KEY, ASKING) as client:
        asked = await client.session.call_tool("request_review", call, allow_input_required=True)
    assert isinstance(asked, InputRequiredResult)
    assert asked.request_state is not None
    assert STATE not in asked.request_state
    return asked.request_state


async def refused(client: Client, call: Json, state: str) -> tuple[int, str]:
    with pytest.raises(MCPError) as error:
        await client.call_tool("request_review", call, request_state=state)
    return error.value.code, str(error.value)


@pytest.mark.row(id="E1")
@pytest.mark.row(id="E6")
async def test_a_state_is_opened_by_every_process_with_the_same_key_and_by_no_other(fresh: Demo) -> None:
    human = Human(fresh.app(), fresh)
    async with AsyncExitStack() as stack:
        same = await stack.enter_async_context(server(fresh, KEY))
        rotated = await stack.enter_async_context(server(fresh, f"{NEWER},{KEY}"))
        foreign = await stack.enter_async_context(server(fresh, FOREIGN))
        call: Json = {"project": await drafted(same, "- The kettle must boil."), "wait_seconds": 60}
        state = await issued(fresh, call)

        refusals = [
            await refused(foreign, call, state),
            await refused(same, call, state[:-1] + ("A" if state[-1] != "A" else "B")),
            await refused(same, {**call, "wait_seconds": 59}, state),
        ]
        async with anyio.create_task_group() as group:
            group.start_soon(human.decide_once_asked, call["project"])
            answer = answer_of(await same.call_tool("request_review", call, request_state=state))
        later: Json = {"project": await drafted(rotated, "- The kettle must whistle.")}
        also = answer_of(await rotated.call_tool("request_review", later, request_state=await issued(fresh, later)))
    await human.app.close()

    assert refusals == [UNKNOWN] * 3
    assert answer["outcome"] == "approved"
    assert also["outcome"] == "waiting"


@pytest.mark.row(id="E2")
@pytest.mark.row(id="E9")
async def test_a_state_in_another_principals_call_is_an_unknown_one(fresh: Demo) -> None:
    app = fresh.app()
    other = await create_key(app.environment(), app.operator(), name="another agent of the same owner")
    await app.close()
    async with AsyncExitStack() as stack:
        holder = await stack.enter_async_context(server(fresh, KEY))
        taker = await stack.enter_async_context(server(fresh, KEY, caller=other.token))
        call: Json = {"project": await drafted(holder, "- The kettle must boil.")}
        state = await issued(fresh, call)

        refusal = await refused(taker, call, state)
        answer = answer_of(await holder.call_tool("request_review", call, request_state=state))

    assert refusal == UNKNOWN
    assert answer["outcome"] == "waiting"
