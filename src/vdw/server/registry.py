"""The rows of which a server is made: tools, resources and prompts, and what a tool's handler gets.

A server offers one `Surface`: the product's stands in `surface.py`. What is offered, and who may use it, is decided
from its rows alone.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import mcp_types as types
from mcp.server.context import ServerRequestContext
from pydantic import BaseModel

from vdw.domain.kept import kept
from vdw.domain.principal import KIND_PERMISSIONS, Permission, Principal
from vdw.server.schemas import Json, input_schema, output_schema
from vdw.service.answers import Answer
from vdw.service.environment import Environment

Context = ServerRequestContext[Any, Any]
Progress = Callable[[int, int, str], Awaitable[None]]
"""(done, of, message): tells a waiting client that the call is alive."""
Spoken = types.CallToolResult | types.InputRequiredResult
"""An answer in the protocol's own terms: pictures and sounds, or questions to the client."""
_AT_ONCE = frozenset(
    {
        "completion/complete",
        "prompts/get",
        "prompts/list",
        "resources/list",
        "resources/read",
        "resources/templates/list",
        "server/discover",
        "tools/list",
    }
)
"""Requests that are all answered like a tool that is `at_once`."""
_VARIABLE = re.compile(r"\{\??([A-Za-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its handler gets it: the caller is verified, and may call this tool."""

    env: Environment
    principal: Principal
    progress: Progress
    context: Context | None = None
    """The request, where the call came over MCP."""


In = TypeVar("In", bound=BaseModel)
Out_co = TypeVar("Out_co", bound=Answer | Spoken, covariant=True)


@dataclass(frozen=True)
class Tool(Generic[In, Out_co]):
    """`input` is the model of the arguments; the handler gets an instance of it, and answers one of `output`. The
    permission is checked before. Without `output` the answer has no structure that could be told beforehand."""

    name: str
    title: str
    description: str
    permission: Permission
    input: type[In]
    output: type[Out_co] | None
    call: Callable[[Call, In], Awaitable[Out_co]]
    read_only: bool = False
    idempotent: bool = True
    at_once: bool = False
    """Changes nothing, waits for nobody and is soon over: over HTTP a call that asks for no progress is answered with
    one JSON body, and nothing is made ready that could stream or be cut short."""

    @kept
    def input_schema(self) -> Json:
        return input_schema(self.input)

    @kept
    def output_schema(self) -> Json | None:
        return output_schema(self.output) if self.output is not None and issubclass(self.output, BaseModel) else None


AnyTool = Tool[Any, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of resource: its URI template, the grammar that a URI has to match whole, and what reads it."""

    uri: str
    name: str
    title: str
    description: str
    mime_type: str
    pattern: re.Pattern[str]
    read: Callable[[Environment, Principal, dict[str, str]], str | bytes]
    """Runs beside the event loop: a document may be large."""

    @property
    def variables(self) -> frozenset[str]:
        return frozenset(_VARIABLE.findall(self.uri))


@dataclass(frozen=True, slots=True)
class Prompt:
    """`messages` makes the prompt of its arguments, of which the required ones are there."""

    name: str
    title: str
    description: str
    arguments: tuple[types.PromptArgument, ...]
    messages: Callable[[Mapping[str, str], Context], list[types.PromptMessage] | types.InputRequiredResult]


@dataclass(frozen=True)
class Surface:
    """All that one server offers, each kind in the order in which clients see it."""

    tools: tuple[AnyTool, ...]
    resources: tuple[Resource, ...]
    prompts: tuple[Prompt, ...]
    asks_clients: bool = False
    """Whether tools ask their client for something. Over HTTP and in the first era that takes sessions."""
    handlers: Mapping[str, Any] = field(default_factory=dict)
    """What else the SDK's server shall do, by the names of its parameters."""

    @kept
    def by_name(self) -> Mapping[str, AnyTool]:
        return {tool.name: tool for tool in self.tools}

    def is_answered_at_once(self, request: Mapping[str, Any]) -> bool:
        """Whether the answer to this JSON-RPC message is one body, for which nothing has to be ready to stream: never
        where its client wants to hear of its progress, or may be asked something."""
        params = request.get("params") or {}
        meta = params.get("_meta")
        if self.asks_clients or (isinstance(meta, dict) and meta.get("progressToken") is not None):
            return False
        if request["method"] != "tools/call":
            return request["method"] in _AT_ONCE
        name = params.get("name")
        return isinstance(name, str) and name in self.by_name and self.by_name[name].at_once

    def visible_tools(self, principal: Principal | None) -> tuple[AnyTool, ...]:
        """What this caller may call; all of them before there is a caller (vdw mcp before vdw init)."""
        return self.tools if principal is None else tuple(tool for tool in self.tools if may_call(principal, tool))

    def arguments_of(self, ref: types.ResourceTemplateReference | types.PromptReference) -> frozenset[str] | None:
        """Names of the arguments of a prompt or of a resource; None where there is none of that name."""
        if isinstance(ref, types.PromptReference):
            prompts = {prompt.name: prompt for prompt in self.prompts}
            prompt = prompts.get(ref.name)
            return None if prompt is None else frozenset(argument.name for argument in prompt.arguments)
        return next((each.variables for each in self.resources if each.uri == ref.uri), None)


def may_call(principal: Principal, tool: AnyTool) -> bool:
    return tool.permission in principal.permissions & KIND_PERMISSIONS[principal.kind]
