"""What a person does next in a project, or has their agent do: `project_views.next_step` for whoever reads a terminal.

It decides nothing. The rule it keeps: no name of a tool stands in it, for people have commands and agents have tools.
"""

from __future__ import annotations

from dataclasses import replace

from vdw.domain.counting import counted
from vdw.domain.policy import Policy
from vdw.domain.principal import Permission, Principal
from vdw.lifecycle.state import ProjectState
from vdw.lifecycle.table import Situation, is_to_be_signed_again, situation
from vdw.service.answers import FindingView
from vdw.service.environment import Environment
from vdw.service.loading import load_project
from vdw.service.mending import earliest, unwaived
from vdw.service.project_views import review_command, stored_findings
from vdw.service.proven import proven_review
from vdw.store.interface import ProjectRow, Reader


def next_for_person(env: Environment, principal: Principal, project: str) -> str:
    """In one or two sentences. Raises like `load_project`."""

    def read(reader: Reader) -> str:
        loaded = load_project(reader, principal, project, Permission.PROJECT_READ)
        state, trust = loaded.state, env.trust.state(reader, principal.tenant)
        if state.review is not None:
            state = replace(state, review=proven_review(state.review, state.project, trust))
        return _words(env.command, state, loaded.row, stored_findings(reader, state), trust.policy)

    return env.store.read(read)


def _words(vdw: str, state: ProjectState, row: ProjectRow, findings: list[FindingView], policy: Policy) -> str:
    phase = state.current.value if state.current else ""
    match situation(state):
        case Situation.COMPLETED:
            return f"This iteration is completed. To take the result with you: {vdw} export {row.slug}"
        case Situation.ABANDONED:
            return f"This iteration was abandoned. {_told(row, 'Begin the next iteration of')}"
        case Situation.REVIEW:
            return f"{_missing(state)}: {review_command(vdw, row)}"
        case Situation.DRAFTING_EMPTY:
            return f"The {phase} artifact is to be written. {_told(row, 'Go on with')}"
        case Situation.SUSPENDED:
            return f"The {phase} phase was reopened. Tell your agent what to change in it, or to leave it as it was."
        case Situation.DRAFTING:
            return _drafted(vdw, state, row, findings, policy)


def _drafted(vdw: str, state: ProjectState, row: ProjectRow, findings: list[FindingView], policy: Policy) -> str:
    if blocking := unwaived(findings):
        return f"{_to_mend(state, row, blocking)} To let one stand for a time: {vdw} gate waive --help"
    if state.current and state.work(state.current).template and not policy.template_drafts:
        return f"The tenant's policy accepts no template draft, so the artifact is to be written. {_told(row, 'Go on with')}"
    if state.lane_moved:
        return f"The lane changed, so the mood artifact is to be submitted again. {_told(row, 'Go on with')}"
    if is_to_be_signed_again(state):
        return f"The root was replaced and this revision kept; it is to be signed again: {review_command(vdw, row)}"
    if state.current and state.work(state.current).rejected:
        return f"The {state.current} artifact was rejected, and the agent mends what was said. " + _told(
            row, "Mend what was rejected in"
        )
    return f"Nothing blocks. {_told(row, 'Request the review of')} Then you decide: {review_command(vdw, row)}"


def _to_mend(state: ProjectState, row: ProjectRow, blocking: list[FindingView]) -> str:
    earlier = earliest(blocking, state.current) if state.current else None
    if earlier is None:
        return f"{counted(len(blocking), 'blocking finding')} to mend. {_told(row, 'Go on with')}"
    return (
        f"{counted(len(earlier.findings), 'blocking finding')} to mend in the {earlier.phase} phase, which is to be reopened. "
        + _told(row, f"Reopen the {earlier.phase} of")
    )


def _missing(state: ProjectState) -> str:
    """Whose decision the open review waits for; its votes are proven. An open review waits for one at least."""
    review = state.review
    left = max(1, review.quorum - len({vote.owner for vote in review.votes})) if review else 1
    if review and review.votes:
        return f"{counted(left, 'more approval')} needed, of people who have not decided yet"
    return "You decide" if left == 1 else f"{counted(left, 'approval')} of different people needed"


def _told(row: ProjectRow, what: str) -> str:
    return f'Say to your agent: "{what} {row.slug} in vdw."'
