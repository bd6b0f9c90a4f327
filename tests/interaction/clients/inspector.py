"""An errand by the MCP Inspector's command line: a process an operation, as a script in a pipeline would call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio.abc import Process

from tests.interaction.clients.errands import PATIENCE_SECONDS, WAIT_SECONDS, Answers, Errand, Witness
from tests.interaction.clients.ground import Ground
from tests.interaction.clients.matrix import NEW, OLD, Revision, Way
from tests.interaction.servers import Json, stdio
from tests.tools import PEERS, node, peers_environment


async def run_inspector(ground: Ground, ways: Sequence[Way], errands: Sequence[Errand]) -> list[Answers]:
    answers: dict[Way, Answers] = {}

    def inspector(way: Way) -> Inspector:
        return Inspector(_target(ground, way), _ERAS[way.revision], ground.demo.folder)

    async def run(way: Way, errand: Errand) -> None:
        answers[way] = await inspector(way).run_errand(errand, ground.witness)

    async with anyio.create_task_group() as group:
        for way, errand in zip(ways, errands, strict=True):
            group.start_soon(run, way, errand)
    refused = await inspector(ways[0]).refusals()  # before it connects to anything
    return [{**answers[way], **refused} for way in ways]


SERVER_INFO = "io.modelcontextprotocol/serverInfo"
"""Of results of 2026-07-28 alone; its lists are put together by the program, and have none."""
_ERAS: dict[Revision, str] = {OLD: "legacy", NEW: "modern"}


def _target(ground: Ground, way: Way) -> list[str]:
    if way.transport == "HTTP":
        header = f"Authorization: {ground.authorization}"
        return ["--transport", "http", "--server-url", ground.served.url, "--header", header]
    server = stdio(ground.demo.environment(ground.key), "--demo")
    given = {name: value for name, value in (server.env or {}).items() if name.startswith(("VDW_", "PYTHON"))}
    settings = [word for name, value in given.items() for word in ("-e", f"{name}={value}")]
    return [*settings, server.command, *server.args]


@dataclass(frozen=True, slots=True)
class Inspector:
    """`target` names the server on its command line; what it keeps goes into `home`."""

    target: Sequence[str]
    era: str
    home: Path

    async def run_errand(self, errand: Errand, witness: Witness) -> Answers:
        """Reads last: what it reads then shows that it is answered after a wait that was interrupted."""
        prompt = ("--prompt-name", "resume_project", "--prompt-args", f"project={errand.slug}")
        answers = {
            "list": {
                "tools": await self._portable_tools(),
                "resources": [each["uri"] for each in (await self._result("resources/list"))["resources"]],
                "prompts": [each["name"] for each in (await self._result("prompts/list"))["prompts"]],
            },
            "call": (await self._result(*_calling("create_project", vibe=errand.vibe)))["structuredContent"],
            "prompt": (await self._result("prompts/get", *prompt))["messages"][0]["content"]["text"],
        }
        await witness.change(errand)
        await self._interrupt_a_wait(errand, witness)
        read = await self._result("resources/read", "--uri", errand.uri)
        revision = NEW if SERVER_INFO in read.get("_meta", {}) else OLD
        text = read["contents"][0]["text"]
        return {**answers, "revision": revision, "read": text, "cancel": json.loads(text)}

    async def refusals(self) -> Answers:
        """What it has no method for."""
        return {
            "complete": await self._refused("prompts/complete"),
            "subscribe": await self._refused("resources/subscribe", "--uri", "vdw://projects/any"),
        }

    async def _interrupt_a_wait(self, errand: Errand, witness: Witness) -> None:
        """Its way to cancel is Ctrl-C, which a terminal sends to all that the command line has started."""
        child = await self._started(*_calling("request_review", project=errand.project, wait_seconds=WAIT_SECONDS))
        try:
            await witness.asked_for_review(errand)
        finally:
            os.killpg(child.pid, signal.SIGINT)
        assert await child.wait() == -signal.SIGINT

    async def _portable_tools(self) -> list[str]:
        """It says which schemas some model's client would stumble on."""
        code, out, err = await self._ran("tools/list", "--strict")
        assert (code, err) == (0, "")
        return [tool["name"] for tool in json.loads(out)["result"]["tools"]]

    async def _result(self, method: str, *options: str) -> Json:
        code, out, err = await self._ran(method, *options)
        assert code == 0, err
        return dict(json.loads(out)["result"])

    async def _refused(self, method: str, *options: str) -> Json:
        code, _, err = await self._ran(method, *options)
        assert code != 0, f"{method} is offered"
        return {"refused": json.loads(err)["error"]["message"]}

    async def _ran(self, method: str, *options: str) -> tuple[int | None, str, str]:
        with anyio.fail_after(PATIENCE_SECONDS):
            done = await anyio.run_process(
                self._line(method, *options), check=False, env=self._environment(), stdin=subprocess.DEVNULL
            )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    async def _started(self, method: str, *options: str) -> Process:
        return await anyio.open_process(
            self._line(method, *options),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _line(self, method: str, *options: str) -> list[str]:
        program = [str(node()), str(PEERS / "node_modules/.bin/mcp-inspector"), "--cli"]
        asked = ["--protocol-era", self.era, "--format", "json", "--method", method, *options]
        return [*program, *self.target, *asked]

    def _environment(self) -> dict[str, str]:
        return {**peers_environment(), "HOME": str(self.home)}


def _calling(tool: str, **arguments: object) -> tuple[str, ...]:
    return "tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments)
