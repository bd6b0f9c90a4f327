"""Answers that take their time: whoever goes away ends the work, and whoever stays is told that it goes on."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest
from mcp.server import _streamable_http_modern as sdk

from tests.interaction.lines import META, request
from tests.interaction.servers import Demo, Json
from tests.security.attacks import BEARER, CONTENT, HOST, Request
from tests.security.inside import PATIENCE_SECONDS, line_to, serving_here
from tests.security.modern import asking
from vdw.app import App
from vdw.domain.ids import ProjectId
from vdw.domain.principal import Principal
from vdw.domain.stages import Lane, Phase
from vdw.events.watch import EventWatch
from vdw.service.briefing import skeleton_document
from vdw.service.changing import Change, change_project
from vdw.service.creating import create_project
from vdw.service.submitting import Submission, submit_artifact
from vdw.store.interface import Store
from vdw.transport import edge

SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"


class Overheard(EventWatch):
    """Says when somebody has begun to wait, and when the wait was called off."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.begun = asyncio.Event()
        self.called_off = asyncio.Event()

    async def wait(self, after_seq: int, timeout_s: float, projects: Collection[ProjectId] | None = None) -> int:
        self.begun.set()
        try:
            return await super().wait(after_seq, timeout_s, projects)
        except asyncio.CancelledError:
            self.called_off.set()
            raise


@dataclass(frozen=True, slots=True)
class Here:
    """A server in this process, and a way to work on its store past it."""

    port: int
    key: str
    app: App
    agent: Principal
    watch: Overheard

    async def project(self) -> str:
        """A new one with a revision of its mood, which may be reviewed."""
        env = self.app.environment()
        vibe = f"It must ring {secrets.token_hex(4)}."
        made = await create_project(env, self.agent, vibe=vibe, lane=Lane.FULL)
        draft = skeleton_document(env, self.agent, made.project)
        await submit_artifact(env, self.agent, made.project, Submission(Phase.MOOD, artifact=draft))
        return made.project

    def filled(self, asked: Request) -> bytes:
        return asked.filled(self.port, self.key).raw()


@pytest.fixture
async def here(demo: Demo) -> AsyncIterator[Here]:
    app = demo.app()
    key = demo.founded.agent_key.reveal()
    watch = Overheard(app.environment().store)
    async with serving_here(replace(app.environment(), watch=watch), app._api_keys) as port:
        yield Here(port, key, app, await app._api_keys().verify_token(key), watch)
    await app.close()


def review(project: str, **more: str) -> Request:
    params: Json = {"name": "request_review", "arguments": {"project": project, "wait_seconds": 600}}
    return asking("tools/call", params, meta=META | more)


def review_of_the_first_era(project: str) -> Request:
    params: Json = {"name": "request_review", "arguments": {"project": project, "wait_seconds": 600}}
    return Request(HOST + BEARER + CONTENT, request("legacy", 1, "tools/call", params))


def listening(*uris: str, **more: object) -> Request:
    return asking("subscriptions/listen", {"notifications": {"resourceSubscriptions": uris, **more}})


# --- Whoever goes away ------------------------------------------------------------------------------------------------


@pytest.mark.row(id="D10")
@pytest.mark.parametrize("waiting", ["silently", "with progress", "in the first era", "for changes"])
async def test_the_work_stops_when_its_client_closes_the_connection(waiting: str, here: Here) -> None:
    project = await here.project()
    asked = {
        "silently": review(project),
        "with progress": review(project, progressToken="p"),
        "in the first era": review_of_the_first_era(project),
        "for changes": listening(f"vdw://projects/{project}"),
    }[waiting]

    async with asyncio.timeout(PATIENCE_SECONDS):
        async with line_to(here.port) as (_, writer):
            writer.write(here.filled(asked))
            await here.watch.begun.wait()
        await here.watch.called_off.wait()

    assert here.watch._waiters == set()


# --- Whoever stays ----------------------------------------------------------------------------------------------------


async def frames(reader: asyncio.StreamReader) -> AsyncGenerator[str, None]:
    """The blocks of a stream, headers first, and what stands in each chunk afterwards."""
    yield (await reader.readuntil(b"\r\n\r\n")).decode()
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2)).decode().strip()


def message(frame: str) -> Json:
    return dict(json.loads(frame.partition("data: ")[2]))


@pytest.mark.row(id="D13")
async def test_a_stream_is_kept_alive_and_no_proxy_holds_it_back(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """For longer than a body may take, too."""
    monkeypatch.setattr(sdk, "_SSE_PING_INTERVAL", 0.05)
    monkeypatch.setattr(edge, "BODY_SECONDS", 0.04)
    project = await here.project()

    async with asyncio.timeout(PATIENCE_SECONDS), line_to(here.port) as (reader, writer):
        writer.write(here.filled(listening(f"vdw://projects/{project}")))
        async with aclosing(frames(reader)) as stream:
            head, acknowledged, *pings = [await anext(stream) for _ in range(4)]

    assert head.startswith("HTTP/1.1 200 ")
    assert "x-accel-buffering: no" in head
    assert "content-type: text/event-stream" in head
    assert "cache-control: no-cache, no-transform" in head
    assert message(acknowledged)["method"] == "notifications/subscriptions/acknowledged"
    assert pings == [": ping", ": ping"]


@pytest.mark.row(id="F10")
async def test_a_stream_begins_with_what_it_will_tell_and_tells_nothing_else(here: Here) -> None:
    project, silent = await here.project(), await here.project()
    env = here.app.environment()
    uri = f"vdw://projects/{project}"

    async with asyncio.timeout(PATIENCE_SECONDS), line_to(here.port) as (reader, writer):
        writer.write(here.filled(listening(uri, toolsListChanged=True, promptsListChanged=True)))
        async with aclosing(frames(reader)) as stream:
            await anext(stream)
            acknowledged = message(await anext(stream))
            await here.project()
            for changed in (silent, project):
                await change_project(env, here.agent, changed, Change("change_lane", lane=Lane.LIGHT))
            heard = message(await anext(stream))

    assert acknowledged["method"] == "notifications/subscriptions/acknowledged"
    assert acknowledged["params"]["notifications"] == {"resourceSubscriptions": [uri]}
    assert acknowledged["params"]["_meta"][SUBSCRIPTION] == 1
    assert (heard["method"], heard["params"]["uri"]) == ("notifications/resources/updated", uri)
    assert heard["params"]["_meta"][SUBSCRIPTION] == 1
