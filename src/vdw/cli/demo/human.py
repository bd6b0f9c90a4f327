"""The human of the demo: decides on what the brief shows, with a signature. The agent's connection has no part in
it."""

from __future__ import annotations

from dataclasses import dataclass

import typer

from vdw.cli.demo.agent import Agent
from vdw.cli.demo.narration import Narrator
from vdw.cli.gate_view import brief_text
from vdw.cli.screen import prose_columns
from vdw.domain.canonical import digest_of
from vdw.domain.principal import Principal
from vdw.domain.stages import GateVerdict
from vdw.service.environment import Environment
from vdw.service.reviewing import current_brief
from vdw.service.signing import sign_decision
from vdw.trust.signer import DecisionSigner


@dataclass(frozen=True, slots=True)
class Human:
    """Signs with the demo's in-memory key, in another process than the server. `interactive`: the visitor decides."""

    env: Environment
    operator: Principal
    signer: DecisionSigner
    interactive: bool

    async def decide_gate(self, agent: Agent, show: Narrator) -> None:
        """Has the agent ask, reads the brief, and signs until the gate is open."""
        while True:
            asked = await agent.request_review()
            scene, brief = await current_brief(self.env, self.operator, agent.project)
            verdict = self._verdict(brief_text(brief, digest_of(brief), prose_columns()), show)
            accepted = await sign_decision(self.env, self.operator, self.signer, scene, brief, verdict, ())
            show.line(
                "human",
                f"{verdict.value}s {asked['phase']} {asked['digest'][:12]} with a signature "
                f"(log entry {accepted.position}, assurance demo): {accepted.outcome}",
            )
            if verdict is GateVerdict.APPROVE:
                return
            show.line("agent", "submits it again as it is; you rejected it without a comment to act on")

    def _verdict(self, text: str, show: Narrator) -> GateVerdict:
        if not self.interactive:
            return GateVerdict.APPROVE
        typer.echo(text)
        return GateVerdict.APPROVE if typer.confirm("Approve this gate?", default=True) else GateVerdict.REJECT
