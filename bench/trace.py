"""How long a trace takes as a project grows, read from the store each time; in milliseconds.

Each requirement has a component of its own, and one component answers for all of them. `narrow` is the trace of the
last requirement, `wide` that of the component, `impact` what the first requirement's change would touch; of long
answers it is the first page. Medians; the machine's other work shows in them.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time

from vdw.app import App
from vdw.auth.api_keys import ApiKeys
from vdw.cli.demo.founding import Founded, found_demo
from vdw.domain.principal import Principal
from vdw.domain.stages import GateVerdict, Lane, Phase
from vdw.service.creating import create_project
from vdw.service.environment import Environment
from vdw.service.reviewing import current_brief, request_review
from vdw.service.signing import sign_decision
from vdw.service.submitting import Submission, submit_artifact
from vdw.service.tracing import trace

SIZES = (10, 100, 1_000)
"""Requirements."""
ROUNDS = 15


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or list(SIZES)
    print(f"{'requirements':>12}{'narrow':>10}{'wide':>10}{'impact':>10}")
    for size in sizes:
        print(f"{size:>12}" + "".join(f"{taken:>10.1f}" for taken in asyncio.run(_measured(size))))


async def _measured(size: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        app = App({"data_dir": f"{folder}/store", "config_dir": f"{folder}/config", "trust_file": f"{folder}/pin"})
        founded = await found_demo(app)
        env = app.environment()
        agent = await ApiKeys(env.store, env.clock).verify_token(founded.agent_key.reveal())
        project = await _project(app, founded, agent, size)
        asked = (("trace", f"REQ-{size:05}"), ("trace", "CMP-00000"), ("impact", "REQ-00001"))
        taken = [await _median(env, agent, project, kind, of) for kind, of in asked]
        await app.close()
        return taken


async def _project(app: App, founded: Founded, agent: Principal, size: int) -> str:
    """Its mood is approved, and its architecture submitted."""
    env, operator = app.environment(), app.operator()
    project = (await create_project(env, agent, vibe="It must keep water warm.", lane=Lane.FULL)).project
    await submit_artifact(env, agent, project, Submission(Phase.MOOD, artifact=_mood(size)))
    await request_review(env, agent, project, wait_seconds=0, progress=_unheard)
    scene, brief = await current_brief(env, operator, project)
    await sign_decision(env, operator, founded.signer, scene, brief, GateVerdict.APPROVE, ())
    await submit_artifact(env, agent, project, Submission(Phase.ARCHITECTURE, artifact=_architecture(size)))
    return project


def _mood(size: int) -> dict[str, object]:
    return {
        "schema": "vdw.mood/1",
        "requirements": [
            {
                "id": f"REQ-{number:05}",
                "statement": f"The kettle must keep {number} cups of water warm.",
                "pattern": "ubiquitous",
                "acceptance": ["Anybody can see it."],
            }
            for number in range(1, size + 1)
        ],
    }


def _architecture(size: int) -> dict[str, object]:
    names = [f"REQ-{number:05}" for number in range(1, size + 1)]
    satisfied = [("CMP-00000", names), *((f"CMP{name[3:]}", [name]) for name in names)]
    return {
        "schema": "vdw.architecture/1",
        "components": [
            {"id": component, "name": component, "responsibility": "Keeps it warm.", "satisfies": requirements}
            for component, requirements in satisfied
        ],
    }


async def _median(env: Environment, agent: Principal, project: str, kind: str, of: str) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await trace(env, agent, project, kind, of)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


async def _unheard(_done: int, _of: int, _message: str) -> None:
    """Nobody waits for progress."""


if __name__ == "__main__":
    main()
