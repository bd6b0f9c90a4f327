"""Reviews that a policy change ended: judged by what no longer holds, they are closed wherever they are met.

A vote in one is refused by the log itself, which compares the policy entry; closing only says so. So it need not share
the policy's transaction: what a process that died left open is closed when the envelope is handed in again, at the next
change of policy, or as somebody looks at the gate.
"""

from __future__ import annotations

import asyncio
from functools import partial

from vdw.domain.canonical import Digest
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import ReviewEnd, Stage
from vdw.lifecycle import commands as c
from vdw.lifecycle.phases import decide
from vdw.service.committing import commit_events, retried
from vdw.service.environment import Environment
from vdw.service.judging import Judged
from vdw.service.loading import Loaded, load_project
from vdw.store.interface import Page, Reader

BATCH = 64
"""Projects closed at once: what the store commits as one group, so that no other writer waits for more than that."""


async def close_outdated_reviews(env: Environment, principal: Principal) -> None:
    """No review is open that was open under another policy than the one in force when this began."""
    page = _open_reviews(env, principal)
    while page.rows:
        await asyncio.gather(*(retried(partial(_close_outdated, env, principal, row.id)) for row in page.rows))
        page = _open_reviews(env, principal, page.cursor) if page.cursor else Page((), "")


async def close_review(env: Environment, loaded: Loaded, end: ReviewEnd, actor: str, *judged: Judged) -> None:
    """Ends the open review, and keeps the verdict that ended it if one did. Raises `VdwError` (conflict) where the
    project has moved on since it was loaded."""
    await commit_events(env, loaded, decide(loaded.state, c.CloseReview(end)), actor=actor, judged=judged)


async def _close_outdated(env: Environment, principal: Principal, project: str) -> None:
    def read(reader: Reader) -> tuple[Loaded, Digest]:
        policy = env.trust.state(reader, principal.tenant).policy_entry
        return load_project(reader, principal, project, Permission.ENVELOPE_RELAY), policy

    loaded, policy = env.store.read(read)
    if loaded.state.review is not None and loaded.state.review.policy != policy:
        await close_review(env, loaded, ReviewEnd.POLICY_CHANGED, principal.id)


def _open_reviews(env: Environment, principal: Principal, cursor: str = "") -> Page:
    return env.store.read(
        lambda reader: reader.projects(principal.tenant, stage=Stage.REVIEW.value, limit=BATCH, cursor=cursor)
    )
