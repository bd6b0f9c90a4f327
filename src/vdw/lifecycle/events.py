"""What happened to a project. The names and fields are stored and shown on its timeline; they stay readable for
ever."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vdw.domain.canonical import JsonObject, JsonValue


class EventType(StrEnum):
    CREATED = "created"
    SUBMITTED = "submitted"
    REVIEW_OPENED = "review_opened"
    BRIEF_REISSUED = "brief_reissued"
    VOTED = "voted"
    REVIEW_ENDED = "review_ended"
    APPROVED = "approved"
    PASSED = "passed"
    COMPLETED = "completed"
    WAIVED = "waived"
    EVIDENCE_RECORDED = "evidence_recorded"
    REOPENED = "reopened"
    RESUMED = "resumed"
    LANE_CHANGED = "lane_changed"
    ABANDONED = "abandoned"
    REFOUNDED = "refounded"
    ITERATION_STARTED = "iteration_started"


@dataclass(frozen=True, slots=True)
class Event:
    """`data` is JSON with the fields that `phases.evolve` reads for this type; it holds ids and digests, no free
    text."""

    type: EventType
    data: JsonObject


def event(kind: EventType, **data: JsonValue) -> Event:
    return Event(kind, data)
