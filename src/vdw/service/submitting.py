"""Submitting an artifact: read, revise, reason, store. The phase stays drafting; a human is asked by request_review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vdw.artifacts.changes import apply_changes
from vdw.artifacts.diff import difference
from vdw.artifacts.parts import PartLink, Parts
from vdw.artifacts.pipeline import ValidatedArtifact, next_revision, validate
from vdw.artifacts.revise import Before, Heading, Revised
from vdw.artifacts.revision import Revision
from vdw.artifacts.verified import head_commits
from vdw.beside import beside
from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, text
from vdw.domain.ids import DOCUMENT_ID, NOBODY, ElementKind, element_kind
from vdw.domain.manifest import Element, Span
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import Lane, Phase
from vdw.domain.stored_json import from_text
from vdw.errors import ErrorCode, LawRefusal, VdwError, invalid
from vdw.lifecycle import commands as c
from vdw.lifecycle.phases import decide, fold
from vdw.lifecycle.state import ProjectState
from vdw.service.answers import SubmittedArtifact
from vdw.service.committing import Write, commit_events, require_unmoved, retried, store_json, with_data
from vdw.service.environment import Environment
from vdw.service.graph import keep_revision, read_revision
from vdw.service.judging import judge
from vdw.service.project_views import SHOWN_FINDINGS
from vdw.service.refounded import acting_scene
from vdw.service.replays import Call, call_of, remember, replayed
from vdw.service.room import fitting, in_room
from vdw.service.scene import Scene
from vdw.service.sources import current_source
from vdw.service.submitted import submitted, submitted_before
from vdw.store.interface import Reader, RevisionRow, UnitOfWork

DIFFERENCE_ROOM = 8_000
"""Room for what changed since a stale base (see `room`): some 2,500 tokens."""
CHANGE_ROOM = 2_000
"""Room up to which one change in it is shown whole."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A whole `artifact`, or `changes` on the revision whose digest is `base`. An artifact may name the base that it
    was written over, and is refused like changes where that is not the current one."""

    phase: Phase
    artifact: Mapping[str, Any] | None = None
    base: str = ""
    changes: tuple[Mapping[str, Any], ...] = ()
    withdraw: bool = False

    @property
    def size(self) -> int:
        """Elements, or so."""
        listed = [value for value in (self.artifact or {}).values() if isinstance(value, list)]
        return len(self.changes) + sum(map(len, listed))

    def body(self) -> JsonObject:
        return {
            "phase": self.phase.value,
            "artifact": dict(self.artifact) if self.artifact is not None else None,
            "base": self.base,
            "changes": [dict(change) for change in self.changes],
            "withdraw": self.withdraw,
        }


async def submit_artifact(
    env: Environment, principal: Principal, project: str, submission: Submission, *, key: str = ""
) -> SubmittedArtifact:
    """Stores a revision and answers what the reasoner says of it.

    Raises `VdwError`: invalid_input with every fault's path; stale_base with the difference; in_review without
    `withdraw`; law (1, 2, 8). Nothing is stored then.
    """
    principal.require(Permission.ARTIFACT_SUBMIT)
    if (submission.artifact is None) == (not submission.changes):
        raise invalid("artifact", "either a whole artifact, or changes with the base they are made on")
    return await retried(lambda: _submit(env, principal, project, submission, key))


async def _submit(
    env: Environment, principal: Principal, project: str, submission: Submission, key: str
) -> SubmittedArtifact:
    scene = await acting_scene(env, principal, project, Permission.PROJECT_READ)
    state, phase = scene.state, submission.phase
    call = call_of("submit_artifact", state.project, submission.body(), key)
    earlier = env.store.read(lambda reader: _earlier(reader, env, principal, call, scene, phase))
    if earlier is not None:
        return earlier
    # The laws first, on a digest that stands for any: who may not submit learns nothing about the document.
    decide(state, _command(submission, principal, "0" * 64, template=False))
    size = scene.graph.size + submission.size
    artifact, revised, digest = await beside(size, lambda: _made(env, principal, scene, submission))
    current = scene.graph.revisions.get(phase)
    if current is not None and not state.must_be_renewed(phase) and _same(current, revised):
        return await _unchanged(env, principal, scene, phase, call)
    revision = Revision(digest, revised.manifest, {element.id: element for element in revised.elements})
    graph = scene.graph.with_revision(phase, revision)
    events = decide(state, _command(submission, principal, digest, template=artifact.from_template))
    judged = await judge(env, fold(state, events), graph, scene.trust, phase)
    verdict = judged.verdict.as_json()
    said = store_json(verdict)
    events = (*events[:-1], with_data(events[-1], judged=said[0]))
    write = _write(env, principal, scene, revised, said, call, state.version + len(events))
    loaded = await commit_events(
        env, scene.loaded, events, actor=principal.id, write=write, judged=(judged,), graph=graph
    )
    keep_revision(state.project, revision)
    return submitted(env, loaded, phase, verdict, scene.trust.policy)


def _earlier(
    reader: Reader, env: Environment, principal: Principal, call: Call, scene: Scene, phase: Phase
) -> SubmittedArtifact | None:
    replay = replayed(reader, env, principal, call, scene.state.version)
    return submitted_before(env, reader, scene, phase, replay) if replay is not None else None


async def _unchanged(
    env: Environment, principal: Principal, scene: Scene, phase: Phase, call: Call
) -> SubmittedArtifact:
    """The answer where the current revision says the same already, and what its verdict is now. A key is remembered, so
    that its retry stores nothing either once there is a newer revision."""
    state = scene.state
    stored = env.store.read(lambda reader: reader.verdict(state.project, phase.value))
    if stored is None:
        raise VdwError(ErrorCode.STORAGE, "The revision's verdict is missing.", "Restore the store from a backup.")
    verdict = from_text(stored[1])
    digest, body = store_json(verdict)

    def write(uow: UnitOfWork) -> None:
        require_unmoved(uow, scene.loaded)
        uow.put_object(state.project, digest, body)
        remember(uow, env, principal, call, state.project, state.version, unchanged=digest)

    if call.keyed:
        await env.store.commit(write)
    return submitted(env, scene.loaded, phase, verdict, scene.trust.policy, unchanged=True)


def _command(submission: Submission, principal: Principal, digest: str, *, template: bool) -> c.Submit:
    return c.Submit(
        submission.phase, digest, principal.owner or NOBODY, template=template, withdraw=submission.withdraw
    )


def _made(
    env: Environment, principal: Principal, scene: Scene, submission: Submission
) -> tuple[ValidatedArtifact, Revised, Digest]:
    """The artifact, the revision that it makes, and the revision's digest: the long part of a submission, for any
    thread."""
    artifact, stamped = _validated(env, scene, submission)

    def read(reader: Reader) -> Revised:
        revised = _revised(env, reader, scene, principal, artifact, stamped)
        _require_lane_for(reader, scene, revised)
        return revised

    revised = env.store.read(read)
    return artifact, revised, revised.manifest.digest()


def _validated(
    env: Environment, scene: Scene, submission: Submission
) -> tuple[ValidatedArtifact, frozenset[str] | None]:
    """The validated artifact, and which elements are stamped anew (None: all of them)."""
    phase, lane = submission.phase, scene.state.lane
    current = scene.graph.revisions.get(phase)
    if submission.base or submission.artifact is None:
        current = _require_base(env, scene, submission, current)
    if submission.artifact is not None or current is None:
        return validate(phase, dict(submission.artifact or {}), lane), None
    changed = apply_changes(phase, current.document(), tuple(dict(change) for change in submission.changes))
    return validate(phase, changed.document, lane), changed.stamped


def _require_base(env: Environment, scene: Scene, submission: Submission, current: Revision | None) -> Revision:
    """The revision that the caller had before them, which is the current one."""
    if current is None:
        raise invalid("base", "there is no revision to build on yet; submit a whole artifact without base")
    if submission.base != current.digest:
        raise VdwError(
            ErrorCode.STALE_BASE,
            "What was sent is made on a revision that is not the current one.",
            "Take the difference into account and send it again on the current base.",
            details={"current": current.digest, **_since(env, scene, submission, current)},
        )
    return current


def _since(env: Environment, scene: Scene, submission: Submission, current: Revision) -> JsonObject:
    """What changed since the base that the caller had, where it was a revision of this phase; else everything. `more`
    counts what an answer has no room for."""
    project, phase = scene.state.project, submission.phase

    def read(reader: Reader) -> JsonObject:
        known = any(row.digest == submission.base for row in reader.revisions(project, phase.value))
        base = read_revision(reader, project, Digest(submission.base)) if known else None
        changes = difference(base, current)
        shown = fitting((in_room(change, CHANGE_ROOM) for change in changes), DIFFERENCE_ROOM)
        return {"difference": shown, "more": len(changes) - len(shown)}

    return env.store.read(read)


def _revised(
    env: Environment,
    reader: Reader,
    scene: Scene,
    principal: Principal,
    artifact: ValidatedArtifact,
    stamped: frozenset[str] | None,
) -> Revised:
    state, phase = scene.state, artifact.phase
    mood = scene.graph.revisions.get(Phase.MOOD)
    parts = artifact.parts(_evidence(reader, state, artifact), mood.elements if mood else {})
    _require_unused(reader, scene, parts)
    current = scene.graph.revisions.get(phase)
    approved = _approved(reader, state, phase)
    known: dict[str, tuple[Element, ...]] = {}
    for revision in (current, approved):
        for element in revision.elements.values() if revision else ():
            known[element.id] = (*known.get(element.id, ()), element)
    stamps = (
        {PartLink(link.source, link.kind, link.target): link.stamp for link in current.manifest.links}
        if current
        else {}
    )
    source = current_source(reader, state) if phase is Phase.MOOD else None
    return next_revision(
        parts,
        Heading(
            tenant=state.tenant,
            project=state.project,
            iteration=state.iteration,
            revision=state.next_revision(phase),
            lane=state.lane,
            contributors=state.contributors_with(phase, principal.owner or NOBODY),
        ),
        Before(known, scene.graph.digests(without=phase), stamps, _spans(current, approved)),
        env.salt,
        stamped=stamped,
        source=source,
    )


def _spans(*revisions: Revision | None) -> dict[str, frozenset[Span]]:
    found: dict[str, set[Span]] = defaultdict(set)
    for revision in revisions:
        for ref in revision.manifest.elements if revision else ():
            if ref.source is not None:
                found[ref.id].add(ref.source)
    return {name: frozenset(spans) for name, spans in found.items()}


def _approved(reader: Reader, state: ProjectState, phase: Phase) -> Revision | None:
    approval = state.work(phase).approval
    return read_revision(reader, state.project, Digest(approval.digest)) if approval else None


def _evidence(reader: Reader, state: ProjectState, artifact: ValidatedArtifact) -> dict[str, JsonObject]:
    """The server's records of the evidence that a validation document lists."""
    if artifact.phase is not Phase.VALIDATION:
        return {}
    records = {row.id: row.record for row in reader.evidence(state.project) if row.iteration == state.iteration}
    for index, listed in enumerate(items(artifact.document["evidence"])):
        if listed not in records:
            raise invalid(
                f"evidence[{index}]", f"no evidence {text(listed)} was recorded in this iteration", sorted(records)
            )
    return records


