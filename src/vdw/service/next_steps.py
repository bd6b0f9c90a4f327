"""What comes next in a project: which step it is, decided in one place, and what an agent is told of it.

It reads no store. The rule it keeps: never a step that a law would refuse. The words for people stand in
`person_steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from vdw.domain.counting import counted
from vdw.domain.policy import Policy
from vdw.domain.stages import IterationStatus, Lane, Phase
from vdw.lifecycle.state import ProjectState
from vdw.lifecycle.table import Situation, is_to_be_signed_again, situation
from vdw.service.answers import FindingView
from vdw.service.environment import Environment
from vdw.service.loading import Loaded
from vdw.service.mending import earliest, unwaived
from vdw.store.interface import ProjectRow


class Step(Enum):
    """What can be done now. A project waits for exactly one of them."""

    BEGIN_AFTER_COMPLETED = auto()
    BEGIN_AFTER_ABANDONED = auto()
    DECIDE = auto()
    WRITE = auto()
    CHANGE_OR_RESUME = auto()
    CHANGE_LANE = auto()
    REOPEN_FOR_LANE = auto()
    MEND = auto()
    MEND_EARLIER = auto()
    WRITE_BY_HAND = auto()
    SUBMIT_AGAIN = auto()
    SIGN_AGAIN = auto()
    MEND_REJECTED = auto()
    REQUEST_REVIEW = auto()


@dataclass(frozen=True, slots=True)
class NextStep:
    """`blocking` findings are to be mended, in the phase `earlier` where they lie before the current one."""

    step: Step
    blocking: int = 0
    earlier: str = ""


_WITHOUT_REVISION = {
    Situation.COMPLETED: Step.BEGIN_AFTER_COMPLETED,
    Situation.ABANDONED: Step.BEGIN_AFTER_ABANDONED,
    Situation.REVIEW: Step.DECIDE,
    Situation.DRAFTING_EMPTY: Step.WRITE,
    Situation.SUSPENDED: Step.CHANGE_OR_RESUME,
}
"""Where no look at the revision is needed to know the step."""

FOR_AGENT: dict[Step, str] = {
    Step.BEGIN_AFTER_COMPLETED: "This iteration is completed; change_project start_iteration begins the next one, "
    "export_project exports it.",
    Step.BEGIN_AFTER_ABANDONED: "This iteration was abandoned; change_project start_iteration begins another.",
    Step.DECIDE: "A human decides: {review}. Wait with request_review wait_seconds.",
    Step.WRITE: "Call get_brief, write the {phase} artifact and submit_artifact.",
    Step.CHANGE_OR_RESUME: "Submit the change of {phase}, or change_project resume to leave it as it was.",
    Step.CHANGE_LANE: "The tenant's policy no longer has the {lane} lane, so no review will open: change_project "
    "change_lane {other_lane}.",
    Step.REOPEN_FOR_LANE: "The tenant's policy no longer has the {lane} lane, so no review will open: change_project "
    "reopen mood, and then change_lane {other_lane}.",
    Step.MEND: "Mend {findings}, then submit_artifact again.",
    Step.MEND_EARLIER: "{findings} to mend in {earlier}, a phase before this one: change_project reopen {earlier} and "
    "submit_artifact there, or have a human waive what can be waived.",
    Step.WRITE_BY_HAND: "The tenant's policy accepts no template draft, so no review will open: write the artifact, and "
    "submit it with drafted_by agent.",
    Step.SUBMIT_AGAIN: "The lane changed after this revision was submitted: submit_artifact mood again, changed or not.",
    Step.SIGN_AGAIN: "The root was replaced and this revision kept; a human signs it again: {review}.",
    Step.MEND_REJECTED: "This revision was rejected. Mend what the feedback says, then submit_artifact.",
    Step.REQUEST_REVIEW: "Nothing blocks: call request_review.",
}


def step_of(state: ProjectState, findings: list[FindingView], policy: Policy) -> NextStep:
    """What can be done now under this policy; `findings` are those of the current revision."""
    where = situation(state)
    if state.status is IterationStatus.OPEN and state.review is None and state.lane.value not in policy.lanes:
        # Back to the light lane only from the mood (law 8).
        straight = state.lane is Lane.LIGHT or state.current is Phase.MOOD
        return NextStep(Step.CHANGE_LANE if straight else Step.REOPEN_FOR_LANE)
    if state.current is None or where in _WITHOUT_REVISION:
        return NextStep(_WITHOUT_REVISION[where])
    if blocking := unwaived(findings):
        earlier = earliest(blocking, state.current)
        if earlier is None:
            return NextStep(Step.MEND, len(blocking))
        return NextStep(Step.MEND_EARLIER, len(earlier.findings), earlier.phase.value)
    work = state.work(state.current)
    if work.template and not policy.template_drafts:
        return NextStep(Step.WRITE_BY_HAND)
    if state.lane_moved:
        return NextStep(Step.SUBMIT_AGAIN)
    if is_to_be_signed_again(state):
        return NextStep(Step.SIGN_AGAIN)
    return NextStep(Step.MEND_REJECTED if work.rejected else Step.REQUEST_REVIEW)


def next_step(env: Environment, loaded: Loaded, findings: list[FindingView], policy: Policy) -> str:
    """What an agent can do now, in one sentence."""
    return in_words(FOR_AGENT, env, loaded, step_of(loaded.state, findings, policy))


def in_words(table: Mapping[Step, str], env: Environment, loaded: Loaded, found: NextStep, **more: str) -> str:
    """The step's words in this table, with what they name filled in; `more` is what only this table names."""
    return table[found.step].format(
        phase=loaded.state.current or "",
        lane=loaded.state.lane,
        other_lane=next(lane for lane in Lane if lane is not loaded.state.lane),
        findings=counted(found.blocking, "blocking finding"),
        earlier=found.earlier,
        review=review_command(env, loaded.row),
        vdw=env.command,
        slug=loaded.row.slug,
        **more,
    )


def review_command(env: Environment, row: ProjectRow) -> str:
    """The one command that a human runs to decide, in a shell of their own."""
    return f"{env.command} gate review {row.slug}"
