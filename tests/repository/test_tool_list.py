"""What every session of every agent pays for: the list of tools, as an administrator gets it."""

from __future__ import annotations

import json

import bpe_openai
import pytest
from mcp import Client

from vdw.app import not_initialised
from vdw.domain.principal import Principal
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.service.environment import Environment

MAX_TOOLS = 12
MAX_TOKENS = 5_000
ENCODING = "o200k_base"


async def test_the_list_of_tools_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    async with Client(build_server(Pipeline(_nothing_yet, _nobody), None)) as client:
        listed = (await client.list_tools()).tools
    array = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listed]
    compact = json.dumps(array, ensure_ascii=False, separators=(",", ":"))
    tokens = len(bpe_openai.get_encoding(ENCODING).encode(compact))
    with capsys.disabled():
        print(f"\ntools/list: {len(listed)} tools, {tokens} tokens ({ENCODING})")  # noqa: T201  # for whoever reads the run

    assert len(listed) <= MAX_TOOLS
    assert tokens <= MAX_TOKENS


def _nothing_yet() -> Environment:
    raise not_initialised()


async def _nobody(request: object) -> Principal:
    raise not_initialised()
