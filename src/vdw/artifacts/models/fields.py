"""Bounded fields that all documents share. Every bound is in characters or items, and named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_LINE = 200
"""A name or a title: what fits a heading."""
MAX_STATEMENT = 2000
"""One statement: beyond a page it is several."""
MAX_TEXT = 8000
"""Prose about one thing, such as the context of a decision."""
MAX_ITEMS = 5000
"""Elements of one kind in one artifact: beyond what a person can approve; a larger project is several."""
MAX_LANGUAGE = 35
"""A language tag: what RFC 5646 section 4.4.1 asks every reader to hold."""
MAX_SHORT_LIST = 200
"""Values of one field: criteria, options, files, repositories."""


class Part(BaseModel):
    """Frozen, strict, no unknown field: what is signed is what was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


NOT_BLANK = r"\S"
DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
SOURCE_ID = r"^SRC-[1-9][0-9]{0,5}$"
COMMIT = r"^([0-9a-f]{40}|[0-9a-f]{64})$"
SHA256 = r"^[0-9a-f]{64}$"
ANY_ID = r"^[A-Z]{3}-[0-9]{3,6}$"
ANY_ID_OR_NONE = r"^([A-Z]{3}-[0-9]{3,6})?$"
BUILT_ID = r"^(TSK|REQ)-[0-9]{3,6}$"

PATTERN_RULES: Mapping[str, str] = {
    NOT_BLANK: "must not be blank",
    DECIMAL: "must be a number as decimal text, without exponent",
    LANGUAGE: "must be a language tag (BCP 47), such as en or de-AT",
    SOURCE_ID: "must be the id of a vibe, such as SRC-1",
    COMMIT: "must be a whole commit id: 40 or 64 lower-case hexadecimal characters",
    SHA256: "must be a SHA-256: 64 lower-case hexadecimal characters",
    ANY_ID: "must be an element's id, such as REQ-001",
    ANY_ID_OR_NONE: "must be an element's id, such as REQ-001, or empty",
    BUILT_ID: "must be a task's id, such as TSK-001 (in the light lane a requirement's, such as REQ-001)",
}
"""What each pattern asks, in words for whoever wrote something else. Ids of one kind have no entry."""


def id_of(prefix: str) -> object:
    """The pattern of an element id of one kind."""
    return Field(pattern=f"^{prefix}-[0-9]{{3,6}}$")


def pattern_rule(pattern: str) -> str:
    """What a pattern of these models asks, in words."""
    return PATTERN_RULES.get(pattern) or f"must be an id of the form {pattern[1:4]}-001: three to six digits"


Line = Annotated[str, Field(pattern=NOT_BLANK, max_length=MAX_LINE)]
Statement = Annotated[str, Field(pattern=NOT_BLANK, max_length=MAX_STATEMENT)]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Words = Annotated[list[Line], Field(max_length=MAX_SHORT_LIST)]
Statements = Annotated[list[Statement], Field(max_length=MAX_SHORT_LIST)]
Decimal = Annotated[str, Field(pattern=DECIMAL)]
"""A number as decimal text, so that every reader keeps it exactly."""

RequirementId = Annotated[str, id_of("REQ")]
ComponentId = Annotated[str, id_of("CMP")]
ContractId = Annotated[str, id_of("SPC")]
TaskId = Annotated[str, id_of("TSK")]
MetricId = Annotated[str, id_of("MET")]
EvidenceId = Annotated[str, id_of("EVD")]
AnyId = Annotated[str, Field(pattern=ANY_ID)]
BuiltId = Annotated[str, Field(pattern=BUILT_ID)]
RequirementIds = Annotated[list[RequirementId], Field(max_length=MAX_ITEMS)]
ComponentIds = Annotated[list[ComponentId], Field(max_length=MAX_SHORT_LIST)]
ContractIds = Annotated[list[ContractId], Field(max_length=MAX_SHORT_LIST)]
TaskIds = Annotated[list[TaskId], Field(max_length=MAX_SHORT_LIST)]
BuiltIds = Annotated[list[BuiltId], Field(max_length=MAX_SHORT_LIST)]
EvidenceIds = Annotated[list[EvidenceId], Field(max_length=MAX_ITEMS)]

Language = Annotated[str, Field(pattern=LANGUAGE, max_length=MAX_LANGUAGE)]
DraftedBy = Literal["agent", "template"]


class SourceSpan(Part):
    """Bytes `start` to `end` (not included) of the UTF-8 text of the vibe `src`."""

    src: Annotated[str, Field(pattern=SOURCE_ID)]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
