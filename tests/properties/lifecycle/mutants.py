"""Products that break one law each: the real `decide` and `evolve` with one thing changed before or after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from tests.unit.lifecycle.walk import Decide, Evolve
from vdw.domain.ids import PersonId
from vdw.domain.stages import IterationStatus, Lane, Phase, ReviewEnd, Stage
from vdw.errors import LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle import phases
from vdw.lifecycle.events import Event, EventType
from vdw.lifecycle.gates import ended
from vdw.lifecycle.state import PhaseWork, ProjectState

E_ = EventType
Asked = tuple[ProjectState, c.Command]


@dataclass(frozen=True, slots=True)
class Mutant:
    law: int
    what: str
    decide: Decide = phases.decide
    evolve: Evolve = phases.evolve


def asked(change: Callable[[ProjectState, c.Command], Asked]) -> Decide:
    """The real `decide`, asked something else."""
    return lambda state, command: phases.decide(*change(state, command))


def after(kind: EventType, change: Callable[[ProjectState, ProjectState], ProjectState]) -> Evolve:
    """The real `evolve`, and after this event a change of (before, after)."""

    def evolve(state: ProjectState, event: Event) -> ProjectState:
        done = phases.evolve(state, event)
        return change(state, done) if event.type is kind else done

    return evolve


def every_work(state: ProjectState, change: Callable[[PhaseWork], PhaseWork]) -> ProjectState:
    return replace(state, phases={phase: change(work) for phase, work in state.phases.items()})


def _opens_the_next_at_once(_: ProjectState, state: ProjectState) -> ProjectState:
    opened = replace(state.work(Phase.ARCHITECTURE), stage=Stage.DRAFTING)
    return replace(state.with_phase(Phase.ARCHITECTURE, opened), current=Phase.ARCHITECTURE)


def _evidence_of_nothing(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
    if isinstance(command, c.RecordEvidence):
        return (Event(EventType.EVIDENCE_RECORDED, {}),)
    return phases.decide(state, command)


def _nobody_contributed(state: ProjectState, command: c.Command) -> Asked:
    if isinstance(command, c.CastVote):
        state = every_work(state, lambda work: replace(work, contributors=()))
    return state, command


def _own_findings_waived(state: ProjectState, command: c.Command) -> Asked:
    return (state, replace(command, owner=PersonId("nobody"))) if isinstance(command, c.Waive) else (state, command)


def _everybody_is_in_force(state: ProjectState, command: c.Command) -> Asked:
    if isinstance(command, c.CastVote):
        command = replace(command, approvers_in_force=command.approvers_in_force | {command.approver})
    return state, command


def _anybody_abandons(state: ProjectState, command: c.Command) -> Asked:
    return (state, replace(command, by_human=True)) if isinstance(command, c.Abandon) else (state, command)


def _owners_are_not_asked(state: ProjectState, command: c.Command) -> Asked:
    return (
        (state, replace(command, owner=command.owner or PersonId("x")))
        if isinstance(command, c.Submit)
        else (state, command)
    )


def _any_vote_fits(state: ProjectState, command: c.Command) -> Asked:
    if isinstance(command, c.CastVote) and (review := state.review):
        command = replace(command, review=review.id, digest=review.digest, brief=review.brief)
    return state, command


def _what_is_true_now_does_not_matter(state: ProjectState, command: c.Command) -> Asked:
    if isinstance(command, c.CastVote) and (review := state.review):
        command = replace(command, facts=review.facts, policy_entry=review.policy)
    return state, command


def _moves_under_review(state: ProjectState, command: c.Command) -> Asked:
    return (replace(state, review=None), command) if isinstance(command, c.Submit) else (state, command)


def _nothing_blocks(state: ProjectState, command: c.Command) -> Asked:
    if isinstance(command, c.RequestReview | c.CastVote):
        command = replace(command, blocking=0)
    return state, command


def _everything_is_waivable(state: ProjectState, command: c.Command) -> Asked:
    return (state, replace(command, waivable=True)) if isinstance(command, c.Waive) else (state, command)


def _verdict_by_order(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
    if isinstance(command, c.CloseReview) and state.review:
        return ended(state, command.end)
    return phases.decide(state, command)


def _one_is_enough(state: ProjectState, command: c.Command) -> Asked:
    return (replace(state, review=replace(state.review, quorum=1)) if state.review else state), command


def _void_votes_count(state: ProjectState, command: c.Command) -> Asked:
    if isinstance(command, c.CastVote) and state.review:
        voted = {vote.approver for vote in state.review.votes}
        command = replace(command, approvers_in_force=command.approvers_in_force | voted)
    return state, command


def _votes_are_not_final(state: ProjectState, command: c.Command) -> Asked:
    if isinstance(command, c.CastVote) and state.review:
        votes = tuple(vote for vote in state.review.votes if vote.owner != command.owner)
        state = replace(state, review=replace(state.review, votes=votes))
    return state, command


def _rejection_is_forgotten(_: ProjectState, state: ProjectState) -> ProjectState:
    return every_work(state, lambda work: replace(work, rejected=False))


def _falls_back_further(state: ProjectState, event: Event) -> ProjectState:
    done = phases.evolve(state, event)
    return replace(done, covered=state.covered) if event.type in (E_.APPROVED, E_.REVIEW_ENDED) else done


def _joins_by_opening_another(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
    if isinstance(command, c.RequestReview) and state.review:
        ending = ended(state, ReviewEnd.WITHDRAWN)
        return (*ending, *phases.decide(phases.fold(state, ending), command))
    return phases.decide(state, command)


def _remembers() -> Decide:
    """Not a function of what it is asked."""
    calls = count()

    def decide(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
        if isinstance(command, c.Submit):
            command = replace(command, template=next(calls) % 2 == 1)
        return phases.decide(state, command)

    return decide


def _later_phases_stay_open(before: ProjectState, state: ProjectState) -> ProjectState:
    return replace(state, phases={**before.phases, Phase.MOOD: state.work(Phase.MOOD)})


def _ends_nothing(before: ProjectState, state: ProjectState) -> ProjectState:
    return replace(state, status=IterationStatus.OPEN, current=before.current)


def _resumes_by_passing(_: ProjectState, state: ProjectState) -> ProjectState:
    following = Phase.IMPLEMENTATION if state.lane is Lane.LIGHT else Phase.ARCHITECTURE
    if state.current is not Phase.MOOD:
        return state
    mood = replace(state.work(Phase.MOOD), stage=Stage.APPROVED)
    opened = replace(state.work(following), stage=Stage.DRAFTING)
    return replace(state.with_phase(Phase.MOOD, mood).with_phase(following, opened), current=following)


def _refuses_without_a_way_out(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
    try:
        return phases.decide(state, command)
    except LawRefusal as refusal:
        raise LawRefusal(refusal.law, refusal.public, "") from None


def _answers_nothing(state: ProjectState, command: c.Command) -> tuple[Event, ...]:
    try:
        return phases.decide(state, command)
    except LawRefusal:
        return ()


MUTANTS = (
    Mutant(1, "a submission opens the next phase", evolve=after(E_.SUBMITTED, _opens_the_next_at_once)),
    Mutant(1, "evidence before anything is built", decide=_evidence_of_nothing),
    Mutant(
        1,
        "a lost root leaves the project where it was",
        evolve=after(E_.REFOUNDED, lambda old, new: replace(old, version=new.version)),
    ),
    Mutant(2, "contributors vote", decide=asked(_nobody_contributed)),
    Mutant(2, "contributors waive", decide=asked(_own_findings_waived)),
    Mutant(2, "strangers vote", decide=asked(_everybody_is_in_force)),
    Mutant(
        2,
        "whose work a lost root had approved is forgotten",
        evolve=after(E_.REFOUNDED, lambda old, new: replace(new, contributed=old.contributed)),
    ),
    Mutant(2, "agents abandon", decide=asked(_anybody_abandons)),
    Mutant(2, "nobody answers for a submission", decide=asked(_owners_are_not_asked)),
    Mutant(
        2,
        "an abandoned iteration's contributors are forgotten",
        evolve=after(E_.ITERATION_STARTED, lambda _, state: replace(state, contributed={})),
    ),
    Mutant(3, "a vote counts in another review", decide=asked(_any_vote_fits)),
    Mutant(3, "a vote counts on older facts or policy", decide=asked(_what_is_true_now_does_not_matter)),
    Mutant(3, "a revision moves under review", decide=asked(_moves_under_review)),
    Mutant(4, "findings do not block", decide=asked(_nothing_blocks)),
    Mutant(4, "everything can be waived", decide=asked(_everything_is_waivable)),
    Mutant(5, "a review is closed as approved", decide=_verdict_by_order),
    Mutant(5, "one approval is enough", decide=asked(_one_is_enough)),
    Mutant(5, "votes of revoked approvers count", decide=asked(_void_votes_count)),
    Mutant(5, "one owner votes twice", decide=asked(_votes_are_not_final)),
    Mutant(5, "what was rejected stands", evolve=after(E_.REVIEW_ENDED, _rejection_is_forgotten)),
    Mutant(
        5,
        "what was signed under a lost root stands",
        evolve=after(E_.REFOUNDED, lambda _, state: every_work(state, lambda work: replace(work, sign_again=False))),
    ),
    Mutant(6, "a vote is not counted", evolve=after(E_.VOTED, lambda old, new: replace(new, version=old.version))),
    Mutant(
        6,
        "revision numbers begin again",
        evolve=after(E_.ITERATION_STARTED, lambda _, state: replace(state, last_revision={})),
    ),
    Mutant(
        6,
        "reopening deletes",
        evolve=after(E_.REOPENED, lambda _, state: state.with_phase(Phase.SPECIFICATION, PhaseWork())),
    ),
    Mutant(
        6,
        "what a later approval replaced is carried on",
        evolve=_falls_back_further,
    ),
    Mutant(7, "joining opens another review", decide=_joins_by_opening_another),
    Mutant(7, "the answer depends on earlier questions", decide=_remembers()),
    Mutant(8, "reopening leaves later phases open", evolve=after(E_.REOPENED, _later_phases_stay_open)),
    Mutant(8, "completion ends nothing", evolve=after(E_.COMPLETED, _ends_nothing)),
    Mutant(8, "a full mood opens the light lane", evolve=after(E_.RESUMED, _resumes_by_passing)),
    Mutant(
        8,
        "reopening suspends nothing",
        evolve=after(E_.REOPENED, lambda _, state: every_work(state, lambda work: replace(work, suspended=False))),
    ),
    Mutant(
        8,
        "the old vibe's mood and validation go into review",
        evolve=after(
            E_.ITERATION_STARTED,
            lambda _, state: every_work(state, lambda work: replace(work, iteration=state.iteration)),
        ),
    ),
    Mutant(9, "a refusal without a next step", decide=_refuses_without_a_way_out),
    Mutant(9, "what the table refuses is answered", decide=_answers_nothing),
)
