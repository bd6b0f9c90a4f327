"""What a person does next in a project, or has their agent do: the steps of `next_steps` for whoever reads a terminal.

It decides nothing. The rule it keeps: no name of a tool stands in it, for people have commands and agents have tools.
"""

from __future__ import annotations

from vdw.domain.counting import counted
from vdw.domain.principal import Principal
from vdw.lifecycle.state import ProjectState
from vdw.service.answers import FindingView, ProjectView
from vdw.service.environment import Environment
from vdw.service.loading import Loaded
from vdw.service.next_steps import Step, in_words, step_of
from vdw.service.project_views import project_view, stored_findings
from vdw.service.proven import proven_review
from vdw.service.refounded import read_as_put_back
from vdw.store.interface import Reader
from vdw.trust.state import TrustState

FOR_PERSON: dict[Step, str] = {
    Step.BEGIN_AFTER_COMPLETED: "This iteration is completed. To take the result with you: {vdw} export {slug}",
    Step.BEGIN_AFTER_ABANDONED: "This iteration was abandoned. "
    'Say to your agent: "Begin the next iteration of {slug} in vdw."',
    Step.DECIDE: "{missing}: {review}",
    Step.WRITE: 'The {phase} artifact is to be written. Say to your agent: "Go on with {slug} in vdw."',
    Step.CHANGE_OR_RESUME: "The {phase} phase was reopened. Tell your agent what to change in it, or to leave it as it was.",
    Step.CHANGE_LANE: "The tenant's policy no longer has the {lane} lane. "
    'Say to your agent: "Change the lane of {slug} in vdw to {other_lane}."',
    Step.REOPEN_FOR_LANE: "The tenant's policy no longer has the {lane} lane. "
    'Say to your agent: "Reopen the mood of {slug} in vdw, and change its lane to {other_lane}."',
    Step.MEND: '{findings} to mend. Say to your agent: "Go on with {slug} in vdw." '
    "To let one stand for a time: {vdw} gate waive --help",
    Step.MEND_EARLIER: "{findings} to mend in the {earlier} phase, which is to be reopened. "
    'Say to your agent: "Reopen the {earlier} of {slug} in vdw." '
    "To let one stand for a time: {vdw} gate waive --help",
    Step.WRITE_BY_HAND: "The tenant's policy accepts no template draft, so the artifact is to be written. "
    'Say to your agent: "Go on with {slug} in vdw."',
    Step.SUBMIT_AGAIN: "The lane changed, so the mood artifact is to be submitted again. "
    'Say to your agent: "Go on with {slug} in vdw."',
    Step.SIGN_AGAIN: "The root was replaced and this revision kept; it is to be signed again: {review}",
    Step.MEND_REJECTED: "The {phase} artifact was rejected, and the agent mends what was said. "
    'Say to your agent: "Mend what was rejected in {slug} in vdw."',
    Step.REQUEST_REVIEW: 'Nothing blocks. Say to your agent: "Request the review of {slug} in vdw." '
    "Then you decide: {review}",
}


def next_for_person(env: Environment, principal: Principal, project: str) -> str:
    """In one or two sentences. Raises like `load_project`."""

    def read(reader: Reader) -> str:
        loaded, trust = read_as_put_back(env, reader, principal, project)
        return _words(env, loaded, stored_findings(reader, loaded.state), trust)

    return env.store.read(read)


def project_for_person(env: Environment, principal: Principal, project: str) -> tuple[ProjectView, str]:
    """Where the project is, and `next_for_person` of the same moment. Raises like `load_project`."""

    def read(reader: Reader) -> tuple[ProjectView, str]:
        loaded, trust = read_as_put_back(env, reader, principal, project)
        findings = stored_findings(reader, loaded.state)
        return project_view(env, reader, loaded, trust), _words(env, loaded, findings, trust)

    return env.store.read(read)


def _words(env: Environment, loaded: Loaded, findings: list[FindingView], trust: TrustState) -> str:
    step = step_of(loaded.state, findings, trust.policy)
    return in_words(FOR_PERSON, env, loaded, step, missing=_missing(loaded.state, trust))


def _missing(state: ProjectState, trust: TrustState) -> str:
    """Whose decision the open review waits for: votes count as the log has them. It waits for one at least."""
    review = proven_review(state.review, state.project, trust) if state.review else None
    left = max(1, review.quorum - len({vote.owner for vote in review.votes})) if review else 1
    if review and review.votes:
        return f"{counted(left, 'more approval')} needed, of people who have not decided yet"
    return "You decide" if left == 1 else f"{counted(left, 'approval')} of different people needed"
