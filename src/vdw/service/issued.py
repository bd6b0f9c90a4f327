"""The brief of an open review: made from the documents, and made again before anybody is shown the one that was stored.

A stored brief is a cache like any row. What is signed is its digest, so a signer is shown no other than the documents
make, and no decision on another one counts.
"""

from __future__ import annotations

import re

from vdw.artifacts.unlisted import unlisted_evidence
from vdw.domain.canonical import Digest, JsonObject, canonical_bytes, digest_bytes, parse_object
from vdw.domain.manifest import SALT_BYTES
from vdw.lifecycle.phases import current_phase
from vdw.lifecycle.state import Review
from vdw.service.brief import BriefParts, review_brief
from vdw.service.graph import MAX_MANIFEST_BYTES, read_revision
from vdw.service.judging import Judged
from vdw.service.scene import Scene
from vdw.service.timeline import feedback_of
from vdw.store.interface import Reader
from vdw.trust.votes import newest_approval

_SALT = re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")


def brief_of(reader: Reader, scene: Scene, judged: Judged, review: str, salt: str, log_head: str) -> JsonObject:
    """The brief of the current phase as the facts are now, with this salt and this head of the log."""
    phase, project = current_phase(scene.state), scene.state.project
    # What changed is told against what the log approves: no row and no lost root leaves anything out of what is read.
    approved = newest_approval(scene.trust, project, phase)
    parts = BriefParts(
        salt=salt,
        review=review,
        title=scene.loaded.row.title,
        state=scene.state,
        graph=scene.graph,
        basis=read_revision(reader, project, approved.digest) if approved else None,
        facts=judged.facts,
        verdict=judged.verdict,
        policy=scene.trust.policy,
        policy_entry=scene.trust.policy_entry,
        log_head=log_head,
        comments=feedback_of(reader, scene.trust, project, phase, before=review),
        unlisted=unlisted_evidence(judged.unlisted),
    )
    return review_brief(parts, phase)


def issued_brief(reader: Reader, scene: Scene, judged: Judged, review: Review) -> JsonObject | None:
    """The stored brief of the review, if it is what documents, verdict and log say now; None where it is not, and
    another has to be issued."""
    if judged.verdict.facts != review.facts:
        return None
    body = reader.object(scene.state.project, Digest(review.brief))
    if body is None or digest_bytes(body) != review.brief:
        return None
    # Salt and head are the brief's own: the one says nothing, the other is an entry of the log or it is not.
    stored = parse_object(body, max_bytes=MAX_MANIFEST_BYTES)
    salt, log_head = str(stored.get("salt")), str(stored.get("log_head"))
    if not _SALT.fullmatch(salt) or log_head not in scene.trust.positions:
        return None
    again = brief_of(reader, scene, judged, review.id, salt, log_head)
    return again if canonical_bytes(again) == body else None
