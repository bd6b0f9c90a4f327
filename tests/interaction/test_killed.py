"""A `vdw mcp` that is killed while calls are under way loses nothing that it had acknowledged, and does nothing
twice."""

from __future__ import annotations

import signal

import pytest

from tests.interaction.lines import Line, Reply, line
from tests.interaction.servers import Demo

CALLS = 40


def create(wire: Line, number: int) -> bytes:
    given = {
        "vibe": f"- The kettle must boil {number} cups.",
        "title": f"Kettle {number}",
        "idempotency_key": f"k-{number}",
    }
    return wire.good(number, "tools/call", name="create_project", arguments=given)


def project_of(reply: Reply) -> str:
    return str(reply["result"]["structuredContent"]["project"])


def killed_after(wire: Line, replies: int) -> dict[int, str]:
    """Has all calls under way and kills the process after so many replies: every project acknowledged, by call."""
    for number in range(CALLS):
        wire.write(create(wire, number))
    read = [wire.read() for _ in range(replies)]
    wire.process.send_signal(signal.SIGKILL)
    assert wire.process.wait() == -signal.SIGKILL
    read += wire.rest()
    return {int(reply["id"]): project_of(reply) for reply in read}


@pytest.mark.parametrize("replies", [1, 10])
async def test_what_was_acknowledged_before_a_kill_is_there_and_a_retry_makes_nothing_twice(
    replies: int, fresh: Demo
) -> None:
    with line(fresh, "modern") as wire:
        acknowledged = killed_after(wire, replies)

    with line(fresh, "modern") as wire:
        kept = listed(wire)
        again = {number: project_of(wire.ask(create(wire, number))) for number in range(CALLS)}
        after = listed(wire)

    assert replies <= len(acknowledged) < CALLS, "the kill came while calls were under way"
    assert set(acknowledged.items()) <= set(again.items())
    assert set(acknowledged.values()) <= kept
    assert kept <= set(again.values())
    assert after == set(again.values())
    assert len(after) == CALLS


def listed(wire: Line) -> set[str]:
    reply = wire.ask(wire.good("list", "tools/call", name="list_projects", arguments={"limit": 100}))
    return {str(project["project"]) for project in reply["result"]["structuredContent"]["projects"]}
