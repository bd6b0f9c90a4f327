"""Answers stay small in a large project: every page an agent reads is paid for in its context."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from mcp import Client

from tests.interaction.servers import Json, answer_of, error_of, found
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


EMOJI_VIBE = "\n".join(f"- The kettle must show {'🫖🔥' * 20} for cup {number}." for number in range(1, 301))
LONG_COMMENT = "Say it in fewer words, and say it once. " * 50


@dataclass(slots=True)
class Paged:
    """All pages of one question, and the tokens of the largest."""

    pages: list[Json] = field(default_factory=list)
    tokens: int = 0

    async def read(self, client: Client, tool: str, **arguments: object) -> Paged:
        cursor = ""
        while cursor or not self.pages:
            page = answer_of(await client.call_tool(tool, {**arguments, "cursor": cursor}))
            self.pages.append(page)
            self.tokens = max(self.tokens, tokens_of(page))
            cursor = page["cursor"]
        return self


@pytest.fixture(scope="module")
async def heavy(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Json | Paged]:
    """Answers in a project whose every part is as heavy as it may be."""
    demo = await found(tmp_path_factory.mktemp("heavy"))
    app = demo.app()
    human = Human(app, demo)
    caller = StdioCaller(app._api_keys, demo.founded.agent_key)
    answers: dict[str, Json | Paged] = {}
    async with Client(build_server(Pipeline(app.environment, caller), None)) as client:

        async def call(tool: str, **arguments: object) -> Json:
            return answer_of(await client.call_tool(tool, arguments))

        created = answers["create_project"] = await call("create_project", vibe=EMOJI_VIBE)
        project = created["project"]
        answers["vibe"] = await Paged().read(client, "get_brief", project=project)
        draft = await Scale(client).skeleton("", project)
        first, *others = draft["requirements"]
        criteria = [f"Cup {number} is as warm as it was said to be, {'and ' * 100}so on." for number in range(200)]
        mood = {**draft, "requirements": [{**first, "acceptance": criteria}, *others]}
        await call("submit_artifact", project=project, phase="mood", artifact=mood)
        for _ in range(2):
            await call("request_review", project=project)
            said = ((str(item["id"]), LONG_COMMENT) for item in draft["requirements"][:COMMENTS])
            await human.decide(project, GateVerdict.REJECT, *said)
        answers["get_project, much said"] = await call("get_project", project=project)
        answers["get_brief, much said"] = await Paged().read(client, "get_brief", project=project)
        changes = [{"op": "remove", "id": item["id"]} for item in others[:10]]
        stale = await client.call_tool(
            "submit_artifact", {"project": project, "phase": "mood", "base": "0" * 64, "changes": changes}
        )
        answers["a stale base"] = error_of(stale)
        await call("request_review", project=project)
        await human.decide(project)
        everything = [item["id"] for item in draft["requirements"]]
        hub = {"id": "CMP-001", "name": "All", "responsibility": "everything", "satisfies": everything}
        artifact = {"schema": "vdw.architecture/1", "components": [hub]}
        await call("submit_artifact", project=project, phase="architecture", artifact=artifact)
        answers["impact of one of many"] = await Paged().read(
            client, "trace", project=project, kind="trace", of="CMP-001"
        )
        answers["a file"] = await Paged().read(client, "export_project", project=project, path="artifacts/mood.md")
        answers["all files"] = await Paged().read(client, "export_project", project=project)
    await app.close()
    return answers


async def test_no_answer_is_large_however_heavy_its_parts(heavy: Mapping[str, Json | Paged]) -> None:
    tokens = {name: each.tokens if isinstance(each, Paged) else tokens_of(each) for name, each in heavy.items()}

    assert {name: count for name, count in tokens.items() if count > MAX_TOKENS} == {}


async def test_what_does_not_fit_is_told_and_its_pages_make_the_whole(heavy: Mapping[str, Json | Paged]) -> None:
    def pages(name: str) -> list[Json]:
        paged = heavy[name]
        assert isinstance(paged, Paged)
        assert len(paged.pages) > 1
        return paged.pages

    assert "".join(piece for page in pages("vibe") for piece in page["basis"]["vibe"]) == EMOJI_VIBE
    nodes = [node["id"] for page in pages("impact of one of many") for node in page["nodes"]]
    links = [link["to"] for page in pages("impact of one of many") for link in page["links"]]
    assert sorted(nodes) == sorted({*links, "CMP-001"})
    assert len(links) == 300
    text = "".join(page["files"][0]["text"] for page in pages("a file"))
    assert len(text.encode()) == pages("a file")[0]["files"][0]["size"]
    created = heavy["create_project"]
    assert isinstance(created, dict)
    assert len(created["draft"]["requirements"]) + created["more_statements"] == 300
    assert isinstance(heavy["a stale base"], dict)
    assert heavy["a stale base"]["details"]["more"] > 0
    assert isinstance(heavy["get_project, much said"], dict)
    assert heavy["get_project, much said"]["feedback"][0]["more"] > 0
