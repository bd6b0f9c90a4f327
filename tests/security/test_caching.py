"""What a client, or a cache on its way, may keep: nothing of one caller for another, and no half-answered call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.interaction.servers import Demo, Json
from tests.security.attacks import sent
from tests.security.inside import serving_here
from tests.security.modern import asking, said
from vdw.domain.stages import Lane
from vdw.server import lists
from vdw.service.creating import create_project

PROJECTS = 3
KEPT: dict[str, Json] = {
    "server/discover": {},
    "tools/list": {},
    "prompts/list": {},
    "resources/templates/list": {},
    "resources/list": {},
    "resources/read": {"uri": "vdw://schemas/mood"},
}
"""All methods whose results say how long they may be kept (basic/utilities/caching)."""
NOT_KEPT: dict[str, Json] = {
    "tools/call": {"name": "list_projects", "arguments": {}},
    "prompts/get": {"name": "start_project"},
    "completion/complete": {
        "ref": {"type": "ref/prompt", "name": "mood"},
        "argument": {"name": "project", "value": ""},
    },
}


@pytest.fixture(scope="module")
async def port(demo: Demo) -> AsyncIterator[int]:
    """A server with pages of one project, and several projects."""
    app = demo.app()
    env = app.environment()
    agent = await app._api_keys().verify_token(demo.founded.agent_key.reveal())
    for number in range(PROJECTS):
        await create_project(env, agent, vibe=f"It must be kept {number}.", lane=Lane.FULL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "PROJECTS_A_PAGE", 1)
        async with serving_here(env, app._api_keys) as running:
            yield running
    await app.close()


async def answered(port: int, demo: Demo, method: str, params: Json) -> Json:
    reply = await asyncio.to_thread(sent, port, demo.founded.agent_key.reveal(), asking(method, params))
    assert reply.status == 200, reply.body
    return dict(said(reply)["result"])


@pytest.mark.row(id="F4")
@pytest.mark.parametrize("method", KEPT)
async def test_what_may_be_kept_says_how_long_and_that_it_is_one_callers(port: int, demo: Demo, method: str) -> None:
    result = await answered(port, demo, method, KEPT[method])

    assert result["ttlMs"] >= 0
    assert result["cacheScope"] == "private"


@pytest.mark.row(id="F4")
async def test_all_pages_of_a_list_may_be_kept_alike(port: int, demo: Demo) -> None:
    pages = [await answered(port, demo, "resources/list", {})]
    while cursor := pages[-1].get("nextCursor"):
        pages.append(await answered(port, demo, "resources/list", {"cursor": cursor}))

    assert len(pages) >= PROJECTS
    assert {(page["ttlMs"], page["cacheScope"]) for page in pages} == {(0, "private")}


@pytest.mark.row(id="F4")
@pytest.mark.parametrize("method", NOT_KEPT)
async def test_what_a_call_came_to_is_not_kept(port: int, demo: Demo, method: str) -> None:
    result = await answered(port, demo, method, NOT_KEPT[method])

    assert not {"ttlMs", "cacheScope"} & set(result)
