"""What a load sends: whole HTTP requests with gaps for a project and for a count that never comes twice.

A file in a form that Lua reads as easily as Python does, so that wrk and our own client send the same bytes. Gaps have
a fixed width, so the length of a request is known before they are filled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VERSION = "2026-07-28"
PATH = "/mcp"
PROJECT = "@PROJECT@"
COUNT = "@COUNT@"
COUNT_DIGITS = 12
"""Six of the seed, which is another one in each measurement, and six that count."""
SEEDS = 10**6
_META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


@dataclass(frozen=True, slots=True)
class Call:
    """A tool with its arguments, in which the gaps may stand; `weight`: how often of the sum of all weights."""

    tool: str
    arguments: Mapping[str, object]
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Calls over projects: at random, or project after project, so that no two calls meet in one."""

    calls: Sequence[Call]
    projects: Sequence[str] = ()
    random: bool = False

    def write(self, path: Path, *, host: str, seed: int, token: str = "") -> None:
        """The file, for one measurement against one server (`host` with its port)."""
        project_width = len(self.projects[0]) if self.projects else len(PROJECT)
        assert all(len(project) == project_width for project in self.projects)
        lines = [f"seed {seed % SEEDS}", f"random {int(self.random)}"]
        lines += [f"project {project}" for project in self.projects]
        blocks = [
            (call.weight, _request(call, number, host, token, project_width))
            for number, call in enumerate(self.calls, start=1)
        ]
        with path.open("wb") as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
            for weight, request in blocks:
                file.write(f"call {weight} {len(request)}\n".encode() + request + b"\n")


def body_of(call: Call, number: int) -> str:
    """The JSON-RPC request; its id is the number of the call, so that an answer tells what it answers."""
    params = {"name": call.tool, "arguments": call.arguments, "_meta": _META}
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params})


def headers_of(call: Call, token: str) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": VERSION,
        "Mcp-Method": "tools/call",
        "Mcp-Name": call.tool,
        **({"Authorization": f"Bearer {token}"} if token else {}),
    }


def _request(call: Call, number: int, host: str, token: str, project_width: int) -> bytes:
    body = body_of(call, number)
    wider = project_width - len(PROJECT), COUNT_DIGITS - len(COUNT)
    length = len(body) + body.count(PROJECT) * wider[0] + body.count(COUNT) * wider[1]
    headers = {"Host": host, **headers_of(call, token), "Content-Length": str(length)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {PATH} HTTP/1.1\r\n{head}\r\n{body}".encode()


@dataclass(frozen=True, slots=True)
class Requests:
    """A plan's file, read again."""

    seed: int
    random: bool
    projects: list[bytes]
    calls: list[tuple[int, bytes]]
    """Weight and request, gaps and all."""

    @classmethod
    def read(cls, path: Path) -> Requests:
        seed, random = 0, False
        projects: list[bytes] = []
        calls: list[tuple[int, bytes]] = []
        with path.open("rb") as file:
            while line := file.readline():
                match line.split():
                    case [b"seed", number]:
                        seed = int(number)
                    case [b"random", yes]:
                        random = yes == b"1"
                    case [b"project", project]:
                        projects.append(project)
                    case [b"call", weight, length]:
                        calls.append((int(weight), file.read(int(length))))
                        file.readline()
        return cls(seed, random, projects, calls)
