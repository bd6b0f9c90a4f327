"""How long a call on a large project keeps everybody else's waiting: the longest stretch of the event loop.

The mood of a project of so many requirements is drafted, submitted, changed in one element, read and put to review, by
the services themselves in one process, while a small project changes all the time. Milliseconds; best of the rounds,
since other work on the machine makes gaps of its own.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from vdw.app import App
from vdw.auth.api_keys import ApiKeys
from vdw.cli.demo.founding import found_demo
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping
from vdw.domain.principal import Principal
from vdw.domain.stages import Lane, Phase
from vdw.lifecycle.distiller import distil
from vdw.server.handlers import get_brief
from vdw.server.inputs import GetBrief
from vdw.server.registry import Call
from vdw.service.creating import create_project
from vdw.service.environment import Environment
from vdw.service.reviewing import request_review
from vdw.service.submitting import Submission, submit_artifact

T = TypeVar("T")
Taken = tuple[float, float, float]
"""Seconds: the call, the longest stretch in it, the small project's longest change meanwhile."""

ROUNDS = 3
BEAT_S = 0.001
"""Between two beats of the heart that the gaps are measured by."""
NEIGHBOUR_SIZE = 10
"""Requirements of the small project."""


class Heart:
    """Beats as long as the event loop lets it."""

    def __init__(self) -> None:
        self.longest = 0.0
        """Seconds between two beats, since it was last set to 0."""

    async def beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(BEAT_S)
            now = time.perf_counter()
            self.longest, last = max(self.longest, now - last), now


class Neighbour:
    """A small project that is changed again and again."""

    def __init__(self, env: Environment, agent: Principal) -> None:
        self._env = env
        self._agent = agent
        self.longest = 0.0
        """Seconds that a change took, since it was last set to 0."""

    async def work(self) -> None:
        vibe = _vibe(NEIGHBOUR_SIZE)
        project = (await create_project(self._env, self._agent, vibe=vibe, lane=Lane.FULL)).project
        draft = _draft(vibe, NEIGHBOUR_SIZE)
        submitted = await submit_artifact(self._env, self._agent, project, Submission(Phase.MOOD, artifact=draft))
        while True:
            for heat in ("hot", "cold"):
                began = time.perf_counter()
                change = Submission(Phase.MOOD, base=submitted.digest, changes=(_changed(draft, heat),))
                submitted = await submit_artifact(self._env, self._agent, project, change)
                self.longest = max(self.longest, time.perf_counter() - began)
                await asyncio.sleep(BEAT_S)


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or [100, 900]
    for size in sizes:
        rounds = [asyncio.run(_round(size)) for _ in range(ROUNDS)]
        print(f"\n{size} requirements {'took':>10} {'longest stretch':>16} {'longest neighbour':>18}")
        for call in rounds[0]:
            best = [min(times) * 1000 for times in zip(*(taken[call] for taken in rounds), strict=True)]
            print("{:17} {:10.0f} {:16.0f} {:18.0f}".format(call, *best))


async def _round(size: int) -> dict[str, Taken]:
    with tempfile.TemporaryDirectory() as folder:
        app = App({"data_dir": f"{folder}/store", "config_dir": f"{folder}/config"})
        founded = await found_demo(app)
        env = app.environment()
        agent = await ApiKeys(env.store, env.clock).verify_token(founded.agent_key.reveal())
        heart, neighbour = Heart(), Neighbour(env, agent)
        try:
            async with _meanwhile(heart.beat()), _meanwhile(neighbour.work()):
                return await _calls(env, agent, heart, neighbour, size)
        finally:
            await app.close()


@asynccontextmanager
async def _meanwhile(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _calls(env: Environment, agent: Principal, heart: Heart, neighbour: Neighbour, size: int) -> dict[str, Taken]:
    taken: dict[str, Taken] = {}

    async def timed(name: str, call: Callable[[], Awaitable[T]]) -> T:
        gc.collect()
        await asyncio.sleep(2 * BEAT_S)
        heart.longest, neighbour.longest, began = 0.0, 0.0, time.perf_counter()
        result = await call()
        took = time.perf_counter() - began
        await asyncio.sleep(2 * BEAT_S)
        taken[name] = took, heart.longest, neighbour.longest
        return result

    vibe = _vibe(size)
    draft = _draft(vibe, size)
    created = await timed("create_project", lambda: create_project(env, agent, vibe=vibe, lane=Lane.FULL))
    project = created.project
    whole = Submission(Phase.MOOD, artifact=draft)
    submitted = await timed("submit whole", lambda: submit_artifact(env, agent, project, whole))
    change = Submission(Phase.MOOD, base=submitted.digest, changes=(_changed(draft, "hot"),))
    await timed("submit change", lambda: submit_artifact(env, agent, project, change))
    await timed("get_brief", lambda: get_brief(Call(env, agent, _unheard), GetBrief(project=project)))
    await timed("request_review", lambda: request_review(env, agent, project, wait_seconds=0, progress=_unheard))
    return taken


def _vibe(size: int) -> str:
    return "\n".join(f"- The kettle must keep {number} cups of water warm." for number in range(1, size + 1))


def _draft(vibe: str, size: int) -> JsonObject:
    """As many requirements as wanted, also where that is more than the distiller drafts."""
    draft = distil(vibe).artifact
    first = mapping(items(draft["requirements"])[0])
    return {
        **draft,
        "requirements": [
            {**first, "id": f"REQ-{number:05}", "acceptance": ["Anybody can see it."]} for number in range(1, size + 1)
        ],
    }


def _changed(draft: JsonObject, heat: str) -> JsonObject:
    requirement = dict(mapping(items(draft["requirements"])[0]))
    name = requirement.pop("id")
    return {
        "op": "set",
        "id": name,
        "element": {**requirement, "statement": f"The kettle must keep some water {heat}."},
    }


async def _unheard(_done: int, _of: int, _message: str) -> None:
    """Nobody waits for progress."""


if __name__ == "__main__":
    main()
