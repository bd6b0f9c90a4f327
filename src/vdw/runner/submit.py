"""Handing an observation to the server: over MCP to a URL, or to the same tools beside the embedded store."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from vdw.domain.canonical import MAX_DOCUMENT_BYTES, JsonObject, call_bytes
from vdw.errors import ErrorCode, VdwError
from vdw.runner.checkout import as_text
from vdw.runner.observe import Observation

if TYPE_CHECKING:
    from vdw.domain.principal import Principal
    from vdw.service.environment import Environment

CALL_SECONDS = 60
"""Longest wait for the server's answer, in seconds."""

Json = dict[str, Any]
Ask = Callable[[str, JsonObject], Awaitable[Json]]
"""Calls the tool of this name with these arguments. Law: answers what the tool answers, or raises its refusal."""


def evidence_arguments(project: str, observed: Observation) -> JsonObject:
    """The arguments of submit_evidence for what was observed. Raises `VdwError` (too_large) where no call carries
    them."""
    made: JsonObject = {
        "project": as_text(project),
        "kind": "junit",
        "report": observed.report,
        "run": observed.run_json(),
        "repository": observed.after.repository,
        "commit": observed.after.commit,
    }
    _require_room(made)
    return made


async def hand_over(ask: Ask, arguments: JsonObject) -> Json:
    """Has the record entered through submit_evidence; into the only project, if it names none.

    Raises `VdwError`: too_large before a record is sent that no call carries; invalid_input where the project has to be
    named; the server's refusal.
    """
    named: JsonObject = {**arguments, "project": arguments.get("project") or await _only_project(ask)}
    _require_room(named)
    return await ask("submit_evidence", named)


def _require_room(arguments: JsonObject) -> None:
    size = call_bytes(arguments)
    if size > MAX_DOCUMENT_BYTES:
        raise VdwError(
            ErrorCode.TOO_LARGE,
            f"As a call this record has {size} bytes, mostly its report; {MAX_DOCUMENT_BYTES} is the most, so it was not sent.",
            "Keep output out of the report (pytest: -o junit_logging=no), or run the tests in parts.",
        )


async def _only_project(ask: Ask) -> str:
    found = (await ask("list_projects", {"limit": 2}))["projects"]
    if len(found) != 1:
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            "There are several projects; say which one was tested, with --project."
            if found
            else "There is no project yet that could be named with --project.",
            "List them: vdw project list." if found else "Begin one: vdw project create FILE.",
        )
    return str(found[0]["project"])


async def submit_into_store(env: Environment, principal: Principal, arguments: JsonObject) -> Json:
    """`hand_over` to the tools themselves, where the store is here. Raises as they do."""
    from vdw.server.pipeline import run_tool
    from vdw.server.registry import Call
    from vdw.server.surface import SURFACE

    call = Call(env, principal, _untold)

    async def ask(tool: str, given: JsonObject) -> Json:
        answer = await run_tool(SURFACE, call, tool, given)
        return answer.model_dump(mode="json")

    return await hand_over(ask, arguments)


async def _untold(_done: int, _of: int, _words: str) -> None:
    """Nobody waits for progress here."""


async def submit_over_mcp(url: str, key: str, arguments: JsonObject) -> Json:
    """`hand_over` to a server. Raises as it does, or `VdwError`: busy where the server cannot be reached,
    unauthenticated where it is no server of ours or does not take the key."""
    import httpx2
    from mcp import Client, MCPError
    from mcp.client.streamable_http import streamable_http_client

    headers = {"Authorization": f"Bearer {key}"}
    try:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=CALL_SECONDS) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):

            async def ask(tool: str, given: JsonObject) -> Json:
                result = await client.call_tool(tool, given)
                if result.is_error:
                    raise refusal_of("".join(getattr(block, "text", "") for block in result.content))
                return dict(result.structured_content)

            return await hand_over(ask, arguments)
    except* VdwError as group:
        raise _first(group) from None
    except* (httpx2.HTTPError, OSError) as group:
        raise VdwError(
            ErrorCode.BUSY, f"The server at {url} cannot be reached.", "Check VDW_URL.", reason=repr(group)
        ) from None
    except* MCPError as group:
        raise VdwError(
            ErrorCode.UNAUTHENTICATED,
            f"The server at {url} did not take the call.",
            "Check VDW_URL, and that VDW_KEY is a runner's key of that server.",
            reason=repr(group),
        ) from None


def _first(error: BaseException) -> BaseException:
    """The error itself, out of the groups that a task group puts it into."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def refusal_of(text: str) -> VdwError:
    """The server's refusal, as it was told."""
    try:
        error = json.loads(text)["error"]
        return VdwError(ErrorCode(error["code"]), str(error["message"]), str(error.get("next_step", "")))
    except (ValueError, KeyError, TypeError):
        return VdwError(ErrorCode.INTERNAL, "The server refused in words that are not understood.", "Update vdw.")
