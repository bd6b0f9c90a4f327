"""A reader's snapshot may be older than the pin that another process has moved meanwhile; that is no forgery."""

from __future__ import annotations

import threading

import anyio

from tests.interaction.servers import Demo
from tests.interaction.signers import Human
from vdw.auth.api_keys import principal_of
from vdw.domain.stages import Lane, Phase
from vdw.service.briefing import get_brief
from vdw.service.creating import create_project
from vdw.service.reviewing import request_review
from vdw.service.submitting import Submission, submit_artifact
from vdw.store.interface import Reader


async def test_a_decision_made_during_a_read_is_not_taken_for_a_log_cut_short(fresh: Demo) -> None:
    one, other, newcomer = fresh.app(), fresh.app(), fresh.app()
    env = one.environment()
    agent = env.store.read(lambda reader: principal_of(reader, fresh.founded.agent_key.reveal(), env.clock()))
    project = (await create_project(env, agent, vibe="- The kettle must boil water.", lane=Lane.FULL)).project
    draft = get_brief(env, agent, project, skeleton=True).skeleton
    await submit_artifact(env, agent, project, Submission(Phase.MOOD, artifact=draft))
    await request_review(env, agent, project, wait_seconds=0, progress=ignore)
    human = Human(other, fresh)

    def during(reader: Reader) -> int:
        reader.log_head(agent.tenant)  # the snapshot is taken here
        decided = threading.Thread(target=anyio.run, args=(human.decide, project))
        decided.start()
        decided.join()
        return newcomer.environment().trust.state(reader, agent.tenant).position

    seen = newcomer.environment().store.read(during)
    newest = env.store.read(lambda reader: env.trust.state(reader, agent.tenant).position)
    for app in (one, other, newcomer):
        await app.close()

    assert newest == seen + 1


async def ignore(*_: object) -> None:
    """Nobody listens."""
