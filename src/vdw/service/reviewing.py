"""Asking for a decision: opening a review, issuing its brief, waiting for its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from vdw.domain.canonical import JsonObject
from vdw.domain.fields import text
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import GateVerdict, ReviewEnd
from vdw.errors import ErrorCode, LawRefusal, VdwError, not_found
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import EventType
from vdw.lifecycle.phases import current_phase, decide, require_allowed
from vdw.lifecycle.state import ProjectState, Review
from vdw.lifecycle.table import is_to_be_signed_again
from vdw.service.answers import RequestedReview
from vdw.service.closing import close_review
from vdw.service.committing import commit_events, commit_verdict, retried, store_json
from vdw.service.environment import Environment
from vdw.service.history import newest_first
from vdw.service.issued import brief_of, issued_brief
from vdw.service.judging import Judged, judge
from vdw.service.loading import Loaded
from vdw.service.next_steps import review_command
from vdw.service.refounded import acting_scene, is_of_lost_root
from vdw.service.scene import Scene
from vdw.service.timeline import feedback_of, shown_feedback
from vdw.store.interface import Reader
from vdw.trust.votes import count_votes

PROGRESS_SECONDS = 5.0
"""How often a waiting call tells that it is alive, in seconds."""

_ENDS = {GateVerdict.APPROVE: ReviewEnd.APPROVED, GateVerdict.REJECT: ReviewEnd.REJECTED}

Progress = Callable[[int, int, str], Awaitable[None]]


async def request_review(
    env: Environment, principal: Principal, project: str, *, wait_seconds: int, progress: Progress
) -> RequestedReview:
    """Opens a review of the current revision or joins the open one; with `wait_seconds`, answers when it has ended.

    Raises `LawRefusal` (4, blocked) while a blocking finding stands, naming how many.
    """
    principal.require(Permission.ARTIFACT_SUBMIT)
    loaded = await retried(lambda: _opened(env, principal, project))
    review = _open_review(loaded.state)
    outcome = await _wait(env, loaded, review, wait_seconds, progress) if wait_seconds else "waiting"
    return _answer(env, principal, loaded, review, outcome)


async def review_again(env: Environment, principal: Principal, project: str) -> None:
    """Opens the review of a kept revision that waits to be signed again; an open review is joined. No agent need ask:
    one had, under the root that was lost, and nothing was changed since.

    Raises `VdwError` (not_found) where nothing waits, `LawRefusal` (4, blocked) where a finding stands.
    """
    principal.require(Permission.PROJECT_CHANGE)
    await retried(lambda: _opened_again(env, principal, project))


async def _opened_again(env: Environment, principal: Principal, project: str) -> Loaded:
    scene = await acting_scene(env, principal, project, Permission.PROJECT_READ)
    if scene.state.review is None and not is_to_be_signed_again(scene.state):
        raise not_found("revision that waits to be signed again in this project")
    return await _open(env, principal, scene)


async def _opened(env: Environment, principal: Principal, project: str) -> Loaded:
    return await _open(env, principal, await acting_scene(env, principal, project, Permission.ARTIFACT_SUBMIT))


async def _open(env: Environment, principal: Principal, scene: Scene) -> Loaded:
    state = scene.state
    require_allowed(state, c.CommandKind.REQUEST_REVIEW)
    if state.review is not None and state.review.policy == scene.trust.policy_entry:
        return scene.loaded
    phase = current_phase(state)
    judged = await judge(env, state, scene.graph, scene.trust, phase)
    review_id = env.new_id("rev")
    brief = _new_brief(env, scene, judged, review_id)
    digest, body = store_json(brief)
    command = c.RequestReview(
        review=review_id,
        digest=state.work(phase).digest,
        brief=digest,
        facts=judged.verdict.facts,
        blocking=len(judged.verdict.blocking),
        policy=scene.trust.policy,
        policy_entry=scene.trust.policy_entry,
        log_head=scene.trust.head,
    )
    try:
        events = decide(state, command)
    except LawRefusal as refusal:
        if refusal.code is ErrorCode.BLOCKED:
            await commit_verdict(env, scene.loaded, judged)
        raise
    return await commit_events(
        env,
        scene.loaded,
        events,
        actor=principal.id,
        write=lambda uow: uow.put_object(state.project, digest, body),
        judged=(judged,),
    )


async def current_brief(env: Environment, principal: Principal, project: str) -> tuple[Scene, JsonObject]:
    """The open review's brief, issued anew first if it no longer says what is. What a signer is shown.

    Raises `VdwError`: not_found when no review is open; look_again, and the review is closed, when the policy has
    changed since it opened.
    """
    return await retried(lambda: _current_brief(env, principal, project))


async def _current_brief(env: Environment, principal: Principal, project: str) -> tuple[Scene, JsonObject]:
    scene = await acting_scene(env, principal, project, Permission.PROJECT_READ)
    review = _open_review(scene.state)
    if review.policy != scene.trust.policy_entry:
        await close_review(env, scene.loaded, ReviewEnd.POLICY_CHANGED, principal.id)
        raise LawRefusal(
            3,
            "The tenant's policy changed after this review opened, so it was closed.",
            "Ask your agent to request the review again.",
            code=ErrorCode.LOOK_AGAIN,
        )
    judged = await judge(env, scene.state, scene.graph, scene.trust, review.phase)
    issued = env.store.read(lambda reader: issued_brief(reader, scene, judged, review))
    if issued is not None:
        return scene, issued
    brief = _new_brief(env, scene, judged, review.id)
    digest, body = store_json(brief)
    events = decide(scene.state, c.ReissueBrief(review.id, digest, judged.verdict.facts))
    loaded = await commit_events(
        env,
        scene.loaded,
        events,
        actor=principal.id,
        write=lambda uow: uow.put_object(scene.state.project, digest, body),
        judged=(judged,),
    )
    return Scene(loaded, scene.graph, scene.trust), brief


def _new_brief(env: Environment, scene: Scene, judged: Judged, review: str) -> JsonObject:
    return env.store.read(lambda reader: brief_of(reader, scene, judged, review, env.salt(), scene.trust.head))


def _open_review(state: ProjectState) -> Review:
    if state.review is None:
        raise VdwError(
            ErrorCode.NOT_FOUND,
            "No review is open in this project.",
            "See where it stands with `vdw project show`; your agent opens a review when you ask it to.",
        )
    return state.review


async def _wait(env: Environment, loaded: Loaded, review: Review, seconds: int, progress: Progress) -> str:
    """How the review ended, or `waiting` when the time has run out."""
    # The loop's time: the system's clock may be set back, and the wait would never end.
    time = asyncio.get_running_loop().time
    began = time()
    while True:
        seq, outcome = env.store.read(lambda reader: (reader.last_seq(), _outcome(env, reader, loaded, review)))
        passed = time() - began
        if outcome != "waiting" or passed >= seconds:
            return outcome
        await progress(int(passed), seconds, f"waiting for a human: {review_command(env, loaded.row)}")
        await env.watch.wait(seq, min(PROGRESS_SECONDS, seconds - passed), (loaded.row.id,))


def _outcome(env: Environment, reader: Reader, loaded: Loaded, review: Review) -> str:
    """The verdict is what the signatures say, and it is over once their root is; only another end without one is the
    store's word."""
    trust = env.trust.state(reader, loaded.row.tenant)
    tally = count_votes(trust, loaded.row.id, review.id)
    if tally.verdict is not None:
        return _ENDS[tally.verdict].value
    if is_of_lost_root(review, trust):
        return ReviewEnd.REFOUNDED.value
    for event in newest_first(reader, loaded.row.tenant, loaded.row.id, EventType.REVIEW_ENDED):
        if event.version <= loaded.row.version:
            break
        end = ReviewEnd(text(event.data["end"]))
        if event.data["review"] == review.id and end not in _ENDS.values():
            return end.value
    return "waiting"


def _answer(env: Environment, principal: Principal, loaded: Loaded, review: Review, outcome: str) -> RequestedReview:
    command = review_command(env, loaded.row)
    feedback: list[JsonObject] = []
    if outcome == "rejected":
        feedback = env.store.read(
            lambda reader: shown_feedback(
                feedback_of(reader, env.trust.state(reader, principal.tenant), loaded.row.id, review.phase)
            )
        )
    words = {
        "waiting": f"Tell the human to run: {command} - then call request_review with wait_seconds.",
        "approved": "Approved. Call get_brief for what comes next.",
        "rejected": "Rejected. Mend what the feedback says, submit_artifact, and request_review again.",
    }
    return RequestedReview(
        project=loaded.row.id,
        phase=review.phase.value,
        review=review.id,
        digest=review.digest,
        brief=review.brief,
        command=command,
        outcome=outcome,
        feedback=feedback,
        next=words.get(outcome, "The review ended without a verdict. Call get_project."),
    )
