"""What no request needs, sent without end or without haste: the server keeps little of it, and not for long."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import ExitStack, closing

import pytest
from starlette.types import Message, Receive, Scope

from tests.interaction.servers import Demo, Served, http_client, serving
from tests.interaction.test_together import drafted
from tests.security.attacks import Door, Request, sent
from tests.security.inside import PATIENCE_SECONDS, line_to, serving_here
from tests.security.test_edge import GOOD, PORT, one_key
from vdw.server.surface import SURFACE
from vdw.transport import connections, edge
from vdw.transport.connections import FILES_KEPT, MAX_HEAD_BYTES
from vdw.transport.strict_bodies import StrictBodies

FLOOD_BYTES = 32 * 1024 * 1024
"""Far more than what the buffers of both ends hold."""
PIECE_BYTES = 256 * 1024
BEGUN = b"POST /mcp HTTP/1.1\r\n"
CHUNKED = BEGUN + b"Host: 127.0.0.1:PORT\r\nTransfer-Encoding: chunked\r\n\r\n"
FLOODS: dict[str, tuple[bytes, bytes]] = {
    "requests without end before an answer": (b"", b"GET / HTTP/1.1\r\n\r\n"),
    "one header without end": (BEGUN + b"X: ", b"a"),
    "headers without end": (BEGUN, b"A: b\r\n"),
    "a target without end": (b"POST /", b"a"),
    "empty lines before a request": (b"", b"\r\n"),
    "trailers without end": (CHUNKED + b"0\r\n", b"A: b\r\n"),
    "one trailer without end": (CHUNKED + b"0\r\nX: ", b"a"),
    "a chunk whose frame has no end": (CHUNKED + b"1;", b"a"),
}


@pytest.mark.row(id="D11")
@pytest.mark.parametrize("name", FLOODS)
def test_bytes_without_end_that_are_no_body_end_the_connection(name: str, served: Served, key: str) -> None:
    head, piece = FLOODS[name]
    pieces = piece * (PIECE_BYTES // len(piece))

    taken = flooded(served, head.replace(b"PORT", str(served.port).encode()), pieces)
    after = sent(served.port, key, Request())

    assert taken < FLOOD_BYTES, "the server took all of it"
    assert after.status == 200


def flooded(served: Served, head: bytes, pieces: bytes) -> int:
    """How many bytes could be sent until the server closed the connection, at most `FLOOD_BYTES`."""
    taken = 0
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_SECONDS)) as line:
        try:
            line.sendall(head)
            while taken < FLOOD_BYTES:
                taken += line.send(pieces)
        except ConnectionError:
            return taken
    return taken


@pytest.mark.row(id="D11")
async def test_connections_without_end_leave_the_server_the_files_that_it_needs(demo: Demo) -> None:
    few = FILES_KEPT + 20
    limit = f"import resource as r; r.setrlimit(r.RLIMIT_NOFILE, ({few}, {few})); from vdw.app import main; main()"
    with serving(demo, ("-c", limit)) as served, ExitStack() as stack:
        async with http_client(served.url, demo.founded.agent_key, "auto") as client:
            await client.list_tools()
            for _ in range(few):
                stack.enter_context(closing(socket.create_connection(("127.0.0.1", served.port), PATIENCE_SECONDS)))

            project = await drafted(client, "- The kettle must boil.")  # starts the workers of the first verdict

    assert project


@pytest.mark.row(id="D11")
def test_a_head_that_is_too_large_is_told_so(served: Served) -> None:
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_SECONDS)) as line:
        line.sendall(BEGUN + b"X: " + b"a" * MAX_HEAD_BYTES)
        answer = line.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 431 ")


@pytest.mark.row(id="D5")
def test_a_trailer_is_no_header(served: Served, key: str) -> None:
    """What stood in the headers was checked; nothing joins it later."""
    right = Request().filled(served.port, key)
    head = "".join(f"{name}: {value}\r\n" for name, value in right.headers)
    size = f"{len(right.body):x}\r\n".encode()
    trailer = b"MCP-Protocol-Version: 1900-01-01\r\nOrigin: https://evil.example\r\n"
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_SECONDS)) as line:
        line.sendall(BEGUN + head.encode() + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        line.sendall(size + right.body + b"\r\n0\r\n" + trailer + b"\r\n")
        answer = line.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.row(id="D12")
def test_requests_sent_before_an_answer_are_answered_up_to_a_bound(served: Served) -> None:
    """Each in its turn: the first is at work, the others wait."""
    one = f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    last = one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_SECONDS)) as line:
        line.sendall(one * connections.MAX_WAITING + last)
        answer = line.makefile("rb").read()

    assert answer.count(b"HTTP/1.1 200 ") == connections.MAX_WAITING + 1


# --- Without haste ----------------------------------------------------------------------------------------------------


SLOW: dict[str, tuple[bytes, bool]] = {
    "nothing at all": (b"", False),
    "half a head": (BEGUN + b"X: ", False),
    "half a head after a request": (BEGUN + b"X: ", True),
    "an empty line after a request": (b"\r\n", True),
}


@pytest.mark.row(id="D11")
@pytest.mark.parametrize("name", SLOW)
async def test_a_connection_that_brings_no_request_is_closed(
    name: str, demo: Demo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "vdw.transport")
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    half, after_one = SLOW[name]
    app = demo.app()
    async with serving_here(app.environment(), app._api_keys) as port, line_to(port) as (reader, writer):
        if after_one:
            writer.write(f"GET /health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            assert b"alive" in await reader.readuntil(b"\r\n0\r\n\r\n")
        writer.write(half)
        async with asyncio.timeout(PATIENCE_SECONDS / 2):
            rest = await reader.read()
    await app.close()

    assert rest == b""
    assert [record.getMessage() for record in caplog.records] == ["a connection closed: its head did not come in time"]


async def dripping() -> Message:
    """A body that comes byte by byte and never ends."""
    await asyncio.sleep(0)
    return {"type": "http.request", "body": b"x", "more_body": True}


async def stopped() -> Message:
    """A body of which nothing more comes."""
    never: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    return await never


@pytest.mark.row(id="D11")
@pytest.mark.parametrize("receive", [dripping, stopped])
async def test_a_body_that_does_not_end_in_time_is_refused(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "BODY_SECONDS", 0.05)
    door = Door()
    headers = [(name.lower().encode(), value.encode()) for name, value in Request().filled(PORT, GOOD).headers]
    scope: Scope = {"type": "http", "method": "POST", "path": "/mcp", "query_string": b"", "headers": headers}
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async with asyncio.timeout(PATIENCE_SECONDS):
        await edge.Edge(StrictBodies(door, SURFACE), one_key, edge.loopback_names(f"127.0.0.1:{PORT}"))(
            scope, receive, send
        )

    assert told[0]["status"] == 408
    assert (b"connection", b"close") in told[0]["headers"]
    assert not door.reached
