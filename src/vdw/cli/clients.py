"""MCP clients' configuration files: what vdw writes into them, and nothing else of them."""

from __future__ import annotations

import difflib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from vdw.config import Secret
from vdw.errors import ErrorCode, VdwError, invalid

SERVER_NAME = "vdw"
FILE_MODE = 0o600
"""The file holds a key, so only its owner reads it."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a client keeps its servers (below the project's folder) and under which key."""

    name: str
    path: str
    servers_key: str
    typed: bool


CLIENTS: dict[str, Client] = {
    client.name: client
    for client in (
        Client("claude-code", ".mcp.json", "mcpServers", typed=False),
        Client("cursor", ".cursor/mcp.json", "mcpServers", typed=False),
        Client("vscode", ".vscode/mcp.json", "servers", typed=True),
    )
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A change of a client's file, not yet made. `diff` hides the key."""

    path: Path
    before: str
    after: str
    diff: str


def require_client(name: str) -> Client:
    if name not in CLIENTS:
        raise invalid("client", f"one of {', '.join(CLIENTS)}", "claude-code")
    return CLIENTS[name]


def plan(client: Client, folder: Path, key: Secret, environment: dict[str, str]) -> Planned:
    """The file with our server added or replaced and everything else as it was.

    Raises `VdwError` (configuration) if the file is there but is no JSON object that we can extend.
    """
    path = folder / client.path
    before = _read(path)
    document = _parsed(path, before)
    servers = document.setdefault(client.servers_key, {})
    if not isinstance(servers, dict):
        raise _unusable(path)
    entry: dict[str, object] = {"type": "stdio"} if client.typed else {}
    entry |= {"command": _command(), "args": ["mcp"], "env": {**environment, "VDW_KEY": key.reveal()}}
    servers[SERVER_NAME] = entry
    after = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return Planned(path, before, after, _diff(path, before, after, key))


def apply(planned: Planned) -> None:
    """Writes the file whole or not at all, readable by its owner only."""
    planned.path.parent.mkdir(parents=True, exist_ok=True)
    draft = planned.path.with_name(planned.path.name + ".vdw-new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(planned.after)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(planned.path)


def _command() -> str:
    """The `vdw` that is running, so that the client starts the same one from any folder."""
    return str(Path(sys.argv[0]).resolve()) if Path(sys.argv[0]).name == "vdw" else "vdw"


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise _unusable(path) from None


def _parsed(path: Path, text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        raise _unusable(path) from None
    if not isinstance(document, dict):
        raise _unusable(path)
    return document


def _unusable(path: Path) -> VdwError:
    return VdwError(
        ErrorCode.CONFIGURATION,
        f"{path} is not plain JSON that can be extended; it was left as it is.",
        "Mend it, or add the server by hand: command vdw, args [mcp], env VDW_KEY.",
    )


def _diff(path: Path, before: str, after: str, key: Secret) -> str:
    hidden = after.replace(key.reveal(), "vdw_…")
    lines = difflib.unified_diff(before.splitlines(), hidden.splitlines(), str(path), str(path), lineterm="")
    return "\n".join(lines)
