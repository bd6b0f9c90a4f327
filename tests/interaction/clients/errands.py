"""What every client does against the server, whoever made it, and what has to come back.

An errand is one project of one client. Its witness is another client of the same store, with a human beside it: it
makes the change that the first one has to be told of, and looks at what the first one's answers say.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mcp import Client

from tests.interaction.servers import Json, answer_of
from tests.interaction.signers import Human
from vdw.server.prompts import PROMPTS
from vdw.server.tools import TOOLS

Operation = Literal["list", "call", "read", "prompt", "complete", "subscribe", "cancel"]
OPERATIONS: tuple[Operation, ...] = ("list", "call", "read", "prompt", "complete", "subscribe", "cancel")

WAIT_SECONDS = 600
"""How long the review would be waited for, were the wait not cancelled: longer than any test lives."""
WAITING = "waiting for a human"
"""What its progress says as soon as the review is open: time to cancel."""
PATIENCE_SECONDS = 180
"""When a client that does not come back is given up."""

Answers = Mapping[str, Any]
"""By operation: what the client got, or `{"refused": why}`. `revision`: what it speaks with the server."""
Changed = Callable[[], Awaitable[None]]
"""A client that listens calls this, and the change has been made when it answers."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A project that waits for its first artifact, and the vibe of one that is still to be made."""

    project: str
    slug: str
    vibe: str

    @property
    def uri(self) -> str:
        return f"vdw://projects/{self.project}"

    @property
    def slug_begun(self) -> str:
        return self.slug[:-2]

    def as_json(self) -> Json:
        return {
            "project": self.project,
            "slug": self.slug,
            "slug_begun": self.slug_begun,
            "uri": self.uri,
            "vibe": self.vibe,
            "wait_seconds": WAIT_SECONDS,
            "waiting": WAITING,
        }


@dataclass(frozen=True, slots=True)
class Witness:
    client: Client
    human: Human

    async def errand(self) -> Errand:
        """An errand of its own for each client and transport."""
        made = await self._call("create_project", vibe=_vibe())
        return Errand(made["project"], made["slug"], _vibe())

    async def change(self, errand: Errand) -> None:
        """Submits the project's first artifact, so that its review may be requested as well."""
        brief = await self._call("get_brief", project=errand.project, skeleton=True)
        given = {"project": errand.project, "phase": "mood", "artifact": brief["skeleton"]}
        submitted = await self._call("submit_artifact", **given)
        assert submitted["allowed"], submitted["findings"]

    async def asked_for_review(self, errand: Errand) -> None:
        """Returns once the review of the errand's project is open."""
        env = self.human.app.environment()
        while True:
            seen = env.store.read(lambda reader: reader.last_seq())
            if (await self._call("get_project", project=errand.project))["review"]:
                return
            assert await env.watch.wait(seen, PATIENCE_SECONDS) > seen

    async def refused(self, errand: Errand, answers: Answers) -> set[Operation]:
        """The operations that the client was refused, after a look at every answer that it got to the others."""
        refused = {operation for operation in OPERATIONS if refusal_of(answers[operation]) is not None}
        for operation in OPERATIONS:
            if operation not in refused:
                await self._look_at(errand, answers, operation)
        return refused

    async def _look_at(self, errand: Errand, answers: Answers, operation: Operation) -> None:
        answer = answers[operation]
        match operation:
            case "list":
                assert answer["tools"] == [tool.name for tool in TOOLS]
                assert answer["prompts"] == [prompt.name for prompt in PROMPTS]
                assert {errand.uri, "vdw://schemas/mood"} <= set(answer["resources"])
            case "call":
                view = await self._call("get_project", project=answer["project"])
                assert view["slug"] == answer["slug"]
                assert view["slug"].split("-")[-1] in errand.vibe
            case "read":
                assert json.loads(answer)["slug"] == errand.slug
            case "prompt":
                assert errand.slug in answer
            case "complete":
                assert answer == [errand.slug]
            case "subscribe":
                assert answer == errand.uri
            case "cancel":
                await self._cancelled_whole(errand, answer)

    async def _cancelled_whole(self, errand: Errand, view: Json) -> None:
        """After the cancelled wait the same client was answered, and the review that it opened can be decided."""
        seen = await self._call("get_project", project=errand.project)
        assert view["review"]["review"] == seen["review"]["review"]
        assert (view["stage"], seen["stage"]) == ("review", "review")
        await self.human.decide(errand.project)
        assert (await self._call("get_project", project=errand.project))["phase"] == "architecture"

    async def _call(self, tool: str, **arguments: object) -> Json:
        return answer_of(await self.client.call_tool(tool, arguments))


def refusal_of(answer: object) -> str | None:
    """Why the client could not do it."""
    return str(answer["refused"]) if isinstance(answer, dict) and "refused" in answer else None


def _vibe() -> str:
    """The same words again would be the same project."""
    return f"It must ring {secrets.token_hex(4)}."
