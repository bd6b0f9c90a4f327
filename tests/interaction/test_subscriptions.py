"""A client that follows a project hears of every change, also of one that another process made, and of nothing else."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import anyio
import anyio.lowlevel
import pytest
from mcp import Client, MCPError
from mcp.client.subscriptions import Subscription, SubscriptionLost
from mcp.shared.subscriptions import ResourcesListChanged, ResourceUpdated
from mcp_types import ResourceUpdatedNotification

from tests.interaction.servers import Demo, Served, answer_of, http_client, stdio, stdio_client
from vdw.domain.principal import Principal
from vdw.server import subscriptions
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.service.keys import create_key, revoke_key
from vdw.transport.stdio import StdioCaller

PATIENCE_SECONDS = 10
"""How long a change may be awaited before the test fails: no measure, only an end."""

FIRST_ERA = pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
"""The SDK warns whoever uses a method that the second era has no more."""


@pytest.fixture(scope="module")
async def other(demo: Demo) -> AsyncIterator[Client]:
    """A client of another process on the same store."""
    async with stdio_client(demo, demo.founded.agent_key, "auto") as client:
        yield client


@pytest.fixture(scope="module", params=["stdio", "http"])
async def modern(
    request: pytest.FixtureRequest,
    demo: Demo,
    served: Served,
    other: Client,  # noqa: ARG001 - opened before, so that it can be closed after
) -> AsyncIterator[Client]:
    key = demo.founded.agent_key
    opened: AbstractAsyncContextManager[Client] = (
        stdio_client(demo, key, "auto") if request.param == "stdio" else http_client(served.url, key, "auto")
    )
    async with opened as client:
        yield client


async def created(client: Client) -> str:
    vibe = f"It must ring {secrets.token_hex(4)}."  # the same words again would be the same project
    project = answer_of(await client.call_tool("create_project", {"vibe": vibe}))["project"]
    assert isinstance(project, str)
    return project


async def submit(client: Client, project: str, pattern: str = "It must ring.") -> None:
    requirement = {
        "id": "REQ-001",
        "statement": pattern,
        "pattern": "ubiquitous",
        "priority": "must",
        "acceptance": ["x"],
    }
    mood = {"schema": "vdw.mood/1", "requirements": [requirement]}
    answer_of(await client.call_tool("submit_artifact", {"project": project, "phase": "mood", "artifact": mood}))


async def next_of(stream: Subscription) -> object:
    with anyio.fail_after(PATIENCE_SECONDS):
        return await anext(stream)


async def test_what_another_process_changes_is_heard(modern: Client, other: Client) -> None:
    project, silent = await created(other), await created(other)
    uris = [f"vdw://projects/{project}", f"vdw://projects/{project}/timeline", f"vdw://projects/{silent}"]

    async with modern.listen(resource_subscriptions=uris) as stream:
        await submit(other, project)
        heard = {await next_of(stream), await next_of(stream)}

    assert stream.honored.resource_subscriptions == uris
    assert heard == {ResourceUpdated(uri) for uri in uris[:2]}


async def test_a_project_that_is_made_changes_the_list(modern: Client, other: Client) -> None:
    async with modern.listen(resources_list_changed=True) as stream:
        await created(other)
        assert await next_of(stream) == ResourcesListChanged()


@pytest.mark.row(id="F10")
async def test_what_is_no_project_is_not_followed_and_one_that_is_not_there_looks_like_any(modern: Client) -> None:
    uris = ["vdw://rules/stale", "vdw://projects/../x", "https://example.org", "vdw://projects/nobodys"]

    async with modern.listen(resource_subscriptions=uris) as stream:
        assert stream.honored.resource_subscriptions == ["vdw://projects/nobodys"]


async def test_a_stream_follows_a_bounded_number_of_resources(modern: Client) -> None:
    with pytest.raises(MCPError, match="64 resources at most"):
        async with modern.listen(resource_subscriptions=[f"vdw://projects/p{number}" for number in range(65)]):
            pass


async def test_a_process_has_a_bounded_number_of_streams_and_one_that_ends_makes_room(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "MAX_STREAMS", 1)
    app = demo.app()
    pipeline = Pipeline(app.environment, StdioCaller(app._api_keys, demo.founded.agent_key))
    async with Client(build_server(pipeline, None)) as client:
        for _ in range(2):
            async with client.listen(resources_list_changed=True):
                with pytest.raises(MCPError, match="Too many clients listen here"):
                    async with client.listen(resources_list_changed=True):
                        pass
            await anyio.wait_all_tasks_blocked()
    await app.close()


@FIRST_ERA
async def test_a_session_of_the_first_era_subscribes_on_a_connection_that_stays(demo: Demo, other: Client) -> None:
    project, dropped = await created(other), await created(other)
    heard: list[str] = []
    arrived = anyio.Event()

    async def listening(message: object) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            heard.append(str(message.params.uri))
            arrived.set()

    server = stdio(demo.environment(demo.founded.agent_key), "--demo")
    async with Client(server, mode="legacy", message_handler=listening) as client:
        await client.subscribe_resource(f"vdw://projects/{dropped}")
        await client.subscribe_resource(f"vdw://projects/{project}")
        await client.unsubscribe_resource(f"vdw://projects/{dropped}")
        await submit(other, dropped)
        await submit(other, project)
        with anyio.fail_after(PATIENCE_SECONDS):
            await arrived.wait()

    assert heard == [f"vdw://projects/{project}"]


@FIRST_ERA
async def test_what_is_subscribed_to_at_once_is_all_followed(demo: Demo, other: Client) -> None:
    projects = [await created(other) for _ in range(4)]
    heard: set[str] = set()
    arrived = anyio.Event()

    async def listening(message: object) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            heard.add(str(message.params.uri))
            if len(heard) == len(projects):
                arrived.set()

    app = demo.app()
    known = StdioCaller(app._api_keys, demo.founded.agent_key)

    async def looked_up(request: object) -> Principal:
        for _ in range(100):  # as where a credential is looked up elsewhere
            await anyio.lowlevel.checkpoint()
        return await known(request)

    server = build_server(Pipeline(app.environment, looked_up), None, one_session=True)
    async with Client(server, mode="legacy", message_handler=listening) as client:
        async with anyio.create_task_group() as group:
            for project in projects:
                group.start_soon(client.subscribe_resource, f"vdw://projects/{project}")
        for project in projects:
            await submit(other, project)
        with anyio.fail_after(PATIENCE_SECONDS):
            await arrived.wait()
    await app.close()

    assert heard == {f"vdw://projects/{project}" for project in projects}


@FIRST_ERA
async def test_where_no_connection_stays_no_subscription_is_promised(served: Served, demo: Demo) -> None:
    async with http_client(served.url, demo.founded.agent_key, "legacy") as client:
        assert client.server_capabilities.resources is not None
        assert not client.server_capabilities.resources.subscribe
        with pytest.raises(MCPError):
            await client.subscribe_resource("vdw://projects/any")


@pytest.mark.parametrize("revoked", [False, True])
@pytest.mark.row(id="F10")
async def test_whose_key_was_revoked_hears_nothing_more(demo: Demo, other: Client, revoked: bool) -> None:
    app = demo.app()
    key = await create_key(app.environment(), app.operator(), name="another")
    project = await created(other)
    heard: object = None

    async with (
        stdio_client(demo, key.token, "auto") as client,
        client.listen(resource_subscriptions=[f"vdw://projects/{project}"]) as stream,
    ):
        if revoked:
            await revoke_key(app.environment(), app.operator(), key.key_id)
        await submit(other, project)
        try:
            heard = await next_of(stream)
        except SubscriptionLost as lost:
            heard = type(lost)
    await app.close()

    assert heard == (SubscriptionLost if revoked else ResourceUpdated(f"vdw://projects/{project}"))
