"""How soon those who wait hear of a decision that another process makes, and what so many of them cost everybody else.

So many calls of `request_review` that wait, and as many streams of `subscriptions/listen`, stand open on one `vdw
serve` over real connections, while another process commits all the time. Printed in milliseconds: from the moment that
a signature is durable to the answer at the client; and `get_project` of a bystander before and while all of them wait.
Aim: every one hears within a second of 1,000 that wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2

from vdw.app import App
from vdw.auth.api_keys import ApiKeys
from vdw.cli.demo.founding import Founded, found_demo
from vdw.domain.principal import Principal
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.service.creating import create_project
from vdw.service.reviewing import current_brief
from vdw.service.signing import sign_decision
from vdw.service.submitting import Submission, submit_artifact

WAITERS = 1_000
PROJECTS = 20
"""That the waiters are spread over; as many decisions are made."""
WAIT_SECONDS = 300
WRITES_S = 0.05
"""Between two commits of the writer, in seconds."""
CALLS = 200
MOOD = {
    "schema": "vdw.mood/1",
    "requirements": [
        {
            "id": "REQ-001",
            "statement": "It must ring.",
            "pattern": "ubiquitous",
            "priority": "must",
            "acceptance": ["x"],
        }
    ],
}
VERSION = "2026-07-28"


class Wire:
    """Calls over HTTP, one connection each."""

    def __init__(self, url: str, key: str) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=50)
        self._http = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json, text/event-stream"},
            limits=limits,
            timeout=WAIT_SECONDS + 60,
        )
        self._url = url

    async def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        lines = [line async for line in self.stream("tools/call", {"name": tool, "arguments": arguments}, tool)]
        answer: dict[str, Any] = lines[-1]["result"]["structuredContent"]
        return answer

    async def stream(self, method: str, params: Mapping[str, object], name: str = "") -> AsyncIterator[dict[str, Any]]:
        meta = {
            "io.modelcontextprotocol/protocolVersion": VERSION,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
        }
        headers = {"MCP-Protocol-Version": VERSION, "Mcp-Method": method, **({"Mcp-Name": name} if name else {})}
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}
        async with self._http.stream("POST", self._url, json=body, headers=headers) as response:
            if response.headers["content-type"].startswith("application/json"):
                yield json.loads(await response.aread())
                return
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    async def close(self) -> None:
        await self._http.aclose()


async def main(waiters: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        app = App({"data_dir": f"{place}/store", "config_dir": f"{place}/config", "trust_file": f"{place}/trust.json"})
        founded = await found_demo(app)
        with serving(place) as (process, url):
            await measure(app, founded, process, Wire(url, founded.agent_key.reveal()), waiters)
        await app.close()


@contextlib.contextmanager
def serving(place: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = {
        **os.environ,
        "VDW_DATA": f"{place}/store",
        "VDW_CONFIG_DIR": f"{place}/config",
        "VDW_TRUST": f"{place}/trust.json",
    }
    command = [sys.executable, "-m", "vdw", "serve", "--demo", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.readline()
    try:
        yield process, next(word.rstrip(";") for word in told.split() if word.startswith("http://"))
    finally:
        process.terminate()
        process.wait()


async def measure(app: App, founded: Founded, process: subprocess.Popen[str], wire: Wire, waiters: int) -> None:
    env, operator = app.environment(), app.operator()
    agent = await ApiKeys(env.store, env.clock).verify_token(founded.agent_key.reveal())
    projects = [await waiting_project(app, agent, number) for number in range(PROJECTS)]
    quiet = await bystander(wire, projects[0])
    rows = memory(process)

    heard: dict[str, list[float]] = {"request_review": [], "subscriptions/listen": []}
    decided: dict[str, float] = {}
    acknowledged = asyncio.Semaphore(0)

    async def wait(project: str) -> None:
        asked = {"name": "request_review", "arguments": {"project": project, "wait_seconds": WAIT_SECONDS}}
        answers = [line async for line in wire.stream("tools/call", asked, "request_review")]
        assert answers[-1]["result"]["structuredContent"]["outcome"] == "approved", answers[-1]
        heard["request_review"].append(time.perf_counter() - decided[project])

    async def listen(project: str) -> None:
        asked: dict[str, object] = {"notifications": {"resourceSubscriptions": [f"vdw://projects/{project}"]}}
        async for line in wire.stream("subscriptions/listen", asked):
            if line.get("method") == "notifications/subscriptions/acknowledged":
                acknowledged.release()
            if line.get("method") == "notifications/resources/updated" and project in decided:
                heard["subscriptions/listen"].append(time.perf_counter() - decided[project])
                return

    async with asyncio.TaskGroup() as group:
        for number in range(waiters):
            group.create_task(wait(projects[number % PROJECTS]))
            group.create_task(listen(projects[number % PROJECTS]))
        for _ in range(waiters):
            await acknowledged.acquire()
        await asyncio.sleep(2)  # the calls stand by then
        busy_memory, threads = memory(process), threads_of(process)
        writer = group.create_task(write(app, agent))
        crowded = await bystander(wire, projects[0])
        for project in projects:
            scene, brief = await current_brief(env, operator, project)
            await sign_decision(env, operator, founded.signer, scene, brief, GateVerdict.APPROVE, ())
            decided[project] = time.perf_counter()
            await asyncio.sleep(0.5)
        writer.cancel()
    print(f"{waiters} of each; RSS {rows} -> {busy_memory} MB, {threads} threads")
    for name, taken in heard.items():
        ordered = sorted(1000 * each for each in taken)
        print(
            f"{name:>22}: p50 {statistics.median(ordered):7.0f}  p99 {ordered[-len(ordered) // 100]:7.0f}  max {ordered[-1]:7.0f}"
        )
    print(f"{'get_project':>22}: p50 {quiet:7.1f} alone, {crowded:7.1f} beside them")
    await wire.close()


async def waiting_project(app: App, agent: Principal, number: int) -> str:
    env = app.environment()
    project = (await create_project(env, agent, vibe=f"It must ring {number} times.", lane=Lane.LIGHT)).project
    await submit_artifact(
        env, agent, project, Submission(phase=Phase.MOOD, artifact=MOOD, base="", changes=(), withdraw=False)
    )
    return project


async def bystander(wire: Wire, project: str) -> float:
    taken = []
    for _ in range(CALLS):
        began = time.perf_counter()
        await wire.call("get_project", project=project)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


async def write(app: App, agent: Principal) -> None:
    number = 0
    while True:
        number += 1
        await create_project(app.environment(), agent, vibe=f"It must write {number}.", lane=Lane.LIGHT)
        await asyncio.sleep(WRITES_S)


def memory(process: subprocess.Popen[str]) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def threads_of(process: subprocess.Popen[str]) -> int:
    return int(Path(f"/proc/{process.pid}/status").read_text().split("Threads:")[1].split()[0])


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else WAITERS))
