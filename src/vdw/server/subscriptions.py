"""Subscriptions: a client hears that a project has changed, and reads it again by itself.

In the second era a call of `subscriptions/listen` is the stream. In the first a session subscribes to resources, which
takes a connection that stays: stdio. What is told is checked against the caller's rights when it is told.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.subscriptions import SUBSCRIPTION_ID_META_KEY

from vdw.domain.principal import Principal
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.server.log import log_refusal
from vdw.server.pipeline import Pipeline
from vdw.server.resources import MAX_URI_CHARACTERS, PROJECT
from vdw.service.following import ALL, Following

MAX_STREAMS = 4096
"""Streams of one process: each looks at its projects after each commit."""
MAX_FOLLOWED = 64
"""Resources that one stream or session follows, for the same reason."""

Context = ServerRequestContext[Any, Any]
_OF_A_PROJECT = re.compile(rf"vdw://projects/{PROJECT}(/[a-z0-9/?=]*)?")


class Streams:
    """`subscriptions/listen` of one process."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._open = 0

    async def listen(
        self, ctx: Context, params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        """Acknowledges what it will tell of, then tells of it until the client goes."""
        if self._open >= MAX_STREAMS:
            raise VdwError(ErrorCode.BUSY, "Too many clients listen here.", "Ask with get_project instead.")
        uris = _followed(params.notifications.resource_subscriptions or ())
        lists = params.notifications.resources_list_changed is True
        honoured = types.SubscriptionFilter(
            resource_subscriptions=list(uris) or None, resources_list_changed=lists or None
        )
        meta: dict[str, Any] = {SUBSCRIPTION_ID_META_KEY: ctx.request_id}
        self._open += 1
        try:
            following = await _following(self._pipeline, ctx, {*uris.values(), *([ALL] if lists else [])})
            acknowledged = types.SubscriptionsAcknowledgedNotificationParams(notifications=honoured, _meta=meta)
            told = types.SubscriptionsAcknowledgedNotification(params=acknowledged)
            await ctx.session.send_notification(told, related_request_id=ctx.request_id)
            while True:
                for notification in _notifications(uris, await following.changed(), meta):
                    await ctx.session.send_notification(notification, related_request_id=ctx.request_id)
        finally:
            self._open -= 1


class Session:
    """Subscriptions of the one session that a process on stdio has, in the first era."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._uris: dict[str, str] = {}
        self._changing = asyncio.Lock()
        """Requests of one session run beside each other, and each changes what the last one left."""
        self._telling: asyncio.Task[None] | None = None

    async def subscribe(self, ctx: Context, params: types.SubscribeRequestParams) -> types.EmptyResult:
        """Tells of the resource's changes from now on."""
        async with self._changing:
            await self._follow(ctx, self._uris | _followed([str(params.uri)]))
        return types.EmptyResult()

    async def unsubscribe(self, ctx: Context, params: types.UnsubscribeRequestParams) -> types.EmptyResult:
        """Tells no more of it; what was never subscribed to is none of it already."""
        async with self._changing:
            left = {uri: name for uri, name in self._uris.items() if uri != str(params.uri)}
            await self._follow(ctx, left)
        return types.EmptyResult()

    async def _follow(self, ctx: Context, uris: dict[str, str]) -> None:
        if len(uris) > MAX_FOLLOWED:
            raise invalid("uri", f"a session follows {MAX_FOLLOWED} resources at most", "vdw://projects/{project}")
        following = await _following(self._pipeline, ctx, set(uris.values()))
        if self._telling is not None:
            self._telling.cancel()
        self._uris = uris
        self._telling = asyncio.get_running_loop().create_task(_tell(ctx, following, uris)) if uris else None


async def _tell(ctx: Context, following: Following, uris: Mapping[str, str]) -> None:
    try:
        while True:
            for notification in _notifications(uris, await following.changed(), {}):
                await ctx.session.send_notification(notification)
    except VdwError as error:  # the key was revoked, or the store is gone: every call says so as well
        log_refusal("a subscription", error)


async def _following(pipeline: Pipeline, ctx: Context, names: Collection[str]) -> Following:
    env, _ = await pipeline.admit(ctx.request)

    async def admit() -> Principal:
        _, principal = await pipeline.admit(ctx.request)
        return principal

    following = Following(env, admit, names)
    await following.begin()
    return following


def _followed(uris: Collection[str]) -> dict[str, str]:
    """Those of the URIs that are of a project, each with its name. The others never change."""
    if len(uris) > MAX_FOLLOWED:
        raise invalid("resourceSubscriptions", f"{MAX_FOLLOWED} resources at most")
    found = {uri: _OF_A_PROJECT.fullmatch(uri) for uri in uris if len(uri) <= MAX_URI_CHARACTERS}
    return {uri: match["project"] for uri, match in found.items() if match}


def _notifications(
    uris: Mapping[str, str], changed: Collection[str], meta: dict[str, Any]
) -> list[types.ServerNotification]:
    """One for each resource of a project that has changed."""
    found: list[types.ServerNotification] = [
        types.ResourceUpdatedNotification(params=types.ResourceUpdatedNotificationParams(uri=uri, _meta=meta))
        for uri, name in uris.items()
        if name in changed
    ]
    if ALL in changed:
        found.append(types.ResourceListChangedNotification(params=types.NotificationParams(_meta=meta)))
    return found
