"""`vdw`, with a server that offers the conformance suite's fixtures beside the product's own rows: `python
fixture_server.py serve …`. App, edge and pipeline are the product's."""

from __future__ import annotations

import sys

import mcp_types as types

from tests.conformance import suite_answers, suite_questions
from vdw.app import App
from vdw.cli.outermost import run_command_line
from vdw.server.registry import Context, Surface
from vdw.server.surface import SURFACE


async def set_level(_: Context, __: types.SetLevelRequestParams) -> types.EmptyResult:
    return types.EmptyResult()


async def subscribe(_: Context, __: types.SubscribeRequestParams) -> types.EmptyResult:
    return types.EmptyResult()


async def unsubscribe(_: Context, __: types.UnsubscribeRequestParams) -> types.EmptyResult:
    return types.EmptyResult()


FIXTURES = Surface(
    (*SURFACE.tools, *suite_answers.TOOLS, *suite_questions.TOOLS),
    (*SURFACE.resources, *suite_answers.RESOURCES),
    (*SURFACE.prompts, *suite_answers.PROMPTS, *suite_questions.PROMPTS),
    asks_clients=True,
    handlers={
        "on_set_logging_level": set_level,
        "on_subscribe_resource": subscribe,
        "on_unsubscribe_resource": unsubscribe,
    },
)


if __name__ == "__main__":
    sys.exit(run_command_line(lambda options: App(options, lambda: FIXTURES), sys.argv[1:]))
