"""The nine laws, each as a check of one step that knows only the history (`shadow`) and the words of the law.

A check raises `LawBroken` with its number. None of them looks at how `decide` or `evolve` came to their answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.properties.lifecycle.shadow import Shadow, Sitting
from tests.unit.lifecycle.walk import Decide, Step
from vdw.domain.fields import flag, number, text, texts
from vdw.domain.policy import Policy
from vdw.domain.stages import LANE_PHASES, PHASES, GateVerdict, IterationStatus, Lane, Phase, ReviewEnd, Stage
from vdw.errors import LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import Event, EventType
from vdw.lifecycle.state import ProjectState, state_from_json, state_to_json
from vdw.lifecycle.table import TABLE, Refused, situation

ANEW = (Phase.MOOD, Phase.VALIDATION)
WORKING = (Stage.DRAFTING, Stage.REVIEW)
LAWS = range(1, 10)


class LawBroken(AssertionError):
    def __init__(self, law: int, how: str) -> None:
        super().__init__(f"law {law}: {how}")
        self.law = law


@dataclass(frozen=True, slots=True)
class Moment:
    """One step with the history before and after it, and the `decide` that it was made with."""

    step: Step
    past: Shadow
    now: Shadow
    decide: Decide

    def happened(self, kind: EventType) -> list[Event]:
        return [event for event in self.step.events if event.type is kind]


def require(law: int, holds: bool, how: str) -> None:
    if not holds:
        raise LawBroken(law, how)


def law_1(moment: Moment) -> None:
    """Phase n+1 is never drafting unless phase n holds an approval for its current digest."""
    state, now = moment.step.after, moment.now
    lane = LANE_PHASES[now.lane]
    for place, phase in enumerate(lane):
        if state.phases[phase].stage in WORKING:
            for earlier in lane[:place]:
                require(1, now.digests[earlier] in now.approvals, f"{phase} is open and {earlier} is not approved")
    for event in moment.happened(EventType.EVIDENCE_RECORDED):
        require(1, state.current in (Phase.IMPLEMENTATION, Phase.VALIDATION), f"{event} before anything was built")


def law_2(moment: Moment) -> None:
    """Only an approver in force decides, never on work of their own unless the policy says so."""
    command, truth, past = moment.step.command, moment.step.truth, moment.past
    if moment.happened(EventType.VOTED) and isinstance(command, c.CastVote) and past.sitting:
        require(2, truth.approvers.get(command.approver) == command.owner, f"{command.approver} is not in force")
        _require_apart(command.owner, past, past.sitting.phase, truth.policy)
    if moment.happened(EventType.WAIVED) and isinstance(command, c.Waive) and moment.step.before.current:
        _require_apart(command.owner, past, moment.step.before.current, truth.policy)
    for event in moment.happened(EventType.APPROVED):
        deciders = {vote[1] for vote in _counted(moment)}
        itself = bool(deciders & past.papers[past.digests[Phase(text(event.data["phase"]))]].owners)
        require(2, flag(event.data["self_approved"]) == itself, "the record does not say who approved their own")
    for event in moment.happened(EventType.SUBMITTED):
        require(2, isinstance(command, c.Submit) and command.owner != "", "somebody without an owner submitted")
        listed = moment.now.papers[text(event.data["digest"])].owners
        require(2, set(texts(event.data["contributors"])) == listed, "the contributors are not all who submitted")
    if moment.happened(EventType.ABANDONED):
        require(2, isinstance(command, c.Abandon) and command.by_human, "no human abandoned this")
    if moment.happened(EventType.REVIEW_OPENED) and past.papers[_current_digest(moment)].template:
        require(2, truth.policy.template_drafts, "a template draft is in review against the policy")
    for kind in (EventType.REVIEW_OPENED, EventType.LANE_CHANGED, EventType.ITERATION_STARTED):
        if moment.happened(kind):
            require(2, moment.now.lane.value in truth.policy.lanes, f"{kind} in a lane that the policy does not have")


def law_3(moment: Moment) -> None:
    """A vote names its review, digest, policy and brief, and counts only there, while that review is open."""
    command, truth, sitting = moment.step.command, moment.step.truth, moment.past.sitting
    if moment.happened(EventType.VOTED):
        require(3, isinstance(command, c.CastVote) and sitting is not None, "a vote without an open review")
    if moment.happened(EventType.VOTED) and isinstance(command, c.CastVote) and sitting:
        named = (command.review, command.digest, command.brief)
        require(3, named == (sitting.id, sitting.digest, sitting.brief), f"a vote on {named} counted in {sitting.id}")
        require(3, (truth.facts, truth.entry) == (sitting.facts, sitting.entry), "a vote on what is no longer true")
    for event in moment.happened(EventType.APPROVED):
        approved = (text(event.data["digest"]), text(event.data["review"]))
        require(3, sitting is not None and approved == (_current_digest(moment), sitting.id), f"{approved} approved")
    if moment.happened(EventType.SUBMITTED) and sitting:
        require(3, moment.now.sitting is None, "what reviewers see has moved")


def law_4(moment: Moment) -> None:
    """A revision with a blocking finding enters no review, and closes none. Some findings cannot be waived."""
    command, blocking = moment.step.command, moment.step.truth.blocking
    opening = (EventType.REVIEW_OPENED, EventType.APPROVED, EventType.PASSED)
    opened = [event for kind in opening for event in moment.happened(kind)]
    require(4, not (opened and blocking), f"{opened} over {blocking} blocking findings")
    if moment.happened(EventType.VOTED) and isinstance(command, c.CastVote):
        require(4, command.verdict is GateVerdict.REJECT or not blocking, "a vote for a blocked revision")
    if moment.happened(EventType.WAIVED):
        require(4, isinstance(command, c.Waive) and command.waivable, "waived what cannot be waived")


def law_5(moment: Moment) -> None:
    """One verdict a review: n different owners approve, or the first rejection ends it. What was rejected, or signed
    under a lost root, passes nothing."""
    command, past = moment.step.command, moment.past
    ends = [text(event.data["end"]) for event in moment.happened(EventType.REVIEW_ENDED)]
    verdicts = [end for end in ends if end in (ReviewEnd.APPROVED, ReviewEnd.REJECTED)]
    require(5, len(ends) <= 1, "a review ended twice")
    require(5, not verdicts or isinstance(command, c.CastVote), "a verdict without a vote")
    require(5, (verdicts == ["approved"]) == bool(moment.happened(EventType.APPROVED)), "approved without its end")
    if moment.happened(EventType.VOTED) and isinstance(command, c.CastVote) and past.sitting:
        before = {vote[1] for vote in _in_force(moment, past.sitting)}
        require(5, command.owner not in before, f"{command.owner} voted twice")
        owners = {vote[1] for vote in _counted(moment)}
        rejected = command.verdict is GateVerdict.REJECT
        enough = not rejected and len(owners) >= past.sitting.policy.quorum
        expected = ["rejected"] if rejected else ["approved"] if enough else []
        require(5, verdicts == expected, f"{sorted(owners)} decided {verdicts}")
    for event in moment.happened(EventType.APPROVED):
        require(5, set(texts(event.data["envelopes"])) == {vote[3] for vote in _counted(moment)}, "other votes counted")
    for event in moment.happened(EventType.PASSED):
        standing = text(event.data["digest"]) in past.approvals
        require(5, standing, "what was rejected, or signed under a lost root, passed by that approval")
    for event in moment.happened(EventType.REVIEW_OPENED):
        require(5, text(event.data["review"]) not in past.over, "a review opened twice")


def law_6(moment: Moment) -> None:
    """Nothing is deleted: every event adds. No revision number is given twice."""
    before, state, now = moment.step.before, moment.step.after, moment.now
    require(6, state.version == now.count == before.version + len(moment.step.events), "an event is not counted")
    require(6, state_from_json(state_to_json(state)) == state, "the state is not what is stored of it")
    for event in moment.happened(EventType.SUBMITTED):
        phase = Phase(text(event.data["phase"]))
        require(6, number(event.data["revision"]) == now.revisions[phase], "a revision number was given twice")
    for phase in PHASES:
        require(6, state.phases[phase].digest == now.digests[phase], f"the current revision of {phase} was lost")
        approval = before.phases[phase].approval
        kept = approval is None or state.phases[phase].approval is not None
        require(6, kept or moment.happened(EventType.ITERATION_STARTED) != [], f"the approval of {phase} was lost")


def law_7(moment: Moment) -> None:
    """The same command again gives the same answer, and no second effect where the first one settled it."""
    step = moment.step
    if step.command is None:
        return
    require(7, _answer(moment.decide, step.before, step.command) == (step.events, step.refusal is None), "two answers")
    once = c.RequestReview | c.CastVote | c.CloseReview | c.Resume | c.Reopen | c.ChangeLane | c.Abandon | c.Refound
    if isinstance(step.command, once | c.StartIteration) and step.refusal is None:
        again, _ = _answer(moment.decide, step.after, step.command)
        require(7, again == (), f"{step.command} twice had two effects")


def law_8(moment: Moment) -> None:
    """Only the current phase is drafting or in review. An ended iteration never changes."""
    state, past, now = moment.step.after, moment.past, moment.now
    working = [phase for phase in PHASES if state.phases[phase].stage in WORKING]
    require(8, working == ([] if now.ended else [state.current]), f"{working} at once, {state.current} is current")
    require(8, (state.status is IterationStatus.OPEN) != now.ended, f"the iteration is {state.status}")
    lane = LANE_PHASES[now.lane]
    if state.current is not None:
        for phase in PHASES:
            passed = phase in lane and lane.index(phase) < lane.index(state.current)
            require(
                8, (state.phases[phase].stage is Stage.APPROVED) == passed, f"{phase} is {state.phases[phase].stage}"
            )
        _require_lane_decided(state.current, now)
    if past.ended and moment.step.events:
        require(8, bool(moment.happened(EventType.ITERATION_STARTED)), "an ended iteration changed")
    for event in moment.happened(EventType.REOPENED):
        reopened = moment.step.before.phases[Phase(text(event.data["phase"]))]
        require(8, reopened.stage is Stage.APPROVED, "what was not approved was reopened")
    for event in moment.happened(EventType.PASSED):
        _require_standing(moment, Phase(text(event.data["phase"])))
    if moment.happened(EventType.COMPLETED):
        require(8, set(ANEW) <= now.signed, f"completed with {now.signed} decided anew")
    if moment.happened(EventType.REVIEW_OPENED) and moment.step.before.current in ANEW:
        require(8, past.papers[_current_digest(moment)].iteration == past.iteration, "an old vibe's revision in review")


def law_9(moment: Moment) -> None:
    """Every command in every situation has exactly one answer, and each refusal names its law."""
    refusal = moment.step.refusal
    if refusal is not None:
        named = refusal.law in LAWS and refusal.public != "" and refusal.next_step != ""
        require(9, named, f"a refusal that does not say why: {refusal!r}")
    place = situation(moment.step.after)
    for kind, answers in TABLE.items():
        require(9, place in answers, f"{kind} has no answer {place}")
    command = moment.step.command
    if command is not None:
        answer = TABLE[c.KIND[type(command)]][situation(moment.step.before)]
        if isinstance(answer, Refused):
            said = refusal is not None and (refusal.law, refusal.public) == (answer.law, answer.public)
            require(9, said, f"the table refuses {command}, and decide answered {refusal!r}")


Law = Callable[[Moment], None]
ALL_LAWS: tuple[Law, ...] = (law_1, law_2, law_3, law_4, law_5, law_6, law_7, law_8, law_9)


def _require_apart(owner: str, past: Shadow, phase: Phase, policy: Policy) -> None:
    own = owner in past.papers[past.digests[phase]].owners
    require(2, policy.self_approval or not own, f"{owner} decided on work of their own")


def _require_standing(moment: Moment, phase: Phase) -> None:
    past, asked = moment.past, moment.step.truth.policy
    given = past.approvals[past.digests[phase]]
    require(8, phase not in past.suspended, f"{phase} passed though it was reopened")
    require(8, phase not in ANEW or given.iteration == past.iteration, f"{phase} was not decided anew")
    no_more = asked.quorum <= given.policy.quorum and asked.self_approval >= given.policy.self_approval
    require(8, no_more, f"{phase} passed though the policy asks more than its approval had")


def _require_lane_decided(current: Phase, now: Shadow) -> None:
    if now.lane is Lane.LIGHT and current is not Phase.MOOD:
        lane = now.papers[now.digests[Phase.MOOD]].lane
        require(8, lane is Lane.LIGHT, "the light lane without a mood decision for it")


def _current_digest(moment: Moment) -> str:
    current = moment.step.before.current
    return moment.past.digests[current] if current else ""


def _in_force(moment: Moment, sitting: Sitting) -> list[tuple[str, str, str, str]]:
    return [vote for vote in sitting.given if vote[0] in moment.step.truth.approvers]


def _counted(moment: Moment) -> list[tuple[str, str, str, str]]:
    """The votes of the sitting that count once this step's own is in."""
    command, sitting = moment.step.command, moment.past.sitting
    if not isinstance(command, c.CastVote) or sitting is None:
        return []
    return [*_in_force(moment, sitting), (command.approver, command.owner, command.verdict.value, command.envelope)]


def _answer(decide: Decide, state: ProjectState, command: c.Command) -> tuple[tuple[Event, ...], bool]:
    try:
        return decide(state, command), True
    except LawRefusal:
        return (), False
