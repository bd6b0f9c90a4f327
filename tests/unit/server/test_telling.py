"""Progress: a call that says nothing is said to be alive, and no value is less than the one before it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import anyio

from vdw.server.registry import Context
from vdw.server.telling import Telling

Told = tuple[float, float | None, str | None]


class Listener:
    """The client's end: what it was told, and an event for each time."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.heard = anyio.Event()

    async def report_progress(self, done: float, of: float | None = None, message: str | None = None) -> None:
        self.told.append((done, of, message))
        self.heard.set()

    def context(self) -> Context:
        return cast("Context", SimpleNamespace(session=self))


async def test_a_call_that_says_nothing_is_said_to_be_alive_until_it_ends() -> None:
    listener = Listener()
    telling = Telling(listener.context(), every_s=0)

    for _ in range(3):
        await listener.heard.wait()
        listener.heard = anyio.Event()
    telling.end()
    told = list(listener.told)
    for _ in range(10):
        await anyio.lowlevel.checkpoint()

    assert [message for _, _, message in told] == ["still at work"] * len(told)
    assert [done for done, _, _ in told] == sorted({done for done, _, _ in told})
    assert listener.told == told, "and no longer"


async def test_what_the_tool_says_takes_the_place_of_that_and_goes_on_from_there() -> None:
    listener = Listener()
    telling = Telling(listener.context(), every_s=0.001)
    await listener.heard.wait()

    await telling(0, 100, "begun")
    await telling(50, 100, "half")
    await telling(100, 100, "done")

    spoken = [told for told in listener.told if told[1] is not None]
    assert [message for _, _, message in spoken] == ["begun", "half", "done"]
    assert listener.told[-3:] == spoken
    assert [done for done, _, _ in listener.told] == sorted({done for done, _, _ in listener.told})
    telling.end()


async def test_a_call_that_is_answered_soon_tells_nothing() -> None:
    listener = Listener()

    Telling(listener.context(), every_s=0).end()
    for _ in range(10):
        await anyio.lowlevel.checkpoint()

    assert listener.told == []
