"""Handing an observation to the server: over MCP to a URL, or into the embedded store through the same service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vdw.domain.canonical import JsonObject
from vdw.errors import ErrorCode, VdwError
from vdw.runner.observe import RECORD_FILE, Observation

CALL_SECONDS = 60
"""Longest wait for the server's answer, in seconds."""

Json = dict[str, Any]


def evidence_arguments(project: str, observed: Observation) -> JsonObject:
    """The arguments of submit_evidence for what was observed."""
    return {
        "project": project,
        "kind": "junit",
        "report": observed.report,
        "run": observed.run_json(),
        "repository": observed.after.repository,
        "commit": observed.after.commit,
    }


def keep_record(arguments: JsonObject, folder: Path) -> Path:
    """Writes the record beside the code, for `vdw verify --send`. It holds no secret."""
    path = folder / RECORD_FILE
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps(arguments, ensure_ascii=False, indent=2), "utf-8")
    draft.replace(path)
    return path


async def submit_over_mcp(url: str, key: str, arguments: JsonObject) -> Json:
    """Calls submit_evidence on a server. Raises its refusal, or `VdwError`: busy where it cannot be reached,
    unauthenticated where it is no server of ours or does not take the key."""
    import httpx2
    from mcp import Client, MCPError
    from mcp.client.streamable_http import streamable_http_client

    headers = {"Authorization": f"Bearer {key}"}
    try:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=CALL_SECONDS) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            result = await client.call_tool("submit_evidence", arguments)
    except* (httpx2.HTTPError, OSError) as group:
        raise VdwError(
            ErrorCode.BUSY, f"The server at {url} cannot be reached.", "Check VDW_URL.", reason=repr(group)
        ) from None
    except* MCPError as group:
        raise VdwError(
            ErrorCode.UNAUTHENTICATED,
            f"The server at {url} did not take the call.",
            "Check VDW_URL, and that VDW_KEY is a runner's key of that server.",
            reason=repr(group),
        ) from None
    if result.is_error:
        raise refusal_of("".join(getattr(block, "text", "") for block in result.content))
    return dict(result.structured_content)


def refusal_of(text: str) -> VdwError:
    """The server's refusal, as it was told."""
    try:
        error = json.loads(text)["error"]
        return VdwError(ErrorCode(error["code"]), str(error["message"]), str(error.get("next_step", "")))
    except (ValueError, KeyError, TypeError):
        return VdwError(ErrorCode.INTERNAL, "The server refused in words that are not understood.", "Update vdw.")
