"""Signed statements take effect here: decisions, waivers, policies, enrolments. The signature authorises, not the
caller."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vdw.artifacts.verified import is_verified
from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes
from vdw.domain.clock import timestamp
from vdw.domain.counting import counted
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import ReviewEnd
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import ErrorCode, LawRefusal, VdwError, invalid, not_found
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import Event, EventType
from vdw.lifecycle.phases import decide, fold
from vdw.service.answers import AcceptedStatement
from vdw.service.closing import close_outdated_reviews, close_review
from vdw.service.committing import commit_events, commit_verdict, retried, store_json, with_data
from vdw.service.environment import Environment
from vdw.service.issued import issued_brief
from vdw.service.judging import Judged, judge
from vdw.service.loading import Loaded
from vdw.service.next_steps import next_step
from vdw.service.project_views import stored_findings
from vdw.service.refounded import acting_scene
from vdw.service.scene import Scene
from vdw.service.standing import settle
from vdw.service.voting import look_again
from vdw.store.interface import Reader, UnitOfWork
from vdw.trust.acceptance import append, require_acceptable
from vdw.trust.envelope import Envelope, parse_envelope
from vdw.trust.parsing import read_statement
from vdw.trust.state import TrustState
from vdw.trust.statements import DecisionStatement, PolicyStatement, Statement, WaiverStatement
from vdw.trust.votes import count_votes

COMMENTS_SCHEMA = "vdw.comments/1"
REASON_SCHEMA = "vdw.reason/1"
MAX_ATTACHMENT_BYTES = 256 * 1024
"""Comments of one decision, in bytes."""
STATEMENT_TRIES = 12
"""How often a statement starts again. All of a tenant's statements meet at the end of one log, and each that has to
start again gave way to one that was accepted; measured: with 8 signers at once, 3 tries left 2 gates of 600
undecided."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """An envelope on its way into the log, with the texts it names by digest."""

    envelope: Envelope
    attachments: dict[Digest, bytes]

    def with_document(self, digest: Digest, body: bytes) -> Relayed:
        """With one more document, to be stored beside the texts."""
        return replace(self, attachments={**self.attachments, digest: body})

    @property
    def signer(self) -> str:
        return self.envelope.signatures[0].keyid

    def require_attached(self, digest: Digest | None, what: str) -> None:
        """The statement's text came with it, and nothing else did."""
        expected = {digest} if digest else set()
        if set(self.attachments) != expected:
            raise invalid("attachments", f"exactly the {what} that the statement names by digest")


async def submit_statement(
    env: Environment, principal: Principal, envelope: JsonObject, attachments: tuple[JsonObject, ...] = ()
) -> AcceptedStatement:
    """Appends the envelope to the tenant's trust log and carries out what it says, both or neither.

    Raises `VdwError`: signature, trust (who signed may not, or the log does not verify), look_again (what was shown is
    no longer what is), law (2 to 5), invalid_input. An envelope that the log holds already is answered as it was.
    """
    principal.require(Permission.ENVELOPE_RELAY)
    relayed = Relayed(parse_envelope(canonical_bytes(envelope)), _attached(attachments))
    return await retried(lambda: _accept(env, principal, relayed), tries=STATEMENT_TRIES)


async def _accept(env: Environment, principal: Principal, relayed: Relayed) -> AcceptedStatement:
    trust, known = env.store.read(lambda reader: _trust_and_entry(env, reader, principal, relayed))
    if known is not None:
        if isinstance(read_statement(relayed.envelope.payload), PolicyStatement):
            await close_outdated_reviews(env, principal)  # whoever handed it in first may have died before that
        return AcceptedStatement(
            kind="repeated",
            entry=known.hash,
            position=known.position,
            project="",
            phase="",
            outcome="accepted before",
            next="Nothing is left to do.",
        )
    # 1. The envelope verifies against the log and the policy in force.
    statement = require_acceptable(trust, relayed.envelope, env.clock())
    # 2. What it decides on is what is there now, by kind.
    if isinstance(statement, DecisionStatement):
        return await _decision(env, principal, relayed, statement)
    if isinstance(statement, WaiverStatement):
        return await _waiver(env, principal, relayed, statement)
    return await _administrative(env, principal, relayed, trust, statement)


