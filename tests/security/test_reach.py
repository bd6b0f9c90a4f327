"""What is not yours is not there: tools outside the caller's list, and resource addresses outside the grammar."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest
from mcp import Client, MCPError

from tests.interaction.servers import Demo
from vdw.app import App
from vdw.domain.principal import Permission, PrincipalKind
from vdw.domain.secret import Secret
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.server.tools import TOOLS
from vdw.service.environment import Environment
from vdw.service.keys import create_key
from vdw.transport.stdio import StdioCaller

CANARY = "canary-of-a-foreign-exception"
GOOD = "vdw://schemas/mood"
TRICKS = [
    "vdw://schemas/../schemas/mood",
    "vdw://schemas/./mood",
    "vdw://schemas//mood",
    "vdw://schemas/mood/",
    "vdw://schemas/mood?x=1",
    "vdw://schemas/mood#x",
    "vdw://schemas/%6dood",
    "vdw://schemas/%256dood",
    "vdw://schemas/mood%00",
    "vdw://schemas/mood\x00",
    "vdw://schemas/mood\n",
    " vdw://schemas/mood",
    "vdw://schemas\\mood",
    "vdw://schemas/m\uff4fod",
    "vdw://schemas\u2024mood",
    "VDW://schemas/mood",
    "vdw://SCHEMAS/mood",
    "vdw:schemas/mood",
    "vdw://user@schemas/mood",
    "vdw://rules/../../vdw",
    "vdw://rules/..%2f..%2fconfig",
    "vdw://rules/%252e%252e%252fconfig",
    "vdw://rules/%c0%ae%c0%ae/config",
    "vdw://rules/\uff0e\uff0e/config",
    "vdw://rules/..\\..\\config",
    "vdw:///etc/passwd",
    "/etc/passwd",
    "vdw://rules/no_such_rule",
    "vdw://projects/prj_nowhere",
    "vdw://projects/..",
    "vdw://projects/prj_nowhere/artifacts/mood/0",
    "vdw://projects/prj_nowhere/artifacts/mood/-1",
    "vdw://projects/prj_nowhere/artifacts/mood/\u0661",
    "vdw://projects/" + "a" * 5000,
    "file:///etc/passwd",
    "https://example.org/",
    "",
]


@pytest.fixture
async def app(demo: Demo) -> AsyncIterator[App]:
    opened = demo.app()
    yield opened
    await opened.close()


def client(app: App, key: Secret) -> Client:
    return Client(build_server(Pipeline(app.environment, StdioCaller(app._api_keys, key)), None))


@pytest.mark.parametrize("kind", [PrincipalKind.RUNNER, PrincipalKind.SERVICE])
@pytest.mark.row(id="F3")
async def test_a_tool_outside_the_callers_list_is_refused_like_one_that_is_not_there(
    kind: PrincipalKind, app: App
) -> None:
    key = (await create_key(app.environment(), app.operator(), name="k", kind=kind.value)).token
    async with client(app, key) as caller:
        listed = {tool.name for tool in (await caller.list_tools()).tools}
        hidden = [tool.name for tool in TOOLS if tool.name not in listed]
        refusals = [await refusal(caller, name) for name in hidden]
        unknown = await refusal(caller, "no_such_tool")
        allowed = await caller.call_tool("list_projects", {})

    assert "submit_artifact" in hidden
    assert {tool.name for tool in TOOLS if tool.permission is Permission.PROJECT_READ} <= listed
    assert refusals == [unknown] * len(hidden)
    assert not allowed.is_error


async def refusal(caller: Client, tool: str) -> object:
    with pytest.raises(MCPError) as refused:
        await caller.call_tool(tool, {})
    return refused.value.error


@pytest.mark.row(id="F5")
async def test_an_address_outside_the_grammar_is_answered_as_one_that_is_not_there(app: App, demo: Demo) -> None:
    async with client(app, demo.founded.agent_key) as caller:
        assert (await caller.read_resource(GOOD)).contents
        errors = {}
        for uri in TRICKS:
            with pytest.raises(MCPError) as refused:
                await caller.read_resource(uri)
            errors[uri] = refused.value.error

    assert {error.code for error in errors.values()} == {-32602}
    assert {error.data["code"] for error in errors.values()} == {"not_found"}
    assert max(len(error.data["uri"]) for error in errors.values()) <= 300


@pytest.mark.parametrize("era", ["legacy", "auto"])
@pytest.mark.parametrize("request_", ["tools/list", "resources/list", "resources/read", "prompts/get", "tools/call"])
@pytest.mark.row(id="F1")
async def test_a_foreign_exceptions_text_never_leaves(
    request_: str, era: str, app: App, demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Environment:
        raise RuntimeError(CANARY)

    class Broken(StdioCaller):
        async def __call__(self, request: object) -> object:  # type: ignore[override]  # it never answers
            raise RuntimeError(CANARY)

    server = build_server(Pipeline(broken, Broken(app._api_keys, demo.founded.agent_key)), None)
    async with Client(server, mode=era) as caller:
        told = await answer(caller, request_)

    assert CANARY not in told
    assert "Something went wrong inside the server" in told
    assert [record for record in caplog.records if record.levelno == logging.ERROR and CANARY in str(record.exc_info)]


async def answer(caller: Client, request_: str) -> str:
    """All that the caller is told."""
    try:
        if request_ == "tools/call":
            return str(await caller.call_tool("list_projects", {}))
        match request_:
            case "tools/list":
                await caller.list_tools()
            case "resources/list":
                await caller.list_resources()
            case "resources/read":
                await caller.read_resource(GOOD)
            case "prompts/get":
                await caller.get_prompt("start_project")
    except MCPError as error:
        return f"{error} {error.error}"
    raise AssertionError("it was answered")
