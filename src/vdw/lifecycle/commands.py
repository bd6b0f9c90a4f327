"""What may be asked of a project, as pure values. Everything a law needs to know comes in with the command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vdw.domain.ids import ApproverId, PersonId
from vdw.domain.policy import Policy
from vdw.domain.stages import GateVerdict, Lane, Phase, ReviewEnd


class CommandKind(StrEnum):
    SUBMIT = "submit"
    REQUEST_REVIEW = "request_review"
    VOTE = "vote"
    WAIVE = "waive"
    RECORD_EVIDENCE = "record_evidence"
    REOPEN = "reopen"
    RESUME = "resume"
    CHANGE_LANE = "change_lane"
    ABANDON = "abandon"
    START_ITERATION = "start_iteration"
    REISSUE_BRIEF = "reissue_brief"
    CLOSE_REVIEW = "close_review"
    REFOUND = "refound"


@dataclass(frozen=True, slots=True)
class Submit:
    """A new revision of the current phase by a principal of `owner`. `digest` is of its manifest, which names iteration
    and revision, so no two revisions share one."""

    phase: Phase
    digest: str
    owner: PersonId
    template: bool = False
    withdraw: bool = False


@dataclass(frozen=True, slots=True)
class RequestReview:
    """Opens a review of the current revision. `blocking` counts the blocking findings of the verdict on these facts."""

    review: str
    digest: str
    brief: str
    facts: str
    blocking: int
    policy: Policy
    policy_entry: str
    log_head: str


@dataclass(frozen=True, slots=True)
class ReissueBrief:
    """The facts moved while a review is open: it goes on under a new brief. Votes given stay."""

    review: str
    brief: str
    facts: str


@dataclass(frozen=True, slots=True)
class CastVote:
    """A verified signature for one review. `facts` and `blocking` are of the moment of deciding."""

    review: str
    digest: str
    brief: str
    verdict: GateVerdict
    approver: ApproverId
    owner: PersonId
    envelope: str
    facts: str
    blocking: int
    policy: Policy
    policy_entry: str
    approvers_in_force: frozenset[ApproverId]
    """Approvers whose votes count now. Those of all others are void."""
    verified: bool = False
    """Whether every requirement is verified at trust `run` or better; told wherever a completed project is shown."""


@dataclass(frozen=True, slots=True)
class Waive:
    """A verified signature under a waiver of one finding of the current gate."""

    waiver: str
    rule: str
    subjects: tuple[str, ...]
    waivable: bool
    until: str
    approver: ApproverId
    owner: PersonId
    envelope: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class RecordEvidence:
    evidence: str
    trust: str


@dataclass(frozen=True, slots=True)
class Reopen:
    phase: Phase


@dataclass(frozen=True, slots=True)
class Resume:
    """Takes a reopening back: nothing was changed, so the approval is suspended no longer. It passes the phase where it
    stands (`phases.stands_for`); where it does not, the phase goes on drafting."""


@dataclass(frozen=True, slots=True)
class ChangeLane:
    lane: Lane
    policy: Policy


@dataclass(frozen=True, slots=True)
class Abandon:
    by_human: bool


@dataclass(frozen=True, slots=True)
class StartIteration:
    lane: Lane
    source: str
    source_digest: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class CloseReview:
    """The open review ends without a verdict, for a reason outside it: never as approved or rejected."""

    end: ReviewEnd


@dataclass(frozen=True, slots=True)
class Refound:
    """The tenant's trust has a new root: what was signed under the lost one opens nothing any more."""

    lost: frozenset[Phase]
    """Phases whose approval was signed under the lost root."""
    made: frozenset[Phase]
    """Phases whose last approval was, whatever was submitted over it or rejected since."""
    review: str
    """The open review, if it was opened under the lost root; else ''."""
    root: str
    """Hash of the trust-log entry that is the new root."""
    position: int
    """Its position in the log."""


Command = (
    Submit
    | RequestReview
    | ReissueBrief
    | CastVote
    | Waive
    | RecordEvidence
    | Reopen
    | Resume
    | ChangeLane
    | Abandon
    | StartIteration
    | CloseReview
    | Refound
)

KIND: dict[type[Command], CommandKind] = {
    Submit: CommandKind.SUBMIT,
    RequestReview: CommandKind.REQUEST_REVIEW,
    ReissueBrief: CommandKind.REISSUE_BRIEF,
    CastVote: CommandKind.VOTE,
    Waive: CommandKind.WAIVE,
    RecordEvidence: CommandKind.RECORD_EVIDENCE,
    Reopen: CommandKind.REOPEN,
    Resume: CommandKind.RESUME,
    ChangeLane: CommandKind.CHANGE_LANE,
    Abandon: CommandKind.ABANDON,
    StartIteration: CommandKind.START_ITERATION,
    CloseReview: CommandKind.CLOSE_REVIEW,
    Refound: CommandKind.REFOUND,
}
