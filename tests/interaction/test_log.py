"""What the servers log: on standard error alone, at the level that is set, and never in the way of the protocol."""

from __future__ import annotations

import json
import subprocess
import sys

from mcp import Client

from tests.interaction.lines import request
from tests.interaction.servers import Demo, error_of, http_client, serving
from vdw.domain.secret import Secret

FORGED = "x\n2026-11-24T18:00:00Z ERROR vdw: the store was deleted"


async def test_a_server_logs_the_reason_of_a_refusal_where_its_level_says_so(fresh: Demo) -> None:
    logs = []
    for level in ("info", "warning"):
        with serving(fresh, VDW_LOG_LEVEL=level) as served:
            before = len(served.log.read_text("utf-8"))
            async with http_client(served.url, fresh.founded.agent_key, "legacy") as client:
                await refused(client)
        logs.append(served.log.read_text("utf-8")[before:])

    (line,) = logs[0].splitlines()
    assert " INFO vdw.server.log: get_project refused: not_found: " in line
    assert logs[1] == ""


def test_over_stdio_the_log_is_on_standard_error_and_standard_output_holds_messages_alone(demo: Demo) -> None:
    asked = request("modern", 1, "tools/call", {"name": "get_project", "arguments": {"project": FORGED}})
    done = subprocess.run(
        [sys.executable, "-m", "vdw", "mcp", "--demo"],
        env=demo.environment(Secret("vdw_local_unknown"), VDW_LOG_LEVEL="info"),
        input=asked + b"\n",
        capture_output=True,
        check=True,
    )

    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1]
    (line,) = done.stderr.decode().splitlines()
    assert " WARNING vdw.server.log: get_project refused: unauthenticated: not a key of ours" in line


async def refused(client: Client) -> None:
    assert error_of(await client.call_tool("get_project", {"project": FORGED}))["code"] == "not_found"
