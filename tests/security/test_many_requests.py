"""Very many requests, at once and one after the other: each gets its own answer, and none leaves anything behind."""

from __future__ import annotations

import asyncio
import json
from itertools import cycle

import pytest

from tests.interaction.lines import HELLO, request
from tests.interaction.servers import Served
from tests.security.attacks import BEARER, CONTENT, HOST, Request, connected, sent, with_authorization, with_host
from tests.security.inside import line_to
from tests.security.memory import MAX_GROWTH_KIB, growth
from tests.security.modern import asking

CALLERS = 400
REQUESTS = 5_000
WARMING_UP = 500
"""Requests after which everything that is loaded or kept once has been."""


async def read_by(served: Served, key: str, canary: str) -> str:
    """The address in the refusal of a resource that is not there, which was asked for with id 0."""
    uri = f"vdw://projects/{canary}"
    asked = asking("resources/read", {"uri": uri}, request_id=0).filled(served.port, key)
    async with line_to(served.port) as (reader, writer):
        writer.write(asked.raw())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[16:]) for line in head.splitlines() if line.lower().startswith(b"content-length: "))
        reply = json.loads(await reader.readexactly(length))
    assert reply["id"] == 0
    return str(reply["error"]["data"]["uri"])


@pytest.mark.row(id="CVE-2026-25536")
@pytest.mark.row(id="CVE-2026-111770")
async def test_callers_with_one_id_at_once_get_each_their_own_answer(served: Served, key: str, runner_key: str) -> None:
    canaries = [f"canary-{number}" for number in range(CALLERS)]

    answers = await asyncio.gather(
        *(read_by(served, each, canary) for each, canary in zip(cycle([key, runner_key]), canaries, strict=False))
    )

    assert answers == [f"vdw://projects/{canary}" for canary in canaries]


# --- One after the other ----------------------------------------------------------------------------------------------

SHORT: dict[str, Request] = {
    "another host": with_host("evil.example"),
    "no credential": with_authorization(),
    "no JSON": Request(body=b"{"),
    "the beginning of a session": Request(HOST + BEARER + CONTENT, request("legacy", 0, "initialize", HELLO)),
    "a call": asking("tools/call", {"name": "list_projects", "arguments": {}}),
}


@pytest.mark.slow
@pytest.mark.row(id="CVE-2026-59951")
@pytest.mark.parametrize("name", SHORT)
def test_thousands_of_short_requests_leave_nothing_behind(name: str, served: Served, key: str) -> None:
    def send(count: int) -> None:
        for _ in range(count // 100):
            with connected(served.port) as line:
                for _ in range(100):
                    sent(served.port, key, SHORT[name], line)

    grown = growth(served, lambda: send(WARMING_UP), lambda: send(REQUESTS))

    assert grown < MAX_GROWTH_KIB
