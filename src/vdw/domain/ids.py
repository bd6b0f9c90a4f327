"""Names of things: typed ids and the grammar of element ids.

Random ids are made by whoever has a source of randomness (`random_id` takes the bytes); an id never
carries meaning, and possession of one is never a right. What a caller names is text; it becomes an id where the thing
is found, or where a document that holds it is read, and stays one down to the store.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NewType

from vdw.errors import invalid

TenantId = NewType("TenantId", str)
ProjectId = NewType("ProjectId", str)
PersonId = NewType("PersonId", str)
"""A human, known outside the tenant's own directory only by this random id. Owners and contributors are persons."""
ApproverId = NewType("ApproverId", str)
"""One enrolled key with the person behind it. A person may have several; separation and quorum count persons."""
PrincipalId = NewType("PrincipalId", str)
ElementId = NewType("ElementId", str)

NOBODY = PersonId("")
"""Stands where nobody answers for a caller; law 2 refuses what it would submit."""

RANDOM_ID_BYTES = 16
"""128 bits: ids cannot be guessed (ASVS 11.5.1)."""


class ElementKind(StrEnum):
    """Kinds of addressable parts. The prefix of an id says its kind (`PREFIXES`)."""

    SOURCE = "source"
    DOCUMENT = "document"
    REQUIREMENT = "requirement"
    CONSTRAINT = "constraint"
    ANTI_GOAL = "anti_goal"
    METRIC = "metric"
    QUESTION = "question"
    COMPONENT = "component"
    INTERFACE = "interface"
    FLOW = "flow"
    STORE = "store"
    DECISION = "decision"
    RISK = "risk"
    CONTRACT = "contract"
    DATA_MODEL = "data_model"
    TASK = "task"
    CHANGE = "change"
    DEVIATION = "deviation"
    EVIDENCE = "evidence"
    OUTCOME = "outcome"
    GAP = "gap"


PREFIXES: dict[ElementKind, str] = {
    ElementKind.SOURCE: "SRC",
    ElementKind.REQUIREMENT: "REQ",
    ElementKind.CONSTRAINT: "CON",
    ElementKind.ANTI_GOAL: "ANT",
    ElementKind.METRIC: "MET",
    ElementKind.QUESTION: "QUE",
    ElementKind.COMPONENT: "CMP",
    ElementKind.INTERFACE: "INT",
    ElementKind.FLOW: "FLW",
    ElementKind.STORE: "STO",
    ElementKind.DECISION: "ADR",
    ElementKind.RISK: "RSK",
    ElementKind.CONTRACT: "SPC",
    ElementKind.DATA_MODEL: "DAT",
    ElementKind.TASK: "TSK",
    ElementKind.CHANGE: "CHG",
    ElementKind.DEVIATION: "DEV",
    ElementKind.EVIDENCE: "EVD",
    ElementKind.OUTCOME: "OUT",
    ElementKind.GAP: "GAP",
}
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}

DOCUMENT_ID = ElementId("DOC")
"""The element of each artifact that holds its document-level fields."""

_ELEMENT_ID = re.compile(r"([A-Z]{3})-[0-9]{3,6}")
_SOURCE_ID = re.compile(r"SRC-[1-9][0-9]{0,5}")


class LinkKind(StrEnum):
    SATISFIES = "satisfies"
    SPECIFIES = "specifies"
    IMPLEMENTS = "implements"
    VERIFIES = "verifies"
    DEPENDS_ON = "depends_on"
    SUPERSEDES = "supersedes"


def element_kind(text: str) -> ElementKind | None:
    """The kind that an element id names; None where it is no element id."""
    if text == DOCUMENT_ID:
        return ElementKind.DOCUMENT
    if _SOURCE_ID.fullmatch(text):
        return ElementKind.SOURCE
    match = _ELEMENT_ID.fullmatch(text)
    kind = _KINDS.get(match.group(1)) if match else None
    return None if kind is ElementKind.SOURCE else kind


def next_id(prefix: str, used: Iterable[str]) -> str:
    """The first id of the prefix behind all that are used."""
    return next_ids((prefix,), used)[prefix]


def next_ids(prefixes: Iterable[str], used: Iterable[str]) -> dict[str, str]:
    """Each prefix → its first id behind all that are used."""
    last = dict.fromkeys(prefixes, 0)
    for name in used:
        prefix, _, number = name.rpartition("-")
        if prefix in last:
            last[prefix] = max(last[prefix], int(number))
    return {prefix: f"{prefix}-{number + 1:03}" for prefix, number in last.items()}


def require_element_id(text: str, path: str) -> ElementId:
    """Raises `VdwError` (invalid_input) at `path` unless the text is an element id such as REQ-001."""
    if element_kind(text) is None:
        raise invalid(path, "not an element id: three capital letters, a hyphen, three to six digits", "REQ-001")
    return ElementId(text)


def random_id(prefix: str, randomness: bytes) -> str:
    """`prefix_` and the bytes in lower-case base32. 16 bytes give 26 characters."""
    return f"{prefix}_{base64.b32encode(randomness).decode().rstrip('=').lower()}"
