"""The human of a test: decides gates from the test's own process, with the demo's signer."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.interaction.servers import Demo, Json
from vdw.app import App
from vdw.domain.stages import GateVerdict
from vdw.errors import ErrorCode, VdwError
from vdw.service.answers import AcceptedStatement
from vdw.service.reviewing import current_brief
from vdw.service.signing import Comment, sign_decision

PATIENCE_S = 20.0
"""How long a review is waited for. Longer than any passing test takes."""


@dataclass(frozen=True, slots=True)
class Human:
    app: App
    demo: Demo

    async def decide(
        self, project: str, verdict: GateVerdict = GateVerdict.APPROVE, *comments: Comment
    ) -> AcceptedStatement:
        """Decides on the open review. Raises `VdwError` when there is none, or another was quicker."""
        env, operator = self.app.environment(), self.app.operator()
        scene, brief = await current_brief(env, operator, project)
        return await sign_decision(env, operator, self.demo.founded.signer, scene, brief, verdict, comments)

    def last_envelope(self) -> Json:
        """The newest decision as it was handed in, so that it can be handed in again."""
        env, operator = self.app.environment(), self.app.operator()
        newest = env.store.read(lambda reader: reader.log_head(operator.tenant))
        assert newest is not None
        return dict(json.loads(newest.envelope))

    async def decide_once_asked(
        self, project: str, verdict: GateVerdict = GateVerdict.APPROVE, *comments: Comment
    ) -> AcceptedStatement:
        """Waits for the review, then decides."""
        env = self.app.environment()
        while True:
            seen = env.store.read(lambda reader: reader.last_seq())
            try:
                return await self.decide(project, verdict, *comments)
            except VdwError as error:
                if error.code is not ErrorCode.NOT_FOUND or await env.watch.wait(seen, PATIENCE_S) == seen:
                    raise
