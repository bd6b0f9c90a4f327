"""Runs errands by FastMCP's client, in an environment of its own that knows nothing of ours.

The first line of standard input holds the errands; `{"changing": n}` on standard output asks that the change of errand
n be made, and the line `{"changed": n}` says that it is. `{"errand": n, "answers": …}` ends each.
"""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from typing import Any

import anyio
from anyio import to_thread
from fastmcp import Client
from fastmcp.client.transports import StdioTransport, StreamableHttpTransport
from mcp import MCPError
from mcp.client.subscriptions import listen
from mcp.shared.exceptions import MCPDeprecationWarning
from mcp.shared.subscriptions import ResourceUpdated
from mcp_types import PromptReference, ResourceUpdatedNotification

Json = dict[str, Any]
OLD = "2025-11-25"
"""The revision in which a session subscribes."""


def tell(message: Json) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Errand:
    def __init__(self, number: int, given: Json) -> None:
        self.number, self.server, self.revision, self.given = (
            number,
            given["server"],
            given["revision"],
            given["errand"],
        )
        self.made = asyncio.Event()
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def changed(self) -> None:
        tell({"changing": self.number})
        await self.made.wait()

    async def run(self) -> None:
        async with Client(
            self.transport(), mode="legacy" if self.revision == OLD else "auto", message_handler=self.hear
        ) as client:
            answers = {
                "revision": client.protocol_version,
                "list": {
                    "tools": [tool.name for tool in await client.list_tools()],
                    "resources": [str(resource.uri) for resource in await client.list_resources()],
                    "prompts": [prompt.name for prompt in await client.list_prompts()],
                },
                "call": (await client.call_tool("create_project", {"vibe": self.given["vibe"]})).structured_content,
                "read": (await client.read_resource(self.given["uri"]))[0].text,
                "prompt": await self.prompt(client),
                "complete": await self.completions(client),
                "subscribe": await self.told(client),
                "cancel": await self.view_after_cancelling(client),
            }
        tell({"errand": self.number, "answers": answers})

    def transport(self) -> StdioTransport | StreamableHttpTransport:
        if "url" in self.server:
            return StreamableHttpTransport(self.server["url"], headers=self.server["headers"])
        return StdioTransport(**self.server, keep_alive=False)

    async def hear(self, message: object) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            self.heard.put_nowait(str(message.params.uri))

    async def prompt(self, client: Client[Any]) -> str:
        got = await client.get_prompt("resume_project", {"project": self.given["slug"]})
        return str(got.messages[0].content.text)

    async def completions(self, client: Client[Any]) -> list[str]:
        begun = {"name": "project", "value": self.given["slug_begun"]}
        return list((await client.complete(PromptReference(name="resume_project"), begun)).values)

    async def told(self, client: Client[Any]) -> str | Json:
        """FastMCP's client has no method of its own for it, and hands out the SDK's session."""
        uri = self.given["uri"]
        if self.revision != OLD:
            async with listen(client.session, resource_subscriptions=[uri]) as stream:
                await self.changed()
                event = await anext(stream)
            return event.uri if isinstance(event, ResourceUpdated) else {"refused": f"told of {event}"}
        try:
            await client.session.subscribe_resource(uri)
        except MCPError as error:
            await self.changed()
            return {"refused": str(error)}
        await self.changed()
        uri_heard = await self.heard.get()
        await client.session.unsubscribe_resource(uri)
        return uri_heard

    async def view_after_cancelling(self, client: Client[Any]) -> Json:
        project, wait_seconds = self.given["project"], self.given["wait_seconds"]
        with anyio.CancelScope() as scope:

            async def cancel(_: float, __: float | None, message: str | None) -> None:
                if self.given["waiting"] in (message or ""):
                    scope.cancel()

            given = {"project": project, "wait_seconds": wait_seconds}
            await client.call_tool("request_review", given, progress_handler=cancel)
        if not scope.cancelled_caught:
            raise RuntimeError("the wait has ended, and nobody cancelled it")
        return dict((await client.call_tool("get_project", {"project": project})).structured_content)


async def hear_of_changes(errands: list[Errand]) -> None:
    for _ in errands:
        errands[json.loads(await to_thread.run_sync(sys.stdin.readline))["changed"]].made.set()


async def main() -> None:
    errands = [Errand(number, given) for number, given in enumerate(json.loads(sys.stdin.readline()))]
    await asyncio.gather(hear_of_changes(errands), *(errand.run() for errand in errands))


if __name__ == "__main__":
    warnings.simplefilter("ignore", MCPDeprecationWarning)
    asyncio.run(main())
