"""Signed statements take effect here: decisions, waivers, policies, enrolments. The signature authorises, not the caller."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes
from vdw.domain.clock import timestamp
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import GateVerdict, ReviewEnd, Stage
from vdw.errors import ErrorCode, LawRefusal, VdwError, invalid, not_found
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import Event
from vdw.lifecycle.phases import decide, fold
from vdw.service.answers import AcceptedStatement
from vdw.service.committing import commit_events, retried, with_data
from vdw.service.environment import Environment
from vdw.service.judging import Judged, judge, verified
from vdw.service.loading import Loaded
from vdw.service.scene import Scene, read_scene
from vdw.service.standing import settle
from vdw.store.interface import EntryRow, Reader, UnitOfWork
from vdw.trust.acceptance import append, require_acceptable
from vdw.trust.envelope import Envelope, parse_envelope
from vdw.trust.state import TrustState
from vdw.trust.statements import DecisionStatement, WaiverStatement

COMMENTS_SCHEMA = "vdw.comments/1"
MAX_ATTACHMENT_BYTES = 256 * 1024
"""Comments of one decision, in bytes."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """An envelope on its way into the log, with the texts it names by digest."""

    envelope: Envelope
    attachments: dict[Digest, bytes]


async def submit_statement(
    env: Environment, principal: Principal, envelope: JsonObject, attachments: tuple[JsonObject, ...] = ()
) -> AcceptedStatement:
    """Appends the envelope to the tenant's trust log and carries out what it says, both or neither.

    Raises `VdwError`: signature, trust (who signed may not, or the log does not verify), look_again (what was shown is
    no longer what is), law (2 to 5), invalid_input. An envelope that the log holds already is answered as it was.
    """
    principal.require(Permission.ENVELOPE_RELAY)
    relayed = Relayed(parse_envelope(canonical_bytes(envelope)), _attached(attachments))
    return await retried(lambda: _accept(env, principal, relayed))


async def _accept(env: Environment, principal: Principal, relayed: Relayed) -> AcceptedStatement:
    trust, known = env.store.read(lambda reader: _trust_and_entry(env, reader, principal, relayed))
    if known is not None:
        return AcceptedStatement(
            kind="repeated", entry=known.hash, position=known.position, project="", phase="", outcome="accepted before"
        )
    # 1. The envelope verifies against the log and the policy in force.
    statement = require_acceptable(trust, relayed.envelope, env.clock())
    # 2. What it decides on is what is there now (by kind).
    if isinstance(statement, DecisionStatement):
        return await _decision(env, principal, relayed, statement)
    if isinstance(statement, WaiverStatement):
        return await _waiver(env, principal, relayed, statement)
    return await _administrative(env, principal, relayed, trust)


async def _decision(
    env: Environment, principal: Principal, relayed: Relayed, statement: DecisionStatement
) -> AcceptedStatement:
    scene = _scene_of(env, principal, statement.project)
    state = scene.state
    review = state.review
    if review is None or review.id != statement.review:
        raise LawRefusal(3, "That review has ended; its votes count no more.", "Look at the gate again.", code=ErrorCode.LOOK_AGAIN)
    _require_context(scene, statement)
    # 3. The verdict is taken again, on the facts of now.
    judged = await judge(env, state, scene.graph, scene.trust, review.phase)
    approver = scene.trust.approvers[statement.approver]
    command = c.CastVote(
        review=statement.review,
        digest=statement.digest,
        brief=statement.brief,
        verdict=statement.verdict,
        approver=statement.approver,
        owner=approver.owner,
        envelope=relayed.envelope.digest(),
        facts=judged.verdict.facts,
        blocking=len(judged.verdict.blocking),
        policy=scene.trust.policy,
        policy_entry=scene.trust.policy_entry,
        approvers_in_force=scene.trust.in_force,
        verified=verified(judged),
    )
    events = _with_comments(decide(state, command), statement.comments, relayed)
    # 4. Envelope, vote, and what follows from it commit together, on the state that was judged.
    after = await _commit(env, principal, scene, events, relayed, judged)
    return _decided(scene, after, statement)


async def _commit(
    env: Environment, principal: Principal, scene: Scene, events: tuple[Event, ...], relayed: Relayed, judged: Judged
) -> tuple[Loaded, EntryRow]:
    entry, trust = append(scene.trust, relayed.envelope, timestamp(env.clock()))
    settled = await settle(env, fold(scene.state, events), scene.graph, trust)
    project = scene.state.project

    def write(uow: UnitOfWork) -> None:
        uow.append_entry(entry)
        for digest, body in relayed.attachments.items():
            uow.put_object(project, digest, body)
        for verdict in (judged, *settled.judged):
            verdict.keep(uow, project)
        for passed in events:
            if passed.type == "approved":
                uow.bind_ids(project, _bound(scene))

    loaded = await commit_events(env, scene.loaded, (*events, *settled.events), actor=_actor(relayed), write=write)
    env.trust.advance(trust)
    return loaded, entry


def _bound(scene: Scene) -> list[str]:
    revision = scene.graph.revisions[scene.state.review.phase] if scene.state.review else None
    return [ref.id for ref in revision.manifest.elements] if revision else []
