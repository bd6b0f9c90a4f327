"""The review brief: one canonical JSON document a review, whose digest is signed. Every view of it is a pure function.

The format is signed for ever (`vdw.brief/1`). It holds all that a decision rests on: what changed since the last
approved revision, findings, open questions, risks, evidence (what the artifact leaves out too), earlier comments,
policy, who contributed.
"""

from __future__ import annotations

from dataclasses import dataclass

from vdw.artifacts.diff import difference
from vdw.artifacts.revision import Revision
from vdw.bundle.briefs import BRIEF_SCHEMA, LISTED, RENDERER, UNLISTED, listed
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.finding import Verdict
from vdw.domain.policy import Policy
from vdw.domain.stages import Phase
from vdw.lifecycle.state import ProjectState
from vdw.reasoning.facts import ProjectFacts
from vdw.service.graph import ProjectGraph


@dataclass(frozen=True, slots=True)
class BriefParts:
    """What a brief is made from. `basis` is the phase's last approved revision, if there is one."""

    salt: str
    review: str
    title: str
    state: ProjectState
    graph: ProjectGraph
    basis: Revision | None
    facts: ProjectFacts
    verdict: Verdict
    policy: Policy
    policy_entry: str
    log_head: str
    comments: list[JsonObject]
    unlisted: JsonObject | None
    """See `artifacts.unlisted`."""


def review_brief(parts: BriefParts, phase: Phase) -> JsonObject:
    """The brief of the phase's current revision."""
    state = parts.state
    revision = parts.graph.revisions[phase]
    work = state.work(phase)
    return {
        "schema": BRIEF_SCHEMA,
        "salt": parts.salt,
        "renderer": RENDERER,
        "review": parts.review,
        "tenant": state.tenant,
        "project": state.project,
        "title": parts.title,
        "iteration": state.iteration,
        "phase": phase.value,
        "lane": state.lane.value,
        "revision": revision.manifest.revision,
        "digest": revision.digest,
        "template": work.template,
        "contributors": list(revision.manifest.contributors),
        "policy": parts.policy.as_json(),
        "policy_entry": parts.policy_entry,
        "log_head": parts.log_head,
        "facts": parts.verdict.facts,
        "rules": parts.verdict.rules,
        "engine": parts.verdict.engine,
        "basis": parts.basis.digest if parts.basis else None,
        "changes": difference(parts.basis, revision),
        "findings": [finding.as_json() for finding in parts.verdict.findings],
        **{field: _listed(parts.graph, phase, field) for field in LISTED},
        "comments": list[JsonValue](parts.comments),
        **({UNLISTED: parts.unlisted} if parts.unlisted else {}),
    }


def _listed(graph: ProjectGraph, phase: Phase, field: str) -> list[JsonValue]:
    """Questions and risks at every gate; evidence where it is judged."""
    of = LISTED[field][0]
    return listed(field, graph.revisions.get(of)) if of is not Phase.VALIDATION or phase is of else []
