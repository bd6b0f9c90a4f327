"""Where clients run their errands: a founded store, `vdw serve` on it, and a witness."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.interaction.clients.errands import Witness
from tests.interaction.servers import Demo, Served, http_client
from tests.interaction.signers import Human
from vdw.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class Ground:
    demo: Demo
    served: Served
    witness: Witness

    @property
    def key(self) -> Secret:
        """The agent's, whom all clients speak for."""
        return self.demo.founded.agent_key

    @property
    def authorization(self) -> str:
        return f"Bearer {self.key.reveal()}"


@asynccontextmanager
async def ground(demo: Demo, served: Served) -> AsyncIterator[Ground]:
    app = demo.app()
    async with http_client(served.url, demo.founded.agent_key, "auto") as client:
        yield Ground(demo, served, Witness(client, Human(app, demo)))
    await app.close()
