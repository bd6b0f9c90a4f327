"""Phase 5: which evidence verifies the requirements, and what was measured."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vdw.artifacts.models import fields as f


class MetricOutcome(f.Part):
    """What a success metric came to, and the evidence that says so."""

    id: Annotated[str, f.id_of("OUT")]
    metric: f.MetricId
    measured: f.Decimal
    unit: f.Line
    met: bool
    evidence: f.EvidenceIds = []


class Gap(f.Part):
    id: Annotated[str, f.id_of("GAP")]
    text: f.Statement
    about: Annotated[str, Field(pattern=f.ANY_ID_OR_NONE)] = ""


class Alignment(f.Part):
    """How well the result fits the vibe: a human's words, never computed."""

    rating: Annotated[int, Field(ge=1, le=5)]
    words: f.Statement


class Validation(f.Part):
    """`evidence` lists ids; the server copies the records in, trust included."""

    schema_: Annotated[Literal["vdw.validation/1"], Field(alias="schema")] = "vdw.validation/1"
    drafted_by: f.DraftedBy = "agent"
    evidence: f.EvidenceIds
    outcomes: Annotated[list[MetricOutcome], Field(max_length=f.MAX_ITEMS)] = []
    gaps: Annotated[list[Gap], Field(max_length=f.MAX_ITEMS)] = []
    alignment: Alignment | None = None
