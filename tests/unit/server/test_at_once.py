"""What is answered at once, with one body for which nothing is made ready to stream."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

import pytest

from vdw.server.registry import AnyTool
from vdw.server.surface import SURFACE
from vdw.server.tools import TOOLS

AT_ONCE = [tool for tool in TOOLS if tool.at_once]


def call_of(name: object) -> dict[str, Any]:
    return {"method": "tools/call", "params": {"name": name, "arguments": {}}}


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_tool_is_answered_the_way_its_row_says(tool: AnyTool) -> None:
    assert SURFACE.is_answered_at_once(call_of(tool.name)) is tool.at_once


@pytest.mark.parametrize("tool", AT_ONCE, ids=lambda tool: tool.name)
def test_a_tool_that_is_answered_at_once_changes_nothing_and_tells_no_progress(tool: AnyTool) -> None:
    assert tool.read_only
    assert "progress" not in inspect.getsource(tool.call)  # of its own; a client that asks hears that it is alive


@pytest.mark.parametrize("method", ["tools/list", "resources/read", "prompts/get", "server/discover"])
def test_lists_and_reads_are_answered_at_once(method: str) -> None:
    assert SURFACE.is_answered_at_once({"method": method})


@pytest.mark.parametrize(
    "message",
    [
        {"method": "subscriptions/listen"},
        {"method": "initialize"},
        {"method": "notifications/cancelled"},
        {"method": "ever/new"},
        {"method": "tools/call"},
        {"method": "tools/call", "params": None},
        call_of("no_such_tool"),
        call_of(["get_project"]),
        {"method": "tools/call", "params": {"name": "get_brief", "_meta": {"progressToken": 0}}},
        {"method": "tools/list", "params": {"_meta": {"progressToken": "a"}}},
    ],
    ids=str,
)
def test_whatever_else_comes_may_stream(message: dict[str, Any]) -> None:
    assert not SURFACE.is_answered_at_once(message)


@pytest.mark.parametrize("message", [call_of("get_project"), {"method": "prompts/get"}], ids=str)
def test_a_server_that_asks_its_clients_answers_nothing_at_once(message: dict[str, Any]) -> None:
    assert not replace(SURFACE, asks_clients=True).is_answered_at_once(message)
