"""Answers stay small in a large project: every page an agent reads is paid for in its context."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from mcp import Client

from tests.interaction.servers import Json, answer_of, found
from tests.interaction.signers import Human
from tests.tokens import tokens_of
from vdw.domain.stages import GateVerdict
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.transport.stdio import StdioCaller

REQUIREMENTS = 500
COMMENTS = 100
MAX_TOKENS = 6_000
VIBE = "\n".join(f"- The kettle must keep {number} cups of water warm." for number in range(1, REQUIREMENTS + 1))


@dataclass(frozen=True, slots=True)
class Scale:
    """Calls tools and weighs the answers. Each is kept under the name it is given."""

    client: Client
    tokens: dict[str, int] = field(default_factory=dict)

    async def ask(self, name: str, tool: str, **arguments: object) -> Json:
        answer = answer_of(await self.client.call_tool(tool, arguments))
        self.tokens[name] = tokens_of(answer)
        return answer

    async def skeleton(self, name: str, project: str) -> Json:
        """Too large for an answer, so it is read as a resource."""
        assert (await self.ask(name, "get_brief", project=project, skeleton=True))["skeleton"] is None
        read = await self.client.read_resource(f"vdw://projects/{project}/skeleton")
        return dict(json.loads("".join(getattr(content, "text", "") for content in read.contents)))


@pytest.fixture(scope="module")
async def weighed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, int]:
    """Tokens of every kind of answer, in a project of 500 requirements."""
    demo = await found(tmp_path_factory.mktemp("large"))
    app = demo.app()
    caller = StdioCaller(app._api_keys, demo.founded.agent_key)
    async with Client(build_server(Pipeline(app.environment, caller), None)) as client:
        scale = Scale(client)
        project = str((await scale.ask("create_project", "create_project", vibe=VIBE))["project"])
        await mood(scale, project, Human(app, demo))
        await architecture(scale, project)
    await app.close()
    return scale.tokens


async def mood(scale: Scale, project: str, human: Human) -> None:
    draft = await scale.skeleton("skeleton of the mood", project)
    assert len(draft["requirements"]) == REQUIREMENTS
    bare = {**draft, "requirements": [{**item, "acceptance": []} for item in draft["requirements"]]}
    blocked = await scale.ask("submit, all blocked", "submit_artifact", project=project, phase="mood", artifact=bare)
    assert not blocked["allowed"]
    await scale.ask("get_project, all blocked", "get_project", project=project)
    await scale.ask("get_brief, all blocked", "get_brief", project=project)
    await scale.ask("explain", "trace", project=project, kind="explain", of=blocked["findings"][0]["key"])
    await scale.ask("submit", "submit_artifact", project=project, phase="mood", artifact=draft)
    await scale.ask("request_review", "request_review", project=project)
    said = ((str(item["id"]), "Say how warm, and for how long.") for item in draft["requirements"][:COMMENTS])
    await human.decide(project, GateVerdict.REJECT, *said)
    await scale.ask("get_project, much said", "get_project", project=project)
    await scale.ask("get_brief, much said", "get_brief", project=project)
    again = {**draft, "anti_goals": [{"id": "ANT-001", "statement": "It must not whistle."}]}
    await scale.ask("submit again", "submit_artifact", project=project, phase="mood", artifact=again)
    await scale.ask("request_review again", "request_review", project=project)
    await human.decide(project)


async def architecture(scale: Scale, project: str) -> None:
    draft = await scale.skeleton("skeleton of the architecture", project)
    await scale.ask("submit 2", "submit_artifact", project=project, phase="architecture", artifact=draft)
    component = draft["components"][0]["id"]
    await scale.ask("impact", "trace", project=project, kind="impact", of=component)
    await scale.ask("trace", "trace", project=project, kind="trace", of=component)
    await scale.ask("get_brief", "get_brief", project=project)
    await scale.ask("export", "export_project", project=project)
    await scale.ask("export, one file", "export_project", project=project, path="artifacts/mood.md")
    await scale.ask("reopen", "change_project", project=project, action="reopen", phase="mood", reason="more")
    await scale.ask("list_projects", "list_projects")


async def test_no_answer_is_large_in_a_project_of_500_requirements(weighed: Mapping[str, int]) -> None:
    large = {name: tokens for name, tokens in weighed.items() if tokens > MAX_TOKENS}

    assert not large
    assert len(weighed) > 15
