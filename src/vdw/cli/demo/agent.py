"""The demo's agent: an MCP client that knows nothing but what the tools tell it."""

from __future__ import annotations

import json
from typing import Any

from mcp import Client

from vdw.cli.demo.narration import Narrator
from vdw.domain.counting import counted

Json = dict[str, Any]


class RefusedError(Exception):
    """The server refused a call; `error` is what it said."""

    def __init__(self, error: Json) -> None:
        super().__init__(str(error.get("message", "")))
        self.error = error


class Agent:
    """Calls tools and tells what came back."""

    def __init__(self, client: Client, show: Narrator) -> None:
        self._client = client
        self._show = show
        self.project = ""

    async def call(self, tool: str, **arguments: object) -> Json:
        """The structured answer. Raises `RefusedError` with the server's own words."""
        given = {"project": self.project, **arguments} if self.project else arguments
        result = await self._client.call_tool(tool, given)
        if result.is_error:
            text = "".join(getattr(block, "text", "") for block in result.content)
            raise RefusedError(json.loads(text)["error"])
        return dict(result.structured_content)

    async def read(self, part: str) -> Json:
        """A resource of the project, such as `artifacts/mood`."""
        result = await self._client.read_resource(f"vdw://projects/{self.project}/{part}")
        return dict(json.loads("".join(getattr(content, "text", "") for content in result.contents)))

    async def create(self, vibe: str, lane: str) -> Json:
        created = await self.call("create_project", vibe=vibe, lane=lane)
        self.project = str(created["project"])
        draft = created["draft"]
        found = ", ".join(
            counted(len(draft[section]), word)
            for section, word in (
                ("requirements", "requirement"),
                ("anti_goals", "anti-goal"),
                ("questions", "question"),
            )
        )
        more = f", and {counted(created['more_statements'], 'statement')} more" if created["more_statements"] else ""
        self._show.line("agent", f"create_project: read in the vibe: {found}{more}")
        for item in (*draft["requirements"], *draft["anti_goals"], *draft["questions"]):
            self._show.line("server", f"{item['id']}  {item.get('statement') or item['question']}")
        for words in created["unplaced"]:
            self._show.line("server", f"could not place: {' '.join(words.split())}")
        return created

    async def submit(self, phase: str, artifact: Json) -> Json:
        """Submits and tells the findings. The caller looks at `allowed`."""
        answer = await self.call("submit_artifact", phase=phase, artifact=artifact)
        self._show.line(
            "agent", f"submit_artifact {phase}: revision {answer['revision']}, digest {answer['digest'][:12]}"
        )
        for finding in answer["findings"]:
            if finding["severity"] == "blocking":
                self._show.line("server", f"blocks: {finding['reason']}")
        return answer

    async def skeleton(self) -> Json:
        """The template draft of the current phase, from the brief."""
        brief = await self.call("get_brief", skeleton=True)
        return dict(brief["skeleton"] or await self.read("skeleton"))

    async def request_review(self) -> Json:
        asked = await self.call("request_review")
        self._show.line("agent", f"request_review: a human is asked to run `{asked['command']}`")
        return asked
