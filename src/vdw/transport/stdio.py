"""MCP over stdin and stdout, for a client that starts `vdw mcp` itself. The principal is the configured key's, never a
guess."""

from __future__ import annotations

import io
import os
from collections.abc import Awaitable, Callable
from typing import Any, BinaryIO

import anyio
from anyio import to_thread
from anyio.streams.memory import MemoryObjectSendStream
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCNotification, JSONRPCRequest

from vdw.auth.provider import AuthProvider
from vdw.domain.principal import Principal
from vdw.domain.secret import Secret
from vdw.errors import ErrorCode, VdwError
from vdw.server.pipeline import Caller
from vdw.transport.messages import (
    MAX_MESSAGE_BYTES,
    MalformedMessageError,
    UnaskedResponseError,
    over_long,
    read_message,
)
from vdw.transport.request_ids import MAX_EDGE_BYTES

Feed = MemoryObjectSendStream[SessionMessage | Exception]
Answer = Callable[[SessionMessage], Awaitable[None]]
STDIN = 0
PIPE_BYTES = 64 * 1024
"""What is read at once, in bytes: a pipe of Linux holds as much (pipe(7))."""


class StdioCaller(Caller):
    """The principal of the configured key, verified at each call, so that a revoked key stops at once."""

    def __init__(self, provider: Callable[[], AuthProvider], key: Secret) -> None:
        self._provider = provider
        self._key = key

    async def __call__(self, request: object) -> Principal:
        if not self._key:
            raise VdwError(
                ErrorCode.UNAUTHENTICATED,
                "This process has no key, so it speaks for nobody.",
                "Set VDW_KEY in the client's configuration: `vdw init --client` writes it, `vdw key create` makes one.",
            )
        return await self._provider().verify_token(self._key.reveal())


async def run_stdio(server: Server[Any]) -> None:
    """Serves one client until it closes stdin. A line that is no message is answered, and the next one is read.

    The SDK writes; it is given nothing to read, because its reader drops what it cannot read without an answer.
    """
    async with stdio_server(stdin=anyio.wrap_file(io.StringIO())) as (_, write):
        feed, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        async with anyio.create_task_group() as group:
            group.start_soon(_read_lines, _claimed_stdin(), feed, write.send)
            await server.run(read, write, server.create_initialization_options())


async def _read_lines(wire: BinaryIO, feed: Feed, answer: Answer) -> None:
    async with feed:
        while line := await to_thread.run_sync(wire.readline, MAX_MESSAGE_BYTES + 1):
            try:
                if len(line) > MAX_MESSAGE_BYTES and not line.endswith(b"\n"):
                    raise over_long(line, await _tail(wire, line))
                message = _message(read_message(line.removesuffix(b"\n")))
            except UnaskedResponseError:
                continue
            except MalformedMessageError as error:
                await answer(SessionMessage(JSONRPCError.model_validate(error.reply())))
            else:
                await feed.send(SessionMessage(message))


async def _tail(wire: BinaryIO, line: bytes) -> bytes:
    """The end of a line that is read on and dropped."""
    piece = tail = line
    while piece and not piece.endswith(b"\n"):
        piece = await to_thread.run_sync(wire.readline, MAX_MESSAGE_BYTES)
        tail = tail[-MAX_EDGE_BYTES:] + piece[-MAX_EDGE_BYTES:]
    return tail


def _message(value: dict[str, Any]) -> JSONRPCRequest | JSONRPCNotification:
    """As the SDK has it; `read_message` has checked all that these models check."""
    return JSONRPCRequest.model_validate(value) if "id" in value else JSONRPCNotification.model_validate(value)


def _claimed_stdin() -> BinaryIO:
    """The wire, for this reader alone: whatever else reads standard input from now on, here or in a child, is at its
    end."""
    wire = os.dup(STDIN)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, STDIN)
    os.close(nothing)
    return os.fdopen(wire, "rb", PIPE_BYTES)
