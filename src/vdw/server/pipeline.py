"""The way of a request, once its bytes have arrived and its credential is known:

1. who calls, 2. may they call this tool, 3. are the arguments right, 4. the service, 5. the answer or a refusal.

`Pipeline.call` is this way for tools, `run_tool` its steps 2 to 4 for whoever has taken the first one. What reads a
project or makes a prompt, and the lists of tools and resources, begin with the first step (`Pipeline.admit`); the lists
of prompts and templates are the same for everybody. Refusals are data an agent can act on: a code, one sentence, what
to do next. A foreign exception's text goes to the log and never to the caller.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mcp.shared.exceptions import MCPError
from pydantic import ValidationError

from vdw.domain.canonical import MAX_DOCUMENT_BYTES, call_bytes, require_plain
from vdw.domain.principal import Principal
from vdw.domain.shell import as_typed
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.server.log import log_refusal
from vdw.server.registry import AnyTool, Call, Context, In, Progress, Spoken, Surface, Tool, may_call
from vdw.server.surface import SURFACE
from vdw.service.answers import Answer
from vdw.service.environment import Environment

logger = logging.getLogger(__name__)

MAX_FAULTS = 10
"""Faults of one call's arguments that are told, so that an agent mends several at once."""

INTERNAL = VdwError(
    ErrorCode.INTERNAL,
    "Something went wrong inside the server.",
    "Look with get_project whether it took effect before you try again; whoever runs the server has the log.",
)


class UnknownToolError(VdwError):
    """There is no tool of that name for this caller; absent and forbidden look alike, but in the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            ErrorCode.FORBIDDEN,
            "This credential may call no tool of that name.",
            "The list of tools names those that it may call.",
            reason=reason,
        )


class Caller(Protocol):
    """Law: answers the principal of the request at hand, verified now, or raises `VdwError` (unauthenticated)."""

    async def __call__(self, request: object) -> Principal: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call came to: an answer, or a refusal's public half."""

    answer: Answer | Spoken | None
    error: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`open_environment` raises `VdwError` (not_initialised) until `vdw init` has run."""

    open_environment: Callable[[], Environment]
    caller: Caller
    command: str = "vdw"
    """What a person writes for `vdw` in a shell of their own: see `Settings.command`."""
    surface: Surface = SURFACE

    async def admit(self, request: object) -> tuple[Environment, Principal]:
        """The open store with what works on it, and who calls. Raises `VdwError` (not_initialised, unauthenticated)."""
        env = self.open_environment()
        return env, await self.caller(request)

    def public_half(self, error: VdwError) -> dict[str, object]:
        """What a caller gets of a refusal, with commands as this set-up's people type them."""
        error.next_step = as_typed(error.next_step, self.command)
        return error.as_json()

    async def call(self, context: Context, name: str, arguments: Mapping[str, Any], progress: Progress) -> Reply:
        """Runs one tool call. Raises only `UnknownToolError`, and what a tool says in the protocol's own terms
        (`MCPError`); whatever else goes wrong is a `Reply` with an error."""
        try:
            # 1. Who calls.
            env, principal = await self.admit(context.request)
            # 2. to 4. The call itself.
            answer = await run_tool(self.surface, Call(env, principal, progress, context), name, arguments)
            # 5. The answer, or the refusal that one of the steps raised.
            return Reply(answer, None)
        except VdwError as error:
            log_refusal(name, error)
            if isinstance(error, UnknownToolError):
                raise
            return Reply(None, self.public_half(error))
        except MCPError:
            raise
        except Exception:  # the outermost edge: nothing foreign leaves
            logger.exception("%s failed", name)
            return Reply(None, INTERNAL.as_json())


async def run_tool(surface: Surface, call: Call, name: str, arguments: Mapping[str, Any]) -> Answer | Spoken:
    """The tool's answer to a caller who is known. Raises `UnknownToolError` and whatever the tool refuses
    (`VdwError`)."""
    # 2. May they call this tool; the listing is not the control.
    tool = surface.by_name.get(name)
    if tool is None:
        raise UnknownToolError("there is no such tool")
    if not may_call(call.principal, tool):
        raise UnknownToolError(f"the credential lacks {tool.permission.value}")
    # 3. Are the arguments right.
    given = read_arguments(tool, arguments)
    # 4. The service, through the tool's handler.
    answer: Answer | Spoken = await tool.call(call, given)
    return answer


def read_arguments(tool: Tool[In, Any], arguments: Mapping[str, Any]) -> In:
    """The arguments as the tool's input model. Raises `VdwError` (invalid_input, too_large) with the path of each
    fault."""
    size = call_bytes(arguments)
    if size > MAX_DOCUMENT_BYTES:
        raise VdwError(
            ErrorCode.TOO_LARGE,
            f"This call has {size} bytes; {MAX_DOCUMENT_BYTES} is the most.",
            "Send it in parts: element changes, or a smaller report.",
        )
    require_plain(arguments, "arguments")
    try:
        return tool.input.model_validate(arguments)
    except ValidationError as error:
        from vdw.artifacts.faults import shown_path

        faults = [
            {"path": shown_path(fault["loc"]), "rule": fault["msg"]} for fault in error.errors(include_input=False)
        ]
        first = faults[0]
        wrong = invalid(str(first["path"]), str(first["rule"]), next_step=f"The arguments are {_signature(tool)}.")
        wrong.details["faults"] = faults[:MAX_FAULTS]
        raise wrong from None


def _signature(tool: AnyTool) -> str:
    required = set(tool.input_schema.get("required", ()))
    return ", ".join(name if name in required else f"{name}?" for name in tool.input_schema["properties"])
