"""What hangs by digest from signed statements: approved revisions, briefs, comments, verdicts, vibes, and the course.

Nothing here believes the export's own account of who approved: it counts the votes in the verified log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vdw.artifacts.revision import Revision
from vdw.bundle.briefs import require_brief
from vdw.bundle.held import held_revision
from vdw.bundle.layout import PROJECT, object_file, verdict_file
from vdw.bundle.opened import BundleError, OpenedFiles, fault_in
from vdw.domain.canonical import Digest, JsonObject
from vdw.domain.fields import flag, mapping, number, text, texts
from vdw.domain.ids import ElementKind, ProjectId
from vdw.domain.manifest import Manifest, element_from_body
from vdw.domain.stages import LANE_PHASES, IterationStatus, Lane, Phase
from vdw.lifecycle.state import EVERY_ITERATION_ANEW
from vdw.trust.server_key import verify_verdict
from vdw.trust.state import Root, TrustState
from vdw.trust.statements import DecisionStatement
from vdw.trust.votes import is_approval, newest_approval, opening_vote


def approved_revision(
    opened: OpenedFiles, trust: TrustState, project: JsonObject, phase: Phase, root: Root
) -> Revision:
    """The revision that the log approves for this phase under the root. An element that was erased is missing from
    it."""
    with fault_in(PROJECT):
        told = mapping(mapping(project["phases"])[phase.value])
        digest, envelopes = Digest(text(told["digest"])), texts(told["envelopes"])
    # 1. The manifest is the one of this phase, its elements are the ones that it names.
    revision = held_revision(opened, digest)
    manifest = revision.manifest
    if (manifest.tenant, manifest.project, manifest.phase) != (project["tenant"], project["project"], phase):
        raise BundleError(object_file(digest), "is the manifest of something else")
    # 2. Its digest has the approvals that the policy asked, of different owners, in one review that nobody rejected.
    if not is_approval(trust, envelopes, manifest.project, digest, root):
        raise BundleError(PROJECT, f"the decisions that it names do not approve the {phase.value} phase")
    newest = newest_approval(trust, manifest.project, phase, root)
    if newest is None or newest.digest != digest:
        raise BundleError(
            PROJECT, f"the log holds a later approval of the {phase.value} phase than the one that it names"
        )
    # 3. They speak of this gate, and of all whose work it was; who decided on their own work did so under a policy that
    #    lets them, which the replay of the log has made sure of.
    for envelope in envelopes:
        _require_of(trust, trust.decisions[envelope].statement, manifest)
    return revision


def require_signed_documents(
    opened: OpenedFiles, trust: TrustState, project: ProjectId, revisions: Iterable[Revision]
) -> None:
    """What statements on the project name is there, and each brief says of what was decided on it what documents
    say."""
    exported = {revision.digest for revision in revisions}
    for accepted in trust.decisions.values():
        found = accepted.statement
        if found.project != project:
            continue
        if found.comments is not None:
            opened.document(found.comments)
        require_brief(opened, trust, accepted, exported)
    for waived in trust.waivers.values():
        # What was erased is not there to be read; the report says so.
        if waived.statement.project == project and object_file(waived.statement.reason) in opened.files:
            opened.document(waived.statement.reason)


def signed_verdict(opened: OpenedFiles, trust: TrustState, revision: Revision, root: Root) -> JsonObject:
    """The verdict on which the gate opened, as the server signed it: on the facts of the brief that was approved."""
    path = verdict_file(revision.manifest.phase)
    body = opened.file(path)
    with fault_in(path):
        statement = verify_verdict(trust, body)
    about = (statement.project, statement.gate, statement.digest)
    if about != (revision.manifest.project, revision.manifest.phase, revision.digest):
        raise BundleError(path, "is the verdict of something else")
    verdict = opened.document(statement.verdict)
    with fault_in(object_file(statement.verdict)):
        said = (text(verdict["gate"]), text(verdict["facts"]), flag(verdict["allowed"]))
    if said != (statement.gate.value, statement.facts, statement.allowed):
        raise BundleError(path, "does not fit the verdict that it names")
    vote = opening_vote(trust, revision.manifest.project, revision.digest, root)
    brief = opened.document(vote.statement.brief) if vote else {}
    if not statement.allowed or brief.get("facts") != statement.facts:
        raise BundleError(path, "is not the verdict on which the gate opened")
    return verdict


def told_vibes(opened: OpenedFiles, project: JsonObject, revisions: Mapping[Phase, Revision]) -> dict[str, str]:
    """Source id → the vibe's text, which is the source element's wherever a manifest holds that."""
    vibes: dict[str, str] = {}
    with fault_in(PROJECT):
        sources = {source: Digest(text(digest)) for source, digest in mapping(project["sources"]).items()}
    for source, digest in sources.items():
        path = object_file(digest)
        body = opened.file(path)
        with fault_in(path):
            element = element_from_body(body)
            vibes[source] = text(element.content["text"])
        if (element.id, element.kind) != (source, ElementKind.SOURCE):
            raise BundleError(path, f"is not the vibe {source}")
    for revision in revisions.values():
        for ref in revision.sources():
            if ref.id in revision.elements and sources.get(ref.id) != ref.digest:
                raise BundleError(
                    PROJECT, f"names another vibe {ref.id} than the {revision.manifest.phase.value} phase"
                )
    return vibes


def require_course(project: JsonObject, trust: TrustState, revisions: Mapping[Phase, Revision]) -> None:
    """A completed iteration has every phase of its lane approved, its own vibe in its mood, and its own judgement. Its
    lane is the one that it was judged in, and no lighter than the one that its mood was approved for."""
    with fault_in(PROJECT):
        status, lane = IterationStatus(text(project["status"])), Lane(text(project["lane"]))
        iteration, source = number(project["iteration"]), text(project["source"])
        for name in ("title", "slug"):
            text(project[name])
    if not set(revisions) <= set(LANE_PHASES[lane]):
        raise BundleError(PROJECT, "holds a phase that its lane does not have")
    if status is not IterationStatus.COMPLETED:
        return
    if set(revisions) != set(LANE_PHASES[lane]):
        raise BundleError(PROJECT, "is called completed, but not every phase is approved")
    lighter = lane is Lane.LIGHT and revisions[Phase.MOOD].manifest.lane is not Lane.LIGHT
    if lighter or _lanes_of(project, trust, Phase.VALIDATION) != {lane}:
        raise BundleError(PROJECT, "is called completed in another lane than was decided on")
    if any(revisions[phase].manifest.iteration != iteration for phase in EVERY_ITERATION_ANEW):
        raise BundleError(PROJECT, "is called completed, but its vibe or its validation is of another iteration")
    if source not in {ref.id for ref in revisions[Phase.MOOD].sources()}:
        raise BundleError(PROJECT, "names another vibe than its mood rests on")


def _lanes_of(project: JsonObject, trust: TrustState, phase: Phase) -> set[Lane]:
    """The lane that the decisions on this phase name."""
    told = mapping(mapping(project["phases"])[phase.value])
    return {trust.decisions[envelope].statement.lane for envelope in texts(told["envelopes"])}


def _require_of(trust: TrustState, found: DecisionStatement, manifest: Manifest) -> None:
    if found.gate is not manifest.phase:
        raise BundleError(PROJECT, f"a decision that it names for the {manifest.phase.value} phase is of another gate")
    if set(found.owners) != set(manifest.contributors):
        raise BundleError(
            PROJECT, f"the decisions on the {manifest.phase.value} phase name other contributors than its manifest"
        )
    if found.template and not trust.policies[found.policy].template_drafts:
        raise BundleError(
            PROJECT, f"the {manifest.phase.value} phase was drafted from the template, against the policy"
        )
