"""MCP clients' configuration files: what vdw writes into them, and nothing else of them."""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from vdw.domain.canonical import Allowed, read_json
from vdw.domain.secret import Secret
from vdw.errors import ErrorCode, VdwError, invalid

SERVER_NAME = "vdw"
KEY_VARIABLE = "VDW_KEY"
FILE_MODE = 0o600
"""The file holds a key, so only its owner reads it."""
MAX_FILE_BYTES = 16 * 1024 * 1024
"""Largest file that is extended, in bytes: far more than any client's own settings."""

_ALLOWED = Allowed(depth=100, fractions=True)
"""Far deeper than any client's file, and no deeper than Python writes."""


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
    """A change of a client's file, not yet made. `diff` hides every key; it is empty where nothing would change.
    `touches`: whether there is anything of somebody's in the file already."""

    path: Path
    after: str
    diff: str
    touches: bool


def require_client(name: str) -> Client:
    if name not in CLIENTS:
        raise invalid("client", f"one of {', '.join(CLIENTS)}", "claude-code")
    return CLIENTS[name]


def plan(client: Client, folder: Path, key: Secret, environment: dict[str, str]) -> Planned:
    """The file with our server added or replaced and everything else as it was.

    Raises `VdwError` (configuration) if the file is there but is no JSON object that we can extend, or holds what would
    not be the same once it was read and written: a key twice, a number beyond what readers keep, a lone surrogate.
    """
    path = folder / client.path
    before = _read(path)
    document = _parsed(path, before)
    earlier = _key_in(document, client)
    servers = document.setdefault(client.servers_key, {})
    if not isinstance(servers, dict):
        raise _unusable(path)
    command, *arguments = _command()
    entry: dict[str, object] = {"type": "stdio"} if client.typed else {}
    entry |= {"command": command, "args": arguments, "env": {**environment, KEY_VARIABLE: key.reveal()}}
    servers[SERVER_NAME] = entry
    after = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return Planned(path, after, _diff(path, before, after, (earlier, key)), bool(before.strip()))


def present_key(client: Client, folder: Path) -> Secret:
    """The key that the client's file holds for us already; empty if none. Raises like `plan`."""
    path = folder / client.path
    return _key_in(_parsed(path, _read(path)), client)


def _key_in(document: dict[str, object], client: Client) -> Secret:
    found: object = document
    for name in (client.servers_key, SERVER_NAME, "env", KEY_VARIABLE):
        found = found.get(name) if isinstance(found, dict) else None
    return Secret(found if isinstance(found, str) else "")


def apply(planned: Planned) -> None:
    """Writes the file whole or not at all, readable by its owner only; a link stays one, and the file that it leads to
    is written. Raises `VdwError` (configuration)."""
    target = planned.path.resolve()
    draft = target.with_name(target.name + ".vdw-new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)  # an earlier one might be open to others
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(planned.after)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{planned.path} cannot be written.",
            "Make its folder writable, or name another with --folder.",
            reason=repr(error),
        ) from None


def _command() -> list[str]:
    """What starts the `vdw` that is running, from any folder and without its place in PATH."""
    program = Path(sys.argv[0])
    if program.name == "vdw" and program.is_file():
        return [str(program.absolute()), "mcp"]
    return [sys.executable, "-m", "vdw", "mcp"]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise _unusable(path) from None
    except OSError as error:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            f"{path} cannot be read, so it stays as it is.",
            "Make it a file of yours, or name another folder with --folder: the file of somebody else holds their agent's key.",
            reason=repr(error),
        ) from None


def _parsed(path: Path, text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    try:
        document = read_json(text, max_bytes=MAX_FILE_BYTES, allowed=_ALLOWED)
    except VdwError as error:
        raise _unusable(path, error.public) from None
    if not isinstance(document, dict) or not _keeps_fractions(text):
        raise _unusable(path)
    return document


def _keeps_fractions(text: str) -> bool:
    """Whether every number with a fraction in this JSON is the same once it was read and written."""
    kept: list[bool] = []

    def compared(number: str) -> float:
        read = float(number)
        kept.append(Decimal(repr(read)) == Decimal(number))
        return read

    json.loads(text, parse_float=compared)
    return all(kept)


def _unusable(path: Path, why: str = "") -> VdwError:
    return VdwError(
        ErrorCode.CONFIGURATION,
        f"{path} is not plain JSON that can be extended; it stays as it is. {why}".strip(),
        "Mend it, or add the server by hand: command vdw, args [mcp], env VDW_KEY from `vdw key create`.",
    )


def _diff(path: Path, before: str, after: str, keys: tuple[Secret, ...]) -> str:
    for number, key in enumerate(filter(None, keys), start=1):
        before, after = (text.replace(key.reveal(), f"vdw_…{number}") for text in (before, after))
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(path), str(path), lineterm="")
    return "\n".join(lines)