def _require_unused(reader: Reader, scene: Scene, parts: Parts) -> None:
    """Ids that an approval bound elsewhere, or that stand in another phase, are never used for anything else."""
    elsewhere = scene.graph.digests(without=parts.phase)
    current = scene.graph.revisions.get(parts.phase)
    mine = {ref.id for ref in current.manifest.elements} if current else set()
    approved = _approved(reader, scene.state, parts.phase)
    mine |= {ref.id for ref in approved.manifest.elements} if approved else set()
    bound = reader.bound_ids(scene.state.project)
    for element in parts.elements:
        gone = element.id in bound and element.id not in mine and element.id not in elsewhere
        if element.id in elsewhere or gone:
            raise invalid(element.id, "this id was used before in this project; take a new one")


def _require_lane_for(reader: Reader, scene: Scene, revised: Revised) -> None:
    """A light iteration leaves alone the requirements on which approved architecture or contracts rest (law 8), also
    where a later draft of these rests on others."""
    if scene.state.lane is not Lane.LIGHT or revised.manifest.phase is not Phase.MOOD:
        return
    present = {ref.id: ref.digest for ref in revised.manifest.elements}
    approved = [_approved(reader, scene.state, phase) for phase in (Phase.ARCHITECTURE, Phase.SPECIFICATION)]
    designed = [
        link
        for revision in approved
        if revision is not None
        for link in revision.manifest.links
        if element_kind(link.target) is ElementKind.REQUIREMENT
    ]
    touched = sorted({link.target for link in designed if present.get(link.target) != link.stamp})
    if touched:
        raise LawRefusal(
            8,
            f"Architecture or specification rests on {', '.join(touched[:SHOWN_FINDINGS])}; the light lane changes neither.",
            "Leave it as it was, or change_project change_lane to the full lane.",
        )