async def _decision(
    env: Environment, principal: Principal, relayed: Relayed, statement: DecisionStatement
) -> AcceptedStatement:
    scene = await _scene_of(env, principal, statement.project)
    state = scene.state
    review = state.review
    ended = count_votes(scene.trust, state.project, statement.review).verdict is not None
    if review is None or review.id != statement.review or ended:
        raise look_again("That review has ended; its votes count no more.")
    _require_context(scene, statement)
    relayed.require_attached(statement.comments, "comments")
    # 3. The verdict is taken again, on the facts of now.
    judged = await judge(env, state, scene.graph, scene.trust, review.phase)
    command = c.CastVote(
        review=statement.review,
        digest=statement.digest,
        brief=statement.brief,
        verdict=statement.verdict,
        approver=statement.approver,
        owner=scene.trust.owner_of(statement.approver),
        envelope=relayed.envelope.digest(),
        facts=judged.verdict.facts,
        blocking=len(judged.verdict.blocking),
        policy=scene.trust.policy,
        policy_entry=scene.trust.policy_entry,
        approvers_in_force=frozenset(scene.trust.in_force),
        verified=is_verified(scene.graph.revisions),
    )
    try:
        events = decide(state, command)
    except LawRefusal as refusal:
        if refusal.code is ErrorCode.BLOCKED:
            await close_review(env, scene.loaded, ReviewEnd.FINDING, principal.id, judged)
        raise
    # 4. The brief that was signed says what documents and evidence say now, whatever the store holds under its digest.
    if env.store.read(lambda reader: issued_brief(reader, scene, judged, review)) is None:
        raise look_again("The brief that was signed does not say what documents and evidence say now.")
    if statement.comments is not None:
        events = (with_data(events[0], comments=statement.comments), *events[1:])
    # 5. Envelope, vote, the verdict that it was given on, and what follows from it commit together, on the state that
    #    was judged.
    said, body = store_json(judged.verdict.as_json())
    events = (with_data(events[0], judged=said), *events[1:])
    entry, trust = append(scene.trust, relayed.envelope, timestamp(env.clock()))
    after = await _commit(env, scene, events, relayed.with_document(said, body), entry, trust, judged)
    return _decided(env, scene, after, entry, statement)


async def _waiver(
    env: Environment, principal: Principal, relayed: Relayed, statement: WaiverStatement
) -> AcceptedStatement:
    scene = await _scene_of(env, principal, statement.project)
    _require_context(scene, statement)
    relayed.require_attached(statement.reason, "reason")
    if scene.state.current is not statement.gate:
        raise look_again("That gate is not the current one now.")
    judged = await judge(env, scene.state, scene.graph, scene.trust, statement.gate)
    subjects = tuple((subject.id, subject.digest) for subject in statement.subjects)
    finding = next(
        (
            found
            for found in judged.verdict.findings
            if found.rule == statement.rule and tuple((item.id, item.digest) for item in found.matched) == subjects
        ),
        None,
    )
    if finding is None:
        await commit_verdict(env, scene.loaded, judged)
        raise look_again("There is no such finding at the current gate now.")
    command = c.Waive(
        waiver=statement.waiver,
        rule=statement.rule,
        subjects=tuple(subject.id for subject in statement.subjects),
        waivable=finding.waivable,
        until=statement.until,
        approver=statement.approver,
        owner=scene.trust.owner_of(statement.approver),
        envelope=relayed.envelope.digest(),
        policy=scene.trust.policy,
    )
    events = decide(scene.state, command)
    events = (with_data(events[0], note=statement.reason), *events[1:])
    entry, trust = append(scene.trust, relayed.envelope, timestamp(env.clock()))
    rejudged = await judge(env, fold(scene.state, events), scene.graph, trust, statement.gate)
    after = await _commit(env, scene, events, relayed, entry, trust, rejudged)
    waived = any(found.key() == finding.key() and found.waived_by for found in rejudged.verdict.findings)
    return AcceptedStatement(
        kind="waiver",
        entry=entry.hash,
        position=entry.position,
        project=scene.state.project,
        phase=statement.gate.value,
        outcome="waived" if waived else "signed; more approvers are needed",
        next=_next(env, after, scene) if waived else "Have another approver sign the same waiver.",
    )


