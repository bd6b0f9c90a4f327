"""A call that its client gives up leaves nothing half done: it has taken effect as a whole, or not at all.

Each call is given up after ever longer times, so that it is met at its start, in its verdict, at its commit and when it
is all but answered.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import anyio
import pytest
from mcp import Client
from mcp_types import TextResourceContents

from tests.interaction.servers import Demo, Json, Served, answer_of, http_client, stdio_client
from tests.interaction.signers import Human
from tests.interaction.test_together import drafted, look

STATEMENTS = 60
VIBE = "\n".join(f"- The kettle must keep {number} cups of water warm." for number in range(1, STATEMENTS + 1))
PATIENCE_MS = (0, 2, 8, 16, 32, 64, 128, 60_000)
"""From none at all to more than any answer takes."""


@pytest.fixture(scope="module", params=["legacy", "modern"])
async def agent(request: pytest.FixtureRequest, demo: Demo, served: Served) -> AsyncIterator[Client]:
    """A client whose cancellations reach the server: by notification in the first era, by the end of its request in
    the second. (Over HTTP the first era has no way that works without sessions.)"""
    key = demo.founded.agent_key
    first = request.param == "legacy"
    async with stdio_client(demo, key, "legacy") if first else http_client(served.url, key, "auto") as client:
        yield client


async def given_up(client: Client, tool: str, arguments: Json, patience_ms: int) -> bool:
    """Whether the call was given up before its answer came."""
    with anyio.move_on_after(patience_ms / 1000) as scope:
        answer_of(await client.call_tool(tool, arguments))
    return scope.cancelled_caught


async def listed(client: Client) -> set[str]:
    projects = answer_of(await client.call_tool("list_projects", {"limit": 100}))["projects"]
    return {str(project["project"]) for project in projects}


async def skeleton(client: Client, project: str) -> Json:
    (content,) = (await client.read_resource(f"vdw://projects/{project}/skeleton")).contents
    assert isinstance(content, TextResourceContents)
    return dict(json.loads(content.text))


async def test_a_submission_that_is_given_up_is_a_whole_revision_or_none(agent: Client) -> None:
    project = str(answer_of(await agent.call_tool("create_project", {"vibe": VIBE}))["project"])
    mood = await skeleton(agent, project)
    outcomes: list[bool] = []
    for patience in PATIENCE_MS:
        before = (await look(agent, project))["phases"][0]["revision"]
        written = {**mood, "requirements": mood["requirements"][: len(outcomes) + 3]}
        call: Json = {"project": project, "phase": "mood", "artifact": written}
        abandoned = await given_up(agent, "submit_artifact", call, patience)

        again = answer_of(await agent.call_tool("submit_artifact", call))

        stored = (await look(agent, project))["phases"][0]["revision"]
        assert stored == before + 1, "the call that was given up, or the second one, and never both"
        assert again["revision"] == stored
        outcomes.append(abandoned)
    assert outcomes[0], "the least patience gave it up"
    assert not outcomes[-1], "the greatest saw it answered"


async def test_a_project_that_is_given_up_at_its_birth_is_a_whole_project_or_none(agent: Client) -> None:
    before = await listed(agent)
    abandoned = [
        await given_up(agent, "create_project", {"vibe": f"{VIBE}\n- Take {len(before)}, {number}."}, patience)
        for number, patience in enumerate(PATIENCE_MS)
    ]

    made = await listed(agent) - before
    sizes = [len((await skeleton(agent, project))["requirements"]) for project in made]

    assert abandoned[0], "the least patience gave it up"
    assert not abandoned[-1], "the greatest saw it answered"
    assert abandoned.count(False) <= len(made) <= len(PATIENCE_MS)
    assert min(sizes) >= STATEMENTS, "with all of its draft"


async def test_a_wait_that_is_given_up_leaves_the_review_open_for_its_decision(agent: Client, demo: Demo) -> None:
    human = Human(demo.app(), demo)
    project = await drafted(agent, "- The kettle must boil.")

    assert await given_up(agent, "request_review", {"project": project, "wait_seconds": 600}, 700)
    waiting = answer_of(await agent.call_tool("request_review", {"project": project}))
    async with anyio.create_task_group() as group:
        group.start_soon(human.decide_once_asked, project)
        decided = answer_of(await agent.call_tool("request_review", {"project": project, "wait_seconds": 60}))
    await human.app.close()

    assert waiting["outcome"] == "waiting"
    assert decided["outcome"] == "approved"
    assert decided["review"] == waiting["review"], "one review, joined twice"
