"""Clients of other people's libraries: scripts in `tests/peers/` that run all errands of a client in one process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Sequence
from pathlib import Path

import anyio
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream

from tests.interaction.clients.errands import Answers, Errand
from tests.interaction.clients.ground import Ground
from tests.interaction.clients.matrix import Way
from tests.interaction.servers import Json, stdio
from tests.tools import PEERS, node, peers_environment

SCRIPTS = Path(__file__).parents[2] / "peers"


async def run_fastmcp(ground: Ground, ways: Sequence[Way], errands: Sequence[Errand]) -> list[Answers]:
    return await _run((str(PEERS / "bin/python"), str(SCRIPTS / "fastmcp_client.py")), ground, ways, errands)


async def run_typescript(ground: Ground, ways: Sequence[Way], errands: Sequence[Errand]) -> list[Answers]:
    """Handed over as text: a module finds its packages from the folder where it is, and so it is in theirs."""
    source = (SCRIPTS / "typescript_client.mjs").read_text("utf-8")
    program = (str(node()), "--input-type=module", "--eval", source, ways[0].revision)
    return await _run(program, ground, ways, errands)


async def _run(program: Sequence[str], ground: Ground, ways: Sequence[Way], errands: Sequence[Errand]) -> list[Answers]:
    jobs = [
        {"server": _server(ground, way), "revision": way.revision, "errand": errand.as_json()}
        for way, errand in zip(ways, errands, strict=True)
    ]
    answers: dict[int, Answers] = {}
    log = ground.demo.folder / "client.log"
    with log.open("wb") as errors:
        child = await anyio.open_process(program, cwd=PEERS, env=peers_environment(), stderr=errors)
    async with child:
        await _say(child, jobs)
        assert child.stdout is not None
        async for line in _lines(TextReceiveStream(child.stdout)):
            message = json.loads(line)
            if "changing" in message:
                await ground.witness.change(errands[message["changing"]])
                await _say(child, {"changed": message["changing"]})
            else:
                answers[message["errand"]] = message["answers"]
    assert len(answers) == len(errands), log.read_text("utf-8")
    return [answers[number] for number in range(len(errands))]


def _server(ground: Ground, way: Way) -> Json:
    if way.transport == "HTTP":
        return {"url": ground.served.url, "headers": {"Authorization": ground.authorization}}
    started = stdio(ground.demo.environment(ground.key), "--demo")
    return {"command": started.command, "args": started.args, "env": started.env}


async def _say(child: Process, message: object) -> None:
    assert child.stdin is not None
    await child.stdin.send(f"{json.dumps(message)}\n".encode())


async def _lines(stream: AsyncIterable[str]) -> AsyncIterable[str]:
    rest = ""
    async for chunk in stream:
        *whole, rest = (rest + chunk).split("\n")
        for line in whole:
            yield line
