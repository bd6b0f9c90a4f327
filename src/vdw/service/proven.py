"""What the documents and the log say of a project, in place of what its row says of them.

A row is a cache, and whoever can write the database can write it. What a gate rests on is therefore taken from where it
is signed: contributors and lane from the manifests, votes and quorum from the verified log. What names the wrong
document is a damaged store, and nothing is decided on it.
"""

from __future__ import annotations

from dataclasses import replace

from vdw.artifacts.revision import Revision
from vdw.domain.canonical import Digest
from vdw.domain.ids import DOCUMENT_ID, ProjectId
from vdw.domain.stages import IterationStatus, Lane, Phase
from vdw.errors import ErrorCode, VdwError
from vdw.lifecycle.state import PhaseWork, ProjectState, Review, Vote
from vdw.service.graph import ProjectGraph
from vdw.service.trust_view import signed_under
from vdw.trust.state import Root, TrustState
from vdw.trust.votes import count_votes


def proven(state: ProjectState, graph: ProjectGraph, trust: TrustState) -> ProjectState:
    """The state as documents and log prove it: what is not theirs to say is as the row says.

    Raises `VdwError` (storage) where the open review is of other bytes than the current revision.
    """
    phases = {
        phase: _as_submitted(work, graph.revisions[phase]) if phase in graph.revisions else work
        for phase, work in state.phases.items()
    }
    review = state.review
    if review is not None and (review.phase is not state.current or review.digest != phases[review.phase].digest):
        raise VdwError(
            ErrorCode.STORAGE,
            "The open review is of something else than the current revision.",
            "Restore the store from a backup.",
        )
    return replace(
        state,
        phases=phases,
        lane=_lane(state, graph),
        review=proven_review(review, state.project, trust) if review else None,
    )


def proven_review(review: Review, project: ProjectId, trust: TrustState) -> Review:
    """The review with the votes that the log counts in it, and the quorum of the policy that it is judged by."""
    policy = trust.policies.get(Digest(review.policy))
    votes = (trust.decisions[envelope] for envelope in count_votes(trust, project, review.id).envelopes)
    return replace(
        review,
        votes=tuple(
            Vote(found.approver, trust.owner_of(found.approver), found.verdict.value, vote.envelope)
            for vote in votes
            if ((found := vote.statement).digest, found.policy) == (review.digest, review.policy)
        ),
        quorum=policy.quorum if policy else review.quorum,
    )


def is_approved(state: ProjectState, revision: Revision, trust: TrustState, root: Root | None = None) -> bool:
    """Whether the log approves this revision, of all whose work its manifest says it is, under the root (None: the
    present one, the only one whose approvals open anything)."""
    manifest = revision.manifest
    approval = state.work(manifest.phase).approval
    if approval is None or approval.digest != revision.digest:
        return False
    if signed_under(approval, state.project, manifest.phase, trust) != (root or trust.present_root):
        return False
    signed = (trust.decisions[envelope].statement for envelope in approval.envelopes)
    return all(set(found.owners) == set(manifest.contributors) for found in signed)


def is_decided(state: ProjectState, revision: Revision, trust: TrustState, root: Root | None = None) -> bool:
    """Whether it is approved for the project's iteration: mood and validation are decided anew in each."""
    return is_approved(state, revision, trust, root) and not state.must_be_renewed(revision.manifest.phase)


def _as_submitted(work: PhaseWork, revision: Revision) -> PhaseWork:
    manifest = revision.manifest
    return replace(
        work,
        revision=manifest.revision,
        iteration=manifest.iteration,
        lane=manifest.lane,
        contributors=tuple(manifest.contributors),
        template=_from_template(revision),
    )


def _from_template(revision: Revision) -> bool:
    """Also where the document cannot be read that would say so."""
    document = revision.elements.get(DOCUMENT_ID)
    return document is None or document.content["drafted_by"] == "template"


def _lane(state: ProjectState, graph: ProjectGraph) -> Lane:
    """Light only where the mood says so that the project went on from; full is always the stricter one."""
    mood = graph.revisions.get(Phase.MOOD)
    undecided = state.current is Phase.MOOD or state.status is IterationStatus.ABANDONED
    return state.lane if undecided or mood is None or mood.manifest.lane is Lane.LIGHT else Lane.FULL
