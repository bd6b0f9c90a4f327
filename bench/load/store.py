"""The store that the loads run against: a founded demo with many open projects, filled by the services themselves.

Run as a program, in a process of its own; the last line that it prints tells what a load has to know. A store that is
there already is never touched.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vdw.app import App
from vdw.auth.api_keys import ApiKeys
from vdw.cli.demo.founding import found_demo
from vdw.domain.principal import Principal
from vdw.domain.stages import Lane, Phase
from vdw.service.creating import create_project
from vdw.service.environment import Environment
from vdw.service.submitting import Submission, submit_artifact

UNDER_WAY = 16
"""Projects that are filled at once: enough for commits to share one sync of the disk."""
BYTES_A_REQUIREMENT = 200
"""So that 10, 50 and 500 requirements are 2, 10 and 100 kB."""


Job = tuple[int, int]
"""Requirements of a project, and its number among those of that size."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The agent's key, the projects by how many requirements each has, and the seconds that filling took."""

    key: str
    seconds: float
    projects: dict[int, list[str]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> Filled:
        told: dict[str, Any] = json.loads(text)
        return cls(told["key"], told["seconds"], {int(size): ids for size, ids in told["projects"].items()})


def places(folder: Path) -> dict[str, str | None]:
    """The settings under which the store of this folder is found."""
    return {
        "data_dir": str(folder / "store"),
        "config_dir": str(folder / "config"),
        "trust_file": str(folder / "trust.json"),
    }


def mood(size: int, word: str) -> dict[str, object]:
    """A sound mood of so many requirements. The first of them says `word`, and no other place does."""
    return {
        "schema": "vdw.mood/1",
        "core_aesthetic": "Calm and exact",
        "requirements": [_requirement(number, word if number == 1 else "water") for number in range(1, size + 1)],
    }


def _requirement(number: int, word: str) -> dict[str, object]:
    requirement = {
        "id": f"REQ-{number:03}",
        "statement": f"The kettle must keep {number} cups of {word} warm.",
        "pattern": "ubiquitous",
        "acceptance": [f"Anybody can drink {number} cups"],
    }
    missing = BYTES_A_REQUIREMENT - len(json.dumps(requirement))
    return {**requirement, "acceptance": [f"Anybody can drink {number} cups {'of it ' * (missing // 6)}".strip()]}


def fill(folder: Path, wanted: dict[int, int]) -> Filled:
    """`wanted`: requirements → how many projects of that size. A process a core shares them out."""
    began = time.perf_counter()
    key = asyncio.run(_found(folder))
    jobs = [(size, number) for size, count in wanted.items() for number in range(count)]
    processes = os.cpu_count() or 1
    shares = [(folder, key, jobs[place::processes]) for place in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        made = [each for share in pool.starmap(_fill_share, shares) for each in share]
    projects = {size: [project for its_size, project in made if its_size == size] for size in wanted}
    return Filled(key, time.perf_counter() - began, projects)


async def _found(folder: Path) -> str:
    app = App(places(folder))
    founded = await found_demo(app)
    await app.close()
    return founded.agent_key.reveal()


def _fill_share(folder: Path, key: str, jobs: list[Job]) -> list[tuple[int, str]]:
    return asyncio.run(_share(folder, key, jobs))


async def _share(folder: Path, key: str, jobs: list[Job]) -> list[tuple[int, str]]:
    app = App(places(folder))
    env = app.environment()
    agent = await ApiKeys(env.store, env.clock).verify_token(key)
    made: list[tuple[int, str]] = []
    waiting = iter(jobs)
    async with asyncio.TaskGroup() as group:
        for _ in range(UNDER_WAY):
            group.create_task(_worker(env, agent, waiting, made))
    await app.close()
    return made


async def _worker(env: Environment, agent: Principal, jobs: Iterator[Job], made: list[tuple[int, str]]) -> None:
    for size, number in jobs:
        vibe = f"The kettle {number} of {size} must keep water warm."
        project = (await create_project(env, agent, vibe=vibe, lane=Lane.FULL)).project
        await submit_artifact(env, agent, project, Submission(Phase.MOOD, artifact=mood(size, "tea")))
        made.append((size, project))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("wanted", help="such as 10=64,50=10000")
    chosen = options.parse_args()
    pairs = (pair.split("=") for pair in chosen.wanted.split(","))
    print(json.dumps(asdict(fill(chosen.folder, {int(size): int(count) for size, count in pairs}))))


if __name__ == "__main__":
    main()
