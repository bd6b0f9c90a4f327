"""The shapes of answers, for programs: pydantic at the edge, their JSON Schemas are what MCP publishes as output."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

Json = dict[str, Any]
"""A document that has a format of its own (artifact, element, finding's subject, JSON Schema)."""


class Answer(BaseModel):
    """`next` says in one sentence what the caller can do now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    next: str = ""


class FindingView(BaseModel):
    """A finding as agents and people see it; `key` names it in trace and waive."""

    model_config = ConfigDict(frozen=True)

    key: str
    rule: str
    severity: str
    subjects: list[str]
    reason: str
    waived_by: list[str]


class PhaseView(BaseModel):
    model_config = ConfigDict(frozen=True)

    phase: str
    stage: str
    revision: int
    digest: str
    approved: str
    """yes, no, earlier revision, suspended, self-approved, or under which replaced root it was signed."""


class ReviewView(BaseModel):
    model_config = ConfigDict(frozen=True)

    review: str
    phase: str
    digest: str
    brief: str
    approvals: int
    needed: int
    command: str


class ProjectView(Answer):
    project: str
    slug: str
    title: str
    iteration: int
    lane: str
    status: str
    phase: str
    stage: str
    state: str
    """The state's name in the first design (PHASE_1_MOOD, ...)."""
    version: int
    verified: str
    phases: list[PhaseView]
    review: ReviewView | None
    feedback: list[Json]
    findings: list[FindingView]
    more_findings: int = 0


class ProjectListItem(BaseModel):
    model_config = ConfigDict(frozen=True)

    project: str
    slug: str
    title: str
    phase: str
    stage: str
    stale: bool
    verified: str
    updated_at: str


class ProjectList(Answer):
    projects: list[ProjectListItem]
    cursor: str


class CreatedProject(Answer):
    project: str
    slug: str
    phase: str
    draft: Json
    more_statements: int
    """Statements of the draft that this answer has no room for."""
    unplaced: list[str]


class Brief(Answer):
    """What the current phase needs. `schema_digest` may be sent back so that the schema is left out next time."""

    project: str
    phase: str
    stage: str
    lane: str
    instructions: str
    base: str
    """Digest to send as `base` with element changes; empty before the first revision."""
    schema_digest: str
    artifact_schema: Json | None
    example: Json | None
    basis: Json
    free_ids: Json
    """Section of the artifact → the first id that nothing in this project has ever had; count on from it."""
    current: Json | None
    skeleton: Json | None
    feedback: list[Json]
    findings: list[FindingView]
    cursor: str


class SubmittedArtifact(Answer):
    project: str
    phase: str
    stage: str
    revision: int
    digest: str
    unchanged: bool
    allowed: bool
    findings: list[FindingView]
    more_findings: int = 0


class RequestedReview(Answer):
    project: str
    phase: str
    review: str
    digest: str
    brief: str
    command: str
    outcome: str
    """waiting, approved, rejected, withdrawn, reopened, abandoned, policy_changed, finding or refounded."""
    feedback: list[Json]


class AcceptedStatement(Answer):
    kind: str
    entry: str
    """Hash of the trust-log entry that it became."""
    position: int
    project: str
    phase: str
    outcome: str


class RecordedEvidence(Answer):
    project: str
    evidence: str
    trust: str
    outcome: str
    verifies: list[Json]


class Traced(Answer):
    project: str
    kind: str
    of: str
    nodes: list[Json]
    links: list[Json]
    sentences: list[str]
    cursor: str


class ChangedProject(Answer):
    project: str
    action: str
    iteration: int
    lane: str
    status: str
    phase: str
    stage: str
    version: int
    affected: list[Json]


class Exported(Answer):
    project: str
    uri: str
    files: list[Json]
    last_statement: str
    cursor: str
