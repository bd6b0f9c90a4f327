"""What may be large is read beside the event loop: nobody's small call waits for it."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from mcp import Client

from tests.interaction.servers import Demo, answer_of
from vdw.domain.ids import TenantId
from vdw.server.mcp_server import build_server
from vdw.server.pipeline import Pipeline
from vdw.service.trust_view import TrustView
from vdw.store.interface import Reader
from vdw.transport.stdio import StdioCaller
from vdw.trust.state import TrustState

VIBE = "- The kettle must boil water.\n"
LARGE: dict[str, Callable[[Client, str], Awaitable[object]]] = {
    "a skeleton": lambda client, project: client.read_resource(f"vdw://projects/{project}/skeleton"),
    "a trace matrix": lambda client, project: client.read_resource(f"vdw://projects/{project}/trace"),
    "an export": lambda client, project: client.call_tool("export_project", {"project": project}),
}


class Watched(TrustView):
    """Remembers in which threads it was asked."""

    threads: frozenset[int] = frozenset()

    def state(self, reader: Reader, tenant: TenantId) -> TrustState:
        self.threads |= {threading.get_ident()}
        return super().state(reader, tenant)


@pytest.mark.parametrize("name", LARGE)
async def test_what_may_be_large_is_read_beside_the_event_loop(name: str, fresh: Demo) -> None:
    app = fresh.app()
    env = app.environment()
    watched = Watched(fresh.folder / "trust.json", env.store)
    pipeline = Pipeline(lambda: replace(env, trust=watched), StdioCaller(app._api_keys, fresh.founded.agent_key))
    async with Client(build_server(pipeline, None)) as client:
        project = str(answer_of(await client.call_tool("create_project", {"vibe": VIBE}))["project"])
        watched.threads = frozenset()
        await LARGE[name](client, project)
    await app.close()

    assert watched.threads
    assert threading.get_ident() not in watched.threads
