"""What every session of every agent pays for: the list of tools, as an administrator gets it."""

from __future__ import annotations

import sys

import pytest
from mcp import Client

from tests.tokens import ENCODING, tokens_of
from vdw.app import not_initialised
from vdw.domain.principal import Principal
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Caller, Pipeline
from vdw.service.environment import Environment

MAX_TOOLS = 12
MAX_TOKENS = 5_000


async def test_the_list_of_tools_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    async with Client(build_server(Pipeline(_nothing_yet, Nobody()), None)) as client:
        listed = (await client.list_tools()).tools
    tokens = tokens_of([tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listed])
    with capsys.disabled():
        sys.stdout.write(f"tools/list: {len(listed)} tools, {tokens} tokens ({ENCODING})\n")

    assert len(listed) <= MAX_TOOLS
    assert tokens <= MAX_TOKENS


def _nothing_yet() -> Environment:
    raise not_initialised()


class Nobody(Caller):
    async def __call__(self, request: object) -> Principal:
        raise not_initialised()
