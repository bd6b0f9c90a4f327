"""`vdw`, with a server whose request_review answers its first round with request state: `python asking.py serve …`.

The product asks clients nothing, so no call of its own issues a state; the seal on it is the product's.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from mcp_types import InputRequiredResult

from vdw.app import App
from vdw.cli.outermost import run_command_line
from vdw.server.inputs import RequestReview
from vdw.server.registry import Call
from vdw.server.surface import SURFACE

STATE = "round 1"
TOOL = "request_review"


async def ask(_: Call, __: RequestReview) -> InputRequiredResult:
    return InputRequiredResult(request_state=STATE)


ASKING = replace(
    SURFACE,
    tools=tuple(replace(tool, output=None, call=ask) if tool.name == TOOL else tool for tool in SURFACE.tools),
)


if __name__ == "__main__":
    sys.exit(run_command_line(lambda options: App(options, lambda: ASKING), sys.argv[1:]))
