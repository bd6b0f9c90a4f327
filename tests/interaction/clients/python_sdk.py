"""An errand by the SDK's `Client`, of either era, over whatever it is connected to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp import Client, MCPError
from mcp.shared.subscriptions import ResourceUpdated
from mcp_types import PromptReference, ResourceUpdatedNotification, TextContent, TextResourceContents

from tests.interaction.clients.errands import WAIT_SECONDS, WAITING, Answers, Changed, Errand
from tests.interaction.clients.ground import Ground
from tests.interaction.clients.matrix import NEW, Way
from tests.interaction.servers import Demo, Era, answer_of, http_client, stdio_client
from vdw.domain.secret import Secret
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.transport.stdio import StdioCaller


@dataclass(frozen=True, slots=True)
class Ear:
    """The message handler of a client of the first era: what it hears of resources."""

    heard: list[str] = field(default_factory=list)
    hears: anyio.Event = field(default_factory=anyio.Event)

    async def __call__(self, message: object) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            self.heard.append(str(message.params.uri))
            self.hears.set()


async def run_python_sdk(ground: Ground, ways: Sequence[Way], errands: Sequence[Errand]) -> list[Answers]:
    answers = {}

    async def run(way: Way, errand: Errand) -> None:
        ear, era = Ear(), _era(way)
        async with _connected(ground, way, era, ear) as client:
            answers[way] = await _answers(client, errand, lambda: ground.witness.change(errand), ear, era)

    async with anyio.create_task_group() as group:
        for way, errand in zip(ways, errands, strict=True):
            group.start_soon(run, way, errand)
    return [answers[way] for way in ways]


def _era(way: Way) -> Era:
    return "auto" if way.revision == NEW else "legacy"


def _connected(ground: Ground, way: Way, era: Era, ear: Ear) -> AbstractAsyncContextManager[Client]:
    match way.transport:
        case "in memory":
            return _in_memory(ground.demo, ground.key, era, ear)
        case "stdio":
            return stdio_client(ground.demo, ground.key, era, ear)
        case "HTTP":
            return http_client(ground.served.url, ground.key, era, ear)


@asynccontextmanager
async def _in_memory(demo: Demo, key: Secret, era: Era, ear: Ear) -> AsyncIterator[Client]:
    """The server's object, in this process. Nobody waits in it any more when the client has gone."""
    app = demo.app()
    pipeline = Pipeline(app.environment, StdioCaller(app._api_keys, key))
    async with Client(build_server(pipeline, None, one_session=True), mode=era, message_handler=ear) as client:
        yield client
    waiting = app.environment().watch._waiters
    await app.close()
    assert not waiting


async def _answers(client: Client, errand: Errand, changed: Changed, ear: Ear, era: Era) -> Answers:
    return {
        "revision": client.protocol_version,
        "list": await _lists(client),
        "call": answer_of(await client.call_tool("create_project", {"vibe": errand.vibe})),
        "read": await _text(client, errand.uri),
        "prompt": await _prompt(client, errand),
        "complete": await _completions(client, errand),
        "subscribe": await _told(client, errand, changed, ear, era),
        "cancel": await _view_after_cancelling(client, errand),
    }


async def _lists(client: Client) -> dict[str, list[str]]:
    return {
        "tools": [tool.name for tool in (await client.list_tools()).tools],
        "resources": [str(resource.uri) for resource in (await client.list_resources()).resources],
        "prompts": [prompt.name for prompt in (await client.list_prompts()).prompts],
    }


async def _text(client: Client, uri: str) -> str:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


async def _prompt(client: Client, errand: Errand) -> str:
    (message,) = (await client.get_prompt("resume_project", {"project": errand.slug})).messages
    assert isinstance(message.content, TextContent)
    return message.content.text


async def _completions(client: Client, errand: Errand) -> list[str]:
    begun = {"name": "project", "value": errand.slug_begun}
    return list((await client.complete(PromptReference(name="resume_project"), begun)).completion.values)


async def _told(client: Client, errand: Errand, changed: Changed, ear: Ear, era: Era) -> str | dict[str, str]:
    if era == "auto":
        async with client.listen(resource_subscriptions=[errand.uri]) as stream:
            await changed()
            event = await anext(stream)
        assert isinstance(event, ResourceUpdated)
        return event.uri
    try:
        await client.subscribe_resource(errand.uri)
    except MCPError as error:
        await changed()
        return {"refused": str(error)}
    await changed()
    await ear.hears.wait()
    await client.unsubscribe_resource(errand.uri)
    return ear.heard[0]


async def _view_after_cancelling(client: Client, errand: Errand) -> dict[str, Any]:
    with anyio.CancelScope() as scope:

        async def cancel(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001 - as the SDK calls it
            if WAITING in (message or ""):
                scope.cancel()

        given = {"project": errand.project, "wait_seconds": WAIT_SECONDS}
        await client.call_tool("request_review", given, progress_callback=cancel)
    assert scope.cancelled_caught
    return answer_of(await client.call_tool("get_project", {"project": errand.project}))
