"""Bounded fields that all documents share. Every bound is in characters or items, and named."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_LINE = 200
MAX_STATEMENT = 2000
MAX_TEXT = 8000
MAX_ITEMS = 5000
"""Elements of one kind in one artifact: beyond what a person can approve; a larger project is several."""
MAX_SHORT_LIST = 200


class Part(BaseModel):
    """Frozen, strict, no unknown field: what is signed is what was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


Line = Annotated[str, Field(min_length=1, max_length=MAX_LINE)]
Statement = Annotated[str, Field(min_length=1, max_length=MAX_STATEMENT)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Words = Annotated[list[Line], Field(max_length=MAX_SHORT_LIST)]
Statements = Annotated[list[Statement], Field(max_length=MAX_SHORT_LIST)]
Decimal = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$")]
"""A number as decimal text, so that every reader keeps it exactly."""


def id_of(prefix: str) -> object:
    """The pattern of an element id of one kind."""
    return Field(pattern=f"^{prefix}-[0-9]{{3,6}}$")


RequirementId = Annotated[str, id_of("REQ")]
ComponentId = Annotated[str, id_of("CMP")]
ContractId = Annotated[str, id_of("SPC")]
TaskId = Annotated[str, id_of("TSK")]
MetricId = Annotated[str, id_of("MET")]
EvidenceId = Annotated[str, id_of("EVD")]
AnyId = Annotated[str, Field(pattern=r"^[A-Z]{3}-[0-9]{3,6}$")]
RequirementIds = Annotated[list[RequirementId], Field(max_length=MAX_ITEMS)]
ComponentIds = Annotated[list[ComponentId], Field(max_length=MAX_SHORT_LIST)]
TaskIds = Annotated[list[TaskId], Field(max_length=MAX_SHORT_LIST)]
EvidenceIds = Annotated[list[EvidenceId], Field(max_length=MAX_ITEMS)]

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
DraftedBy = Literal["agent", "template"]


class SourceSpan(Part):
    """Bytes `start` to `end` (not included) of the UTF-8 text of the vibe `src`."""

    src: Annotated[str, Field(pattern=r"^SRC-[1-9][0-9]{0,5}$")]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
