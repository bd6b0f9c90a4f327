"""One gate, one decision: four processes sign as often as they can, and exactly one signature opens it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from vdw.app import App
from vdw.auth.api_keys import principal_of
from vdw.domain.stages import Lane, Phase
from vdw.domain.tenant import TenantKind
from vdw.service.briefing import get_brief
from vdw.service.creating import create_project
from vdw.service.founding import DEMO, found_tenant, new_tenant
from vdw.service.keys import create_key
from vdw.service.reviewing import request_review
from vdw.service.submitting import Submission, submit_artifact
from vdw.service.timeline import timeline
from vdw.trust.signer import DemoSigner
from vdw.trust.verify_signature import KEY_BYTES

RIVAL = Path(__file__).with_name("rival.py")
PROCESSES = 4


async def test_four_processes_that_decide_at_once_open_the_gate_once(tmp_path: Path) -> None:
    await _contest(tmp_path, tries=8)


@pytest.mark.slow
async def test_four_processes_with_250_tries_each_open_the_gate_once(tmp_path: Path) -> None:
    await _contest(tmp_path, tries=250)


async def _contest(folder: Path, tries: int) -> None:
    app = App(
        {
            "data_dir": str(folder / "store"),
            "config_dir": str(folder / "config"),
            "trust_file": str(folder / "trust.json"),
        }
    )
    env = app.founding_environment()
    ids, private = new_tenant(env), os.urandom(KEY_BYTES)
    signer = DemoSigner(ids.approver, private)
    await found_tenant(
        env,
        ids,
        kind=TenantKind.DEMO,
        person_name="demo",
        signer=signer,
        public_key=signer.public_key,
        policy=DEMO,
    )
    key = await create_key(env, app.operator(), name="agent")
    agent = env.store.read(lambda reader: principal_of(reader, key.token.reveal(), env.clock()))
    created = await create_project(env, agent, vibe="It must keep a list.", lane=Lane.FULL)
    skeleton = get_brief(env, agent, created.project, skeleton=True).skeleton
    await submit_artifact(env, agent, created.project, Submission(Phase.MOOD, artifact=skeleton))
    await request_review(env, agent, created.project, wait_seconds=0, progress=_no_progress)

    arguments = (str(folder), created.project, ids.approver, private.hex(), str(tries))
    rivals = [await _start(*arguments) for _ in range(PROCESSES)]
    for rival in rivals:
        assert rival.stdout is not None
        assert await rival.stdout.readline() == b"ready\n"
    results = await asyncio.gather(*(_finish(rival) for rival in rivals))

    outcomes = sum((Counter(result) for result in results), Counter[str]())
    assert outcomes.total() == PROCESSES * tries
    assert outcomes.pop("approved") == 1
    assert set(outcomes) <= {"look_again", "conflict"}
    events = timeline(env, agent, created.project)["events"]
    assert isinstance(events, list)
    kinds = [event["type"] for event in events if isinstance(event, dict)]
    assert (kinds.count("voted"), kinds.count("approved")) == (1, 1)
    await app.close()


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, str(RIVAL), *arguments, stdin=pipe, stdout=pipe, stderr=pipe
    )


async def _finish(rival: asyncio.subprocess.Process) -> dict[str, int]:
    out, err = await rival.communicate(b"go\n")
    assert rival.returncode == 0, err.decode()
    outcomes: dict[str, int] = json.loads(out)
    return outcomes


async def _no_progress(done: int, of: int, message: str) -> None:
    """Nobody waits."""
