"""`vdw`, with a server that answers the first round of every tool call with request state: `python asking.py serve …`.

The product asks clients nothing today, so no call of its own issues a state; the seal on it is the product's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcp.server.lowlevel.server import Server
from mcp_types import CallToolRequestParams, InputRequiredResult

from vdw.app import main
from vdw.server import mcp_server
from vdw.server.mcp_server import Context
from vdw.server.pipeline import Pipeline

STATE = "round 1"
_build = mcp_server.build_server


def asking_server(pipeline: Pipeline, state_keys: Sequence[str] | None, *, one_session: bool = False) -> Server[Any]:
    server = _build(pipeline, state_keys, one_session=one_session)

    async def on_call_tool(_: Context, params: CallToolRequestParams) -> InputRequiredResult:
        assert params.request_state is None
        return InputRequiredResult(request_state=STATE)

    server.add_request_handler("tools/call", CallToolRequestParams, on_call_tool)
    return server


if __name__ == "__main__":
    mcp_server.build_server = asking_server
    main()
