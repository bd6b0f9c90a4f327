"""Where in the work: phases, stages, lanes and the names the first design gave them."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    MOOD = "mood"
    ARCHITECTURE = "architecture"
    SPECIFICATION = "specification"
    IMPLEMENTATION = "implementation"
    VALIDATION = "validation"


class Stage(StrEnum):
    """Of one phase in the open iteration. `PENDING`: not reached yet; `APPROVED`: passed."""

    PENDING = "pending"
    DRAFTING = "drafting"
    REVIEW = "review"
    APPROVED = "approved"


class Lane(StrEnum):
    """`FULL`: all five phases gated. `LIGHT`: small work; mood, implementation, validation."""

    FULL = "full"
    LIGHT = "light"


class IterationStatus(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class GateVerdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class ReviewEnd(StrEnum):
    """How a review ended. Votes count only while it is open."""

    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    ABANDONED = "abandoned"
    POLICY_CHANGED = "policy_changed"
    FINDING = "finding"
    REFOUNDED = "refounded"


PHASES: tuple[Phase, ...] = tuple(Phase)

LANE_PHASES: dict[Lane, tuple[Phase, ...]] = {
    Lane.FULL: PHASES,
    Lane.LIGHT: (Phase.MOOD, Phase.IMPLEMENTATION, Phase.VALIDATION),
}


def phase_number(phase: Phase) -> int:
    """1 for mood to 5 for validation, the same in both lanes."""
    return PHASES.index(phase) + 1


def next_phase(lane: Lane, phase: Phase) -> Phase | None:
    """The phase after this one in the lane; None after validation."""
    later = [other for other in LANE_PHASES[lane] if phase_number(other) > phase_number(phase)]
    return later[0] if later else None


def seed_state_name(phase: Phase | None, stage: Stage | None, status: IterationStatus | None) -> str:
    """The state's name in the first design: IDLE, PHASE_1_MOOD, PHASE_1_VALIDATION, ..., COMPLETED, FAILED."""
    if status is None:
        return "IDLE"
    if status is IterationStatus.COMPLETED:
        return "COMPLETED"
    if status is IterationStatus.ABANDONED or phase is None:
        return "FAILED"
    number = phase_number(phase)
    return f"PHASE_{number}_VALIDATION" if stage is Stage.REVIEW else f"PHASE_{number}_{phase.name}"
