"""Calls that ask their client something: only for what it has declared, and only where the protocol has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

import mcp_types as types
import pytest
from pydantic import Field

from tests.interaction.lines import META
from tests.interaction.servers import Demo, Json
from tests.security.attacks import Headers, Reply, sent
from tests.security.inside import serving_here
from tests.security.modern import CAPABILITIES_KEY, asking, error_code, right_headers, said
from vdw.domain.principal import Permission
from vdw.domain.secret import Secret
from vdw.server import completion
from vdw.server.inputs import Input
from vdw.server.registry import Call, Context, Tool
from vdw.server.surface import SURFACE

HEADER_MISMATCH, MISSING_CAPABILITY, INTERNAL = -32020, -32021, -32603
QUESTION = types.ElicitRequest(
    params=types.ElicitRequestFormParams(
        message="Which kettle?", requested_schema={"type": "object", "properties": {"name": {"type": "string"}}}
    )
)


class Nothing(Input):
    pass


class Routed(Input):
    """Arguments that stand in headers as well, as `x-mcp-header` says."""

    region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})] = ""
    number: Annotated[int, Field(json_schema_extra={"x-mcp-header": "Number"})] = 0


async def ask(_: Call, __: Nothing) -> types.InputRequiredResult:
    return types.InputRequiredResult(input_requests={"name": QUESTION})


async def echo(_: Call, given: Routed) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=f"{given.region} {given.number}")])


async def complete(_: Context, __: types.CompleteRequestParams) -> types.InputRequiredResult:
    return types.InputRequiredResult(input_requests={"name": QUESTION})


ASKING = replace(
    SURFACE,
    tools=(
        Tool("ask", "Ask", "Asks.", Permission.PROJECT_READ, Nothing, None, ask),
        Tool("echo", "Echo", "Says it again.", Permission.PROJECT_READ, Routed, None, echo),
    ),
)


@pytest.fixture(scope="module")
async def port(demo: Demo) -> AsyncIterator[int]:
    """A server that asks, also where the protocol has no questions."""
    app = demo.app()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(completion, "on_complete", lambda _: complete)
        async with serving_here(app.environment(), app._api_keys, ASKING) as running:
            yield running
    await app.close()


async def called(
    port: int, key: Secret, method: str, params: Json, capabilities: Json | None = None, headers: Headers = ()
) -> Reply:
    meta = META | {CAPABILITIES_KEY: capabilities or {}}
    request = asking(method, params, meta=meta, headers=right_headers(method, params) + headers)
    return await asyncio.to_thread(sent, port, key.reveal(), request)


@pytest.mark.row(id="E4")
@pytest.mark.row(id="D9")
@pytest.mark.parametrize("capabilities", [{}, {"sampling": {}}, {"roots": {}}, {"elicitation": {}}])
async def test_a_client_is_asked_only_for_what_it_has_declared(port: int, demo: Demo, capabilities: Json) -> None:
    call = {"name": "ask", "arguments": {}}

    reply = await called(port, demo.founded.agent_key, "tools/call", call, capabilities)

    if "elicitation" in capabilities:
        assert said(reply)["result"]["resultType"] == "input_required"
    else:
        assert (reply.status, error_code(reply)) == (400, MISSING_CAPABILITY)
        assert said(reply)["error"]["data"] == {"requiredCapabilities": {"elicitation": {}}}
        assert b"Which kettle?" not in reply.body


@pytest.mark.row(id="E5")
async def test_no_other_method_is_answered_with_a_question(port: int, demo: Demo) -> None:
    params = {"ref": {"type": "ref/prompt", "name": "mood"}, "argument": {"name": "project", "value": ""}}

    reply = await called(port, demo.founded.agent_key, "completion/complete", params, {"elicitation": {}})

    assert error_code(reply) == INTERNAL
    assert b"Which kettle?" not in reply.body


# --- Arguments in headers ---------------------------------------------------------------------------------------------

REGION, NUMBER = ("Mcp-Param-Region", "eu"), ("Mcp-Param-Number", "7")
MISROUTED: dict[str, Headers] = {
    "one is missing": (REGION,),
    "another region": (("Mcp-Param-Region", "us"), NUMBER),
    "the region in capitals": (("Mcp-Param-Region", "EU"), NUMBER),
    "another number": (REGION, ("Mcp-Param-Number", "8")),
    "a number that is none": (REGION, ("Mcp-Param-Number", "seven")),
    "a region twice": (REGION, REGION, NUMBER),
}


@pytest.mark.row(id="D6")
@pytest.mark.parametrize("number", ["7", "07", "7.0"])
async def test_arguments_in_headers_that_are_the_bodys_are_taken(port: int, demo: Demo, number: str) -> None:
    call = {"name": "echo", "arguments": {"region": "eu", "number": 7}}
    headers = (REGION, ("Mcp-Param-Number", number))

    reply = await called(port, demo.founded.agent_key, "tools/call", call, headers=headers)

    assert (reply.status, said(reply)["result"]["content"][0]["text"]) == (200, "eu 7")


@pytest.mark.row(id="D6")
@pytest.mark.parametrize("name", MISROUTED)
async def test_an_argument_in_a_header_that_is_not_the_bodys_is_refused(port: int, demo: Demo, name: str) -> None:
    call = {"name": "echo", "arguments": {"region": "eu", "number": 7}}

    reply = await called(port, demo.founded.agent_key, "tools/call", call, headers=MISROUTED[name])

    assert (reply.status, error_code(reply)) == (400, HEADER_MISMATCH)


@pytest.mark.row(id="D6")
def test_no_argument_of_ours_is_shown_to_whoever_reads_headers() -> None:
    assert [tool.name for tool in SURFACE.tools if "x-mcp-header" in str(tool.input_schema)] == []
    assert "x-mcp-header" in str(ASKING.by_name["echo"].input_schema)
