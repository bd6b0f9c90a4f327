"""What each tool takes, as strict models: unknown fields, wrong types and oversized texts are refused with their
path."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_VIBE_CHARACTERS = 1024 * 1024
MAX_REASON_CHARACTERS = 2000
MAX_REPORT_CHARACTERS = 3 * 1024 * 1024
MAX_WAIT_SECONDS = 600
"""Longest wait of one call, in seconds. A client that wants more calls again."""
MAX_PAGE = 100

Json = dict[str, Any]
"""A document whose own model is applied by the service, with better words than a schema error."""
PhaseName = Literal["mood", "architecture", "specification", "implementation", "validation"]
LaneName = Literal["full", "light"]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Key = Annotated[str, Field(max_length=128)]
Cursor = Annotated[str, Field(max_length=200)]


class Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CreateProject(Input):
    vibe: Annotated[str, Field(max_length=MAX_VIBE_CHARACTERS)]
    lane: LaneName = "full"
    title: Annotated[str, Field(max_length=120)] = ""
    idempotency_key: Key = ""


class ListProjects(Input):
    phase: PhaseName | None = None
    stage: Literal["drafting", "review", "completed", "abandoned"] | None = None
    stale: bool | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 20
    cursor: Cursor = ""


class OneProject(Input):
    project: Name


class GetBrief(OneProject):
    schema_digest: Annotated[str, Field(max_length=64)] = ""
    skeleton: bool = False
    cursor: Cursor = ""


class SubmitArtifact(OneProject):
    phase: PhaseName
    artifact: Json | None = None
    base: Annotated[str, Field(max_length=64)] = ""
    changes: Annotated[list[Json], Field(max_length=5000)] = []
    withdraw: bool = False
    idempotency_key: Key = ""


class SubmitEvidence(OneProject):
    kind: Literal["junit", "claim"]
    report: Annotated[str, Field(max_length=MAX_REPORT_CHARACTERS)] = ""
    claim: Json | None = None
    run: Json | None = None
    repository: Annotated[str, Field(max_length=200)] = ""
    commit: Annotated[str, Field(max_length=64)] = ""
    idempotency_key: Key = ""


class Trace(OneProject):
    kind: Literal["trace", "impact", "explain"]
    of: Annotated[str, Field(min_length=1, max_length=400)]
    cursor: Cursor = ""


class ChangeProject(OneProject):
    action: Literal["reopen", "resume", "start_iteration", "abandon", "change_lane"]
    phase: PhaseName | None = None
    reason: Annotated[str, Field(max_length=MAX_REASON_CHARACTERS)] = ""
    vibe: Annotated[str, Field(max_length=MAX_VIBE_CHARACTERS)] = ""
    lane: LaneName | None = None
    idempotency_key: Key = ""


class RequestReview(OneProject):
    wait_seconds: Annotated[int, Field(ge=0, le=MAX_WAIT_SECONDS)] = 0


class SubmitStatement(Input):
    envelope: Json
    attachments: Annotated[list[Json], Field(max_length=8)] = []


class ExportProject(OneProject):
    path: Annotated[str, Field(max_length=200)] = ""
    cursor: Cursor = ""
