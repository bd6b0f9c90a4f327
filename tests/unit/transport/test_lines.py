"""Reading lines: never more of one is held than a message may have."""

from __future__ import annotations

import io

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCRequest

from vdw.transport.messages import INVALID_REQUEST, MAX_MESSAGE_BYTES
from vdw.transport.stdio import _read_lines


class Asked(io.BytesIO):
    """A wire that knows how much was asked of it at once."""

    most = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        self.most = max(self.most, size if size >= 0 else len(self.getbuffer()))
        return super().readline(size)


async def test_of_a_line_that_is_too_long_only_a_messages_worth_is_read_at_once() -> None:
    wire = Asked(b"x" * (MAX_MESSAGE_BYTES * 3) + b'\n{"jsonrpc":"2.0","id":7,"method":"ping"}\n')
    feed, taken = anyio.create_memory_object_stream[SessionMessage | Exception](9)
    answers: list[SessionMessage] = []

    async def answer(message: SessionMessage) -> None:
        answers.append(message)

    await _read_lines(wire, feed, answer)
    async with taken:
        (after,) = [item async for item in taken]

    assert wire.most <= MAX_MESSAGE_BYTES + 1
    (refusal,) = (answer.message for answer in answers)
    assert isinstance(refusal, JSONRPCError)
    assert refusal.error.code == INVALID_REQUEST
    assert isinstance(after, SessionMessage)
    assert after.message == JSONRPCRequest(jsonrpc="2.0", id=7, method="ping")
