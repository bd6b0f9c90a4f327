"""The bare MCP SDK, used as its documentation shows it: an addition, and tools that return what ours return.

The tools have the names and take the arguments of ours, so that the same requests go to both; each answers with the
constant that the given file has for it. For a submission that is the answer to one of as many requirements.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer

from bench.load.contenders.listening import listen

ANSWERS: dict[str, dict[str, Any]] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
server = MCPServer("bare")


@server.tool()
def add(a: int, b: int) -> int:
    return a + b


@server.tool()
def get_project(project: str) -> dict[str, Any]:
    return ANSWERS["get_project"]


@server.tool()
def get_brief(project: str) -> dict[str, Any]:
    return ANSWERS["get_brief"]


@server.tool()
def list_projects() -> dict[str, Any]:
    return ANSWERS["list_projects"]


@server.tool()
def trace(project: str, kind: str, of: str) -> dict[str, Any]:
    return ANSWERS["trace"]


@server.tool()
def submit_artifact(project: str, phase: str, artifact: dict[str, Any]) -> dict[str, Any]:
    return ANSWERS[f"submit_artifact {len(artifact['requirements'])}"]


if __name__ == "__main__":
    listen(server.streamable_http_app(stateless_http=True))
