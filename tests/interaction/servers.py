"""Real `vdw mcp` and `vdw serve` processes over a founded demo store, and clients of both eras on both transports."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.session import MessageHandlerFnT
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from vdw.app import App
from vdw.cli.demo.founding import Founded, found_demo
from vdw.domain.secret import Secret

SOURCE = Path(__file__).parents[2] / "src"
Era = Literal["legacy", "auto"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder with a demo's store, and who may do what in it."""

    folder: Path
    founded: Founded

    def app(self) -> App:
        """The product in this process, over the same store."""
        return App(places(self.folder))

    def environment(self, key: Secret, **more: str) -> dict[str, str]:
        return child_environment(self.folder, VDW_KEY=key.reveal(), **more)


@dataclass(frozen=True, slots=True)
class Served:
    """A running `vdw serve`: its address, its process, and the file that takes what it prints."""

    url: str
    port: int
    process: subprocess.Popen[str]
    log: Path


def places(folder: Path) -> dict[str, str | None]:
    return {
        "data_dir": str(folder / "store"),
        "config_dir": str(folder / "config"),
        "trust_file": str(folder / "trust.json"),
    }


def child_environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings of a child process; nothing of this machine's own set-up gets in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VDW_")}
    paths = [str(SOURCE), *filter(None, [kept.get("PYTHONPATH")])]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(paths),
        "VDW_DATA": str(folder / "store"),
        "VDW_CONFIG_DIR": str(folder / "config"),
        "VDW_TRUST": str(folder / "trust.json"),
        **more,
    }


async def found(folder: Path) -> Demo:
    """A demo's store in `folder`, closed again."""
    app = App(places(folder))
    founded = await found_demo(app)
    await app.close()
    return Demo(folder, founded)


def stdio(environment: Mapping[str, str], *arguments: str) -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, args=["-m", "vdw", "mcp", *arguments], env=dict(environment))


@contextlib.contextmanager
def serving(demo: Demo, program: Sequence[str] = ("-m", "vdw"), **more: str) -> Iterator[Served]:
    """A `vdw serve --demo` on a free port, stopped at the end. `program` stands for another that is built on `vdw`."""
    log = demo.folder / "serve.log"
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, *program, "serve", "--demo", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            env=demo.environment(Secret(""), **more),
            text=True,
        )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        url = next(word.rstrip(";") for word in told.split() if word.startswith("http://"))
        yield Served(url, int(url.rsplit(":", 1)[1].split("/")[0]), process, log)
    finally:
        process.terminate()
        process.communicate()


@contextlib.asynccontextmanager
async def http_client(url: str, key: Secret, era: Era, hear: MessageHandlerFnT | None = None) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key.reveal()}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http), mode=era, message_handler=hear) as client,
    ):
        yield client


@contextlib.asynccontextmanager
async def stdio_client(
    demo: Demo, key: Secret, era: Era, hear: MessageHandlerFnT | None = None
) -> AsyncIterator[Client]:
    async with Client(stdio(demo.environment(key), "--demo"), mode=era, message_handler=hear) as client:
        yield client


def error_of(result: CallToolResult) -> Json:
    """The refusal that a call came to."""
    assert result.is_error
    (block,) = result.content
    assert block.type == "text"
    body: Json = json.loads(block.text)
    assert set(body) == {"error"}
    return dict(body["error"])


def answer_of(result: CallToolResult) -> Json:
    """The answer that a call came to."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return dict(result.structured_content)
