"""A client that has read only tools/list and get_brief completes a project; a human decides from another process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import anyio
import jsonschema
import pytest
from mcp import Client
from mcp_types import Tool

from tests.interaction.conftest import Connect
from tests.interaction.servers import Demo, Json, answer_of, http_client, serving, stdio_client
from tests.interaction.signers import Human
from vdw.domain.stages import GateVerdict

VIBE = "# Kettle\n\n- The kettle must boil water.\n- The kettle should whistle when the water boils.\n"
COMMIT = "a" * 40
PATIENCE_S = 60


@pytest.fixture
async def human(demo: Demo) -> AsyncIterator[Human]:
    app = demo.app()
    yield Human(app, demo)
    await app.close()


@dataclass(frozen=True, slots=True)
class NaiveClient:
    """Knows nothing but the list of tools and what the brief says. Holds every answer against its schema."""

    client: Client
    tools: dict[str, Tool]
    called: set[str] = field(default_factory=set)

    @staticmethod
    async def over(client: Client) -> NaiveClient:
        return NaiveClient(client, {tool.name: tool for tool in (await client.list_tools()).tools})

    async def call(self, name: str, **arguments: object) -> Json:
        answer = answer_of(await self.client.call_tool(name, arguments))
        schema = self.tools[name].output_schema
        assert schema is not None
        assert answer.keys() <= schema["properties"].keys()
        jsonschema.Draft202012Validator(schema).validate(answer)
        self.called.add(name)
        return answer

    async def write(self, project: str) -> Json:
        """Writes the current phase's artifact from the brief, and submits it."""
        brief = await self.call("get_brief", project=project, skeleton=True)
        artifact = brief["skeleton"]
        jsonschema.Draft202012Validator(brief["artifact_schema"]).validate(brief["example"])
        if brief["phase"] == "implementation":
            changes = [{**change, "repository": "kettle", "commit": COMMIT} for change in artifact["changes"]]
            artifact = {**artifact, "heads": [{"repository": "kettle", "commit": COMMIT}], "changes": changes}
        if brief["phase"] == "validation":
            artifact = {**artifact, "evidence": [record["id"] for record in brief["basis"]["evidence"]]}
        return await self.call("submit_artifact", project=project, phase=brief["phase"], artifact=artifact)


def passed_run() -> Json:
    """What a runner hands in after a green test run."""
    cases = "".join(f'<testcase name="test_req_00{number}"/>' for number in (1, 2))
    times = {"started_at": "2026-11-24T10:00:00Z", "ended_at": "2026-11-24T10:00:01Z"}
    return {
        "kind": "junit",
        "report": f'<testsuite name="kettle">{cases}</testsuite>',
        "run": {"command": "pytest", "exit_code": 0, "dirty": False, **times},
        "repository": "kettle",
        "commit": COMMIT,
    }


@pytest.mark.row(id="F7")
async def test_a_naive_client_completes_a_project_over_several_processes(fresh: Demo) -> None:
    app = fresh.app()
    human = Human(app, fresh)
    with serving(fresh) as served:
        async with (
            stdio_client(fresh, fresh.founded.agent_key, "auto") as one,
            http_client(served.url, fresh.founded.runner_key, "legacy") as other,
        ):
            agent, runner = await NaiveClient.over(one), await NaiveClient.over(other)
            project = (await agent.call("create_project", vibe=VIBE))["project"]
            for phase in ("mood", "architecture", "specification", "implementation", "validation"):
                if phase == "validation":
                    await runner.call("submit_evidence", project=project, **passed_run())
                submitted = await agent.write(project)
                assert (submitted["phase"], submitted["allowed"]) == (phase, True), submitted["findings"]
                await agent.call("request_review", project=project)
                await human.decide(project)
            view = await runner.call("get_project", project=project)
            exported = await agent.call("export_project", project=project)
            await agent.call("trace", project=project, kind="trace", of="REQ-001")
            await agent.call("list_projects")
            await agent.call("submit_statement", envelope=human.last_envelope())
            await agent.call("change_project", project=project, action="start_iteration", vibe="It must be quick.")
    await app.close()

    assert (view["status"], view["verified"]) == ("completed", "yes")
    assert {phase["approved"] for phase in view["phases"]} == {"self-approved"}
    assert exported["files"]
    assert exported["last_statement"]
    assert agent.called | runner.called == set(agent.tools), "every tool's answer was held against its schema"


@pytest.mark.parametrize("verdict", [GateVerdict.APPROVE, GateVerdict.REJECT])
async def test_a_waiting_call_wakes_when_another_process_decides(
    verdict: GateVerdict, connect: Connect, client: Client, human: Human
) -> None:
    agent = await NaiveClient.over(client)
    project = str(
        (await agent.call("create_project", vibe=f"{VIBE}- It must say {verdict} on {connect!r}."))["project"]
    )
    await agent.write(project)
    heard: list[str] = []
    ended: list[Json] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001  # as the SDK calls it
        heard.append(message or "")

    async def wait() -> None:
        given = {"project": project, "wait_seconds": 600}
        result = await client.call_tool(
            "request_review", given, progress_callback=hear, read_timeout_seconds=PATIENCE_S
        )
        ended.append(answer_of(result))

    async with anyio.create_task_group() as group:
        group.start_soon(wait)
        await human.decide_once_asked(project, verdict, ("REQ-001", "say how hot"))

    assert ended[0]["outcome"] == {"approve": "approved", "reject": "rejected"}[verdict.value]
    assert any("waiting for a human" in message for message in heard)
    assert ("say how hot" in str(ended[0]["feedback"])) is (verdict is GateVerdict.REJECT)


async def test_a_wait_that_nobody_answers_ends_by_itself(client: Client) -> None:
    agent = await NaiveClient.over(client)
    project = (await agent.call("create_project", vibe=f"{VIBE}- It must wait."))["project"]
    await agent.write(project)

    answer = await agent.call("request_review", project=project, wait_seconds=1)

    assert answer["outcome"] == "waiting"
    assert " gate review " in answer["command"]
    assert answer["command"] in answer["next"]
