"""Stage x command -> answer, as data (law 9). `phases.decide` asks this table first; what it allows may still be
refused by a law that looks at the command itself. The page docs/lifecycle.md is rendered from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vdw.domain.stages import IterationStatus, Stage
from vdw.lifecycle.commands import CommandKind as C
from vdw.lifecycle.state import ProjectState


class Situation(StrEnum):
    """Every state of a project falls into exactly one."""

    DRAFTING_EMPTY = "drafting, nothing submitted"
    """For mood and validation: nothing in this iteration; what an earlier one left is the basis, not the revision."""
    DRAFTING = "drafting, with a revision"
    SUSPENDED = "drafting, reopened and unchanged"
    REVIEW = "in review"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


def situation(state: ProjectState) -> Situation:
    if state.status is IterationStatus.COMPLETED:
        return Situation.COMPLETED
    if state.status is IterationStatus.ABANDONED or state.current is None:
        return Situation.ABANDONED
    work = state.work(state.current)
    if work.stage is Stage.REVIEW:
        return Situation.REVIEW
    if work.revision == 0 or state.must_be_renewed(state.current):
        return Situation.DRAFTING_EMPTY
    return Situation.SUSPENDED if work.suspended and work.approved_as_is else Situation.DRAFTING


def is_to_be_signed_again(state: ProjectState) -> bool:
    """Whether the current revision was approved, or in review, under a lost root, and nobody has changed it or decided
    on it since."""
    current = state.current
    return current is not None and situation(state) is Situation.DRAFTING and state.work(current).sign_again


@dataclass(frozen=True, slots=True)
class Allowed:
    """`does` says in a few words what the command does there."""

    does: str


@dataclass(frozen=True, slots=True)
class Refused:
    law: int
    public: str
    next_step: str


Answer = Allowed | Refused

_S = Situation
_OPEN = (_S.DRAFTING_EMPTY, _S.DRAFTING, _S.SUSPENDED, _S.REVIEW)
_DRAFTING = (_S.DRAFTING_EMPTY, _S.DRAFTING, _S.SUSPENDED)
_ENDED = (_S.COMPLETED, _S.ABANDONED)

_NO_REVIEW = Refused(3, "No review is open, so there is nothing to decide on.", "Have its review requested first.")
_NEXT_ITERATION = "Begin the next one (start_iteration), or have your agent begin it."
_ENDED_WORK = Refused(8, "This iteration has ended; nothing in it changes any more.", _NEXT_ITERATION)


def _row(answers: dict[tuple[Situation, ...], Answer]) -> dict[Situation, Answer]:
    return {place: answer for places, answer in answers.items() for place in places}


TABLE: dict[C, dict[Situation, Answer]] = {
    C.SUBMIT: _row(
        {
            _DRAFTING: Allowed("stores a revision; the phase stays drafting"),
            (_S.REVIEW,): Allowed("only with `withdraw`: ends the review and stores a revision"),
            _ENDED: _ENDED_WORK,
        }
    ),
    C.REQUEST_REVIEW: _row(
        {
            (_S.DRAFTING_EMPTY,): Refused(
                4, "Nothing of this iteration has been submitted in this phase yet.", "Submit an artifact first."
            ),
            (_S.DRAFTING, _S.SUSPENDED): Allowed("opens a review unless a blocking finding stands"),
            (_S.REVIEW,): Allowed("joins the open review; one under an older policy ends and a new one opens"),
            _ENDED: _ENDED_WORK,
        }
    ),
    C.REISSUE_BRIEF: _row(
        {
            _DRAFTING: _NO_REVIEW,
            (_S.REVIEW,): Allowed("the review goes on under a brief of the present facts"),
            _ENDED: _ENDED_WORK,
        }
    ),
    C.VOTE: _row(
        {
            _DRAFTING: _NO_REVIEW,
            (_S.REVIEW,): Allowed("counts the vote; the last one needed ends the review"),
            _ENDED: _ENDED_WORK,
        }
    ),
    C.CLOSE_REVIEW: _row(
        {_DRAFTING: _NO_REVIEW, (_S.REVIEW,): Allowed("ends the review without a verdict"), _ENDED: _ENDED_WORK}
    ),
    C.WAIVE: _row(
        {
            (_S.DRAFTING_EMPTY,): Refused(
                4, "Nothing has been submitted, so no finding stands.", "Submit an artifact first."
            ),
            (_S.DRAFTING, _S.SUSPENDED, _S.REVIEW): Allowed("records the signature; enough of them lift the finding"),
            _ENDED: _ENDED_WORK,
        }
    ),
    C.RECORD_EVIDENCE: _row({_OPEN: Allowed("records it, from the implementation phase on"), _ENDED: _ENDED_WORK}),
    C.REOPEN: _row({_OPEN: Allowed("makes an approved phase the current one"), _ENDED: _ENDED_WORK}),
    C.RESUME: _row(
        {
            (_S.SUSPENDED,): Allowed("the approval is suspended no longer, and passes the phase where it stands"),
            (_S.DRAFTING_EMPTY, _S.DRAFTING): Refused(
                8, "There is no untouched approval to go back to.", "Submit a revision, then request its review."
            ),
            (_S.REVIEW,): Refused(8, "The phase is in review.", "Wait for the decision."),
            _ENDED: _ENDED_WORK,
        }
    ),
    C.CHANGE_LANE: _row(
        {
            _DRAFTING: Allowed("light to full at any time; full to light only at mood"),
            (_S.REVIEW,): Allowed("the same, and ends the review"),
            _ENDED: _ENDED_WORK,
        }
    ),
    C.ABANDON: _row(
        {
            _OPEN: Allowed("ends the iteration; nothing is deleted"),
            (_S.COMPLETED,): Refused(8, "A completed iteration stays completed.", _NEXT_ITERATION),
            (_S.ABANDONED,): Refused(8, "This iteration has been abandoned already.", _NEXT_ITERATION),
        }
    ),
    C.REFOUND: _row(
        {_OPEN: Allowed("goes back to the first gate that was signed under the lost root"), _ENDED: _ENDED_WORK}
    ),
    C.START_ITERATION: _row(
        {
            _OPEN: Refused(
                8, "An iteration is open; a project has at most one.", "Finish it, or have a human abandon it."
            ),
            _ENDED: Allowed("opens the next iteration at mood, from the last completed one"),
        }
    ),
}
