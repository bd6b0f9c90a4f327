"""Requests of either era as bytes, and a raw `vdw mcp` process: byte for byte, with no client in between."""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.interaction.servers import Demo

PATIENCE_S = 60
"""How long an answer is waited for. Longer than any passing test takes."""
PIPE_BYTES = 65_536
MODERN_VERSION = "2026-07-28"
META: dict[str, Any] = {
    "io.modelcontextprotocol/protocolVersion": MODERN_VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
}
"""The envelope of a right request, in the second era."""
HELLO: dict[str, Any] = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "x", "version": "1"},
}
"""What `initialize` takes, in the first era."""
Era = Literal["legacy", "modern"]
Reply = dict[str, Any]


def request(era: Era, request_id: int | str, method: str, params: dict[str, object]) -> bytes:
    given = params | ({"_meta": META} if era == "modern" else {})
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "method": method, "params": given}).encode()


@dataclass(frozen=True, slots=True)
class Line:
    """Standard input and output of one `vdw mcp`."""

    process: subprocess.Popen[bytes]
    era: Era
    unread: bytearray = field(default_factory=bytearray)

    def ask(self, raw: bytes) -> Reply:
        self.write(raw)
        return self.read()

    def write(self, raw: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(raw + b"\n")
        self.process.stdin.flush()

    def read(self) -> Reply:
        assert self.process.stdout is not None
        while b"\n" not in self.unread:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
            assert ready, "the line was not answered"
            piece = self.process.stdout.read(PIPE_BYTES)
            assert piece, f"the process ended: {self.process.wait()}"
            self.unread.extend(piece)
        reply, _, rest = self.unread.partition(b"\n")
        self.unread[:] = rest
        return dict(json.loads(reply))

    def rest(self) -> list[Reply]:
        """What a process that has ended had still said in whole."""
        assert self.process.stdout is not None
        whole, _, _ = (bytes(self.unread) + self.process.stdout.read()).rpartition(b"\n")
        return [dict(json.loads(reply)) for reply in whole.splitlines()]

    def good(self, request_id: int | str, method: str = "tools/list", **params: object) -> bytes:
        return request(self.era, request_id, method, params)


@contextlib.contextmanager
def line(demo: Demo, era: Era, first: Iterable[bytes] = ()) -> Iterator[Line]:
    """A `vdw mcp` whose first request has fixed the era, as a client's first one does; `first` are refused before
    it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "vdw", "mcp", "--demo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=demo.environment(demo.founded.agent_key),
        bufsize=0,
    )
    opened = Line(process, era)
    try:
        assert all("error" in opened.ask(raw) for raw in first)
        if era == "legacy":
            assert "result" in opened.ask(opened.good(0, "initialize", **HELLO))
            opened.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        assert "result" in opened.ask(opened.good(0))
        yield opened
    finally:
        process.kill()
        with process:  # closes the pipes
            process.wait()