async def _administrative(
    env: Environment, principal: Principal, relayed: Relayed, trust: TrustState, statement: Statement
) -> AcceptedStatement:
    relayed.require_attached(None, "texts")
    entry, after = append(trust, relayed.envelope, timestamp(env.clock()))
    await env.store.commit(lambda uow: uow.append_entry(entry))
    env.trust.advance(after)
    if isinstance(statement, PolicyStatement):
        await close_outdated_reviews(env, principal)
    return AcceptedStatement(
        kind=statement.type.name.lower(),
        entry=entry.hash,
        position=entry.position,
        project="",
        phase="",
        outcome="accepted",
        next="It is in force from this entry on.",
    )


async def _commit(
    env: Environment,
    scene: Scene,
    events: tuple[Event, ...],
    relayed: Relayed,
    entry: TrustEntry,
    trust: TrustState,
    judged: Judged,
) -> Loaded:
    """`trust` is what holds after the entry; `judged` is the verdict of the gate that the statement is about."""
    settled = await settle(env, fold(scene.state, events), scene.graph, trust)
    project = scene.state.project
    approved = any(event.type is EventType.APPROVED for event in events)

    def write(uow: UnitOfWork) -> None:
        uow.append_entry(entry)
        for digest, body in relayed.attachments.items():
            uow.put_object(project, digest, body)
        if approved:
            uow.bind_ids(project, scene.graph.digests())

    after = await commit_events(
        env,
        scene.loaded,
        (*events, *settled.events),
        actor=relayed.signer,
        write=write,
        judged=(judged, *settled.judged),
        graph=scene.graph,
    )
    env.trust.advance(trust)
    return after


def _require_context(scene: Scene, statement: DecisionStatement | WaiverStatement) -> None:
    """The statement speaks of this project as it is: iteration, lane, contributors, and the statement before it."""
    state = scene.state
    work = state.work(statement.gate)
    if (statement.iteration, tuple(sorted(statement.owners))) != (state.iteration, work.contributors):
        raise look_again("The project has moved on since this was signed.")
    if isinstance(statement, DecisionStatement) and statement.lane is not state.lane:
        raise look_again("The project's lane has changed since this was signed.")
    if statement.previous != scene.trust.last_statement(state.project):
        raise look_again("Another decision came first.")


def _decided(
    env: Environment, scene: Scene, after: Loaded, entry: TrustEntry, statement: DecisionStatement
) -> AcceptedStatement:
    review = after.state.review
    if review is not None and review.id == statement.review:
        needed = review.quorum - len({vote.owner for vote in review.votes})
        outcome = f"counted; {counted(needed, 'more approval')} needed"
    else:
        outcome = "approved" if statement.verdict == "approve" else "rejected"
    return AcceptedStatement(
        kind="decision",
        entry=entry.hash,
        position=entry.position,
        project=scene.state.project,
        phase=statement.gate.value,
        outcome=outcome,
        next=_next(env, after, scene),
    )


def _next(env: Environment, after: Loaded, scene: Scene) -> str:
    findings = env.store.read(lambda reader: stored_findings(reader, after.state))
    return next_step(env, after, findings, scene.trust.policy)


def _trust_and_entry(
    env: Environment, reader: Reader, principal: Principal, relayed: Relayed
) -> tuple[TrustState, TrustEntry | None]:
    trust = env.trust.state(reader, principal.tenant)
    return trust, reader.log_entry(principal.tenant, relayed.envelope.digest())


async def _scene_of(env: Environment, principal: Principal, project: str) -> Scene:
    """The project, for a signature: whoever relays it need not be allowed to read it."""
    if env.store.read(lambda reader: reader.project(principal.tenant, project)) is None:
        raise not_found("project")
    return await acting_scene(env, principal, project, Permission.ENVELOPE_RELAY)


def _attached(attachments: tuple[JsonObject, ...]) -> dict[Digest, bytes]:
    bodies = [canonical_bytes(attachment) for attachment in attachments]
    for attachment, body in zip(attachments, bodies, strict=True):
        if attachment.get("schema") not in (COMMENTS_SCHEMA, REASON_SCHEMA):
            raise invalid("attachments", f"each has schema {COMMENTS_SCHEMA} or {REASON_SCHEMA}")
        if len(body) > MAX_ATTACHMENT_BYTES:
            raise VdwError(ErrorCode.TOO_LARGE, f"A comment has at most {MAX_ATTACHMENT_BYTES} bytes.", "Shorten it.")
    return {digest_bytes(body): body for body in bodies}