def _same(current: Revision, revised: Revised) -> bool:
    """Whether the new revision would say what the current one says."""
    now, new = current.manifest, revised.manifest
    return (now.elements, now.links, now.lane, now.language, now.iteration, now.contributors) == (
        new.elements,
        new.links,
        new.lane,
        new.language,
        new.iteration,
        new.contributors,
    )


def _write(
    env: Environment,
    principal: Principal,
    scene: Scene,
    revised: Revised,
    verdict: tuple[Digest, bytes],
    call: Call,
    version: int,
) -> Write:
    project, manifest = scene.state.project, revised.manifest

    def write(uow: UnitOfWork) -> None:
        for element in revised.fresh:
            uow.put_object(project, element.digest(), element.body())
        uow.put_object(project, manifest.digest(), manifest.body())
        uow.put_object(project, *verdict)
        uow.add_revision(
            RevisionRow(
                project,
                manifest.phase.value,
                manifest.revision,
                manifest.iteration,
                manifest.digest(),
                principal.id,
                timestamp(env.clock()),
            )
        )
        if manifest.phase is Phase.IMPLEMENTATION:
            uow.name_repositories(scene.state.tenant, project, _repositories(revised))
        remember(uow, env, principal, call, project, version)

    return write


def _repositories(revised: Revised) -> set[str]:
    whole = next(element for element in revised.elements if element.id == DOCUMENT_ID)
    return {repository for repository, _ in head_commits(whole.content)}
