"""docs/clients.md: which client does what, over which transport and in which revision.

It runs nothing. What a client cannot do is listed by name, with the reason; the runs hold that it is this and no more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.interaction.clients.errands import OPERATIONS, Operation
from tests.pages import table

ROOT = Path(__file__).parents[3]
PAGE = "clients.md"

PYTHON = "Python SDK (`mcp`)"
INSPECTOR = "MCP Inspector, `--cli`"
FASTMCP = "FastMCP (`fastmcp`)"
TYPESCRIPT = "TypeScript SDK (`@modelcontextprotocol/client`)"
OLD_TYPESCRIPT = "TypeScript SDK 1 (`@modelcontextprotocol/sdk`)"

Transport = Literal["in memory", "stdio", "HTTP"]
Revision = Literal["2025-11-25", "2026-07-28"]
OLD: Revision = "2025-11-25"
NEW: Revision = "2026-07-28"


@dataclass(frozen=True, slots=True)
class Way:
    """One client on one transport, in one revision of the protocol: a row."""

    client: str
    transport: Transport
    revision: Revision


WAYS = (
    *(Way(PYTHON, transport, revision) for transport in ("in memory", "stdio", "HTTP") for revision in (OLD, NEW)),
    Way(INSPECTOR, "stdio", OLD),
    Way(INSPECTOR, "HTTP", NEW),
    *(Way(FASTMCP, transport, revision) for transport in ("stdio", "HTTP") for revision in (OLD, NEW)),
    *(Way(TYPESCRIPT, transport, NEW) for transport in ("stdio", "HTTP")),
    *(Way(OLD_TYPESCRIPT, transport, OLD) for transport in ("stdio", "HTTP")),
)

NO_SESSION = "In this revision subscriptions belong to a session, and over HTTP this server keeps none."
NO_METHOD = "The program has no such method."
NOT_OFFERED: Mapping[tuple[Way, Operation], str] = {
    (Way(PYTHON, "HTTP", OLD), "subscribe"): NO_SESSION,
    (Way(INSPECTOR, "stdio", OLD), "complete"): NO_METHOD,
    (Way(INSPECTOR, "stdio", OLD), "subscribe"): NO_METHOD,
    (Way(INSPECTOR, "HTTP", NEW), "complete"): NO_METHOD,
    (Way(INSPECTOR, "HTTP", NEW), "subscribe"): NO_METHOD,
    (Way(FASTMCP, "HTTP", OLD), "subscribe"): NO_SESSION,
    (Way(OLD_TYPESCRIPT, "HTTP", OLD), "subscribe"): NO_SESSION,
}
"""All that a client cannot do by its nature, or by that of the transport, and why."""
HANGS_UP = (
    "The client waits no more; the server hears of it when the connection closes, for without a session nothing says whose "
    "request a cancellation names."
)
INTERRUPTED = "By Ctrl-C, which ends the program."
SESSION_OF_THE_SDK = "FastMCP's own client has no method for it: by the SDK's session, which it hands out."
REMARKS: Mapping[tuple[Way, Operation], str] = {
    **{(Way(client, "HTTP", OLD), "cancel"): HANGS_UP for client in (PYTHON, FASTMCP, OLD_TYPESCRIPT)},
    (Way(INSPECTOR, "stdio", OLD), "cancel"): INTERRUPTED,
    (Way(INSPECTOR, "HTTP", NEW), "cancel"): INTERRUPTED,
    (Way(FASTMCP, "stdio", OLD), "subscribe"): SESSION_OF_THE_SDK,
    (Way(FASTMCP, "stdio", NEW), "subscribe"): SESSION_OF_THE_SDK,
    (Way(FASTMCP, "HTTP", NEW), "subscribe"): SESSION_OF_THE_SDK,
}
"""How something is done, where that is not the client's plain method."""
NOTES = tuple(dict.fromkeys([*NOT_OFFERED.values(), *REMARKS.values()]))


def ways_of(client: str) -> tuple[Way, ...]:
    return tuple(way for way in WAYS if way.client == client)


def not_offered(way: Way) -> set[Operation]:
    return {operation for other, operation in NOT_OFFERED if other == way}


def _row(way: Way) -> tuple[str, ...]:
    refused = not_offered(way)
    cells = (_cell(way, operation, operation in refused) for operation in OPERATIONS)
    return (way.client, version_of(way.client), way.transport, way.revision, *cells)


def _cell(way: Way, operation: Operation, refused: bool) -> str:
    note = (NOT_OFFERED if refused else REMARKS).get((way, operation))
    return ("no" if refused else "yes") + (f" ({NOTES.index(note) + 1})" if note else "")


def version_of(client: str) -> str:
    """As locked."""
    if client == PYTHON:
        return _pinned("dev", "mcp")
    if client == FASTMCP:
        return _pinned("peers", "fastmcp")
    package = {
        INSPECTOR: "@modelcontextprotocol/inspector",
        TYPESCRIPT: "@modelcontextprotocol/client",
        OLD_TYPESCRIPT: "@modelcontextprotocol/sdk",
    }[client]
    lock = json.loads((ROOT / "tests/peers/package-lock.json").read_text("utf-8"))
    return str(lock["packages"][f"node_modules/{package}"]["version"])


def _pinned(lock: str, package: str) -> str:
    pins = (ROOT / f"requirements/{lock}.txt").read_text("utf-8")
    found = re.search(rf"^{package}==(\S+)", pins, re.MULTILINE)
    assert found
    return found[1]


def block() -> str:
    """The table, and its notes below it."""
    head = ("client", "version", "transport", "MCP", *OPERATIONS)
    return "\n".join(
        [table(head, *map(_row, WAYS)), "", *(f"{number}. {note}" for number, note in enumerate(NOTES, 1))]
    )
