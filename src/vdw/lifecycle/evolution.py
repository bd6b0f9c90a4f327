"""How each event changes a project's state. Total and pure: an event that was stored can always be folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from vdw.domain.canonical import JsonObject
from vdw.domain.fields import flag, number, text, texts
from vdw.domain.ids import ApproverId, PersonId, ProjectId, TenantId
from vdw.domain.stages import (
    PHASES,
    IterationStatus,
    Lane,
    Phase,
    ReviewEnd,
    Stage,
    next_phase,
)
from vdw.lifecycle.events import Event, EventType
from vdw.lifecycle.state import (
    PhaseWork,
    ProjectState,
    Review,
    Vote,
    approval_from_json,
    persons,
)

FIRST_SOURCE = "SRC-1"


def created(tenant: TenantId, project: ProjectId, lane: Lane, source_digest: str) -> Event:
    return Event(
        EventType.CREATED,
        {
            "tenant": tenant,
            "project": project,
            "lane": lane.value,
            "source": FIRST_SOURCE,
            "source_digest": source_digest,
        },
    )


def first_state(event: Event) -> ProjectState:
    """The state after a project's first event."""
    data = event.data
    return ProjectState(
        tenant=TenantId(text(data["tenant"])),
        project=ProjectId(text(data["project"])),
        version=1,
        iteration=1,
        lane=Lane(text(data["lane"])),
        status=IterationStatus.OPEN,
        current=Phase.MOOD,
        source=text(data["source"]),
        source_digest=text(data["source_digest"]),
        phases={phase: PhaseWork(stage=Stage.DRAFTING if phase is Phase.MOOD else Stage.PENDING) for phase in PHASES},
    )


def evolve(state: ProjectState, event: Event) -> ProjectState:
    """The state after one more event; its version is one higher."""
    after = _CHANGES[event.type](state, event.data)
    return replace(after, version=state.version + 1)


def _submitted(state: ProjectState, data: JsonObject) -> ProjectState:
    phase = Phase(text(data["phase"]))
    revision = number(data["revision"])
    contributors = persons(data["contributors"])
    before = state.work(phase)
    work = replace(
        before,
        stage=Stage.DRAFTING,
        revision=revision,
        iteration=state.iteration,
        digest=text(data["digest"]),
        lane=Lane(text(data["lane"])),
        template=flag(data["template"]),
        contributors=contributors,
        rejected=False,
        sign_again=False,
    )
    return replace(
        state.with_phase(phase, work),
        last_revision={**state.last_revision, phase: revision},
        contributed={**state.contributed, phase: contributors},
        covered={**state.covered, phase: before} if before.approved_as_is else state.covered,
    )


def _review_opened(state: ProjectState, data: JsonObject) -> ProjectState:
    phase = Phase(text(data["phase"]))
    review = Review(
        id=text(data["review"]),
        phase=phase,
        digest=text(data["digest"]),
        brief=text(data["brief"]),
        facts=text(data["facts"]),
        policy=text(data["policy"]),
        log_head=text(data["log_head"]),
        quorum=number(data["quorum"]),
    )
    return replace(state.with_phase(phase, replace(state.work(phase), stage=Stage.REVIEW)), review=review)


def _brief_reissued(state: ProjectState, data: JsonObject) -> ProjectState:
    review = state.review
    return replace(
        state, review=replace(review, brief=text(data["brief"]), facts=text(data["facts"])) if review else None
    )


def _voted(state: ProjectState, data: JsonObject) -> ProjectState:
    review = state.review
    vote = Vote(
        ApproverId(text(data["approver"])), PersonId(text(data["owner"])), text(data["verdict"]), text(data["envelope"])
    )
    return replace(state, review=replace(review, votes=(*review.votes, vote)) if review else None)


def _review_ended(state: ProjectState, data: JsonObject) -> ProjectState:
    phase = Phase(text(data["phase"]))
    after = replace(state.with_phase(phase, replace(state.work(phase), stage=Stage.DRAFTING)), review=None)
    return _rejected(after, phase) if data["end"] == ReviewEnd.REJECTED else after


def _rejected(state: ProjectState, phase: Phase) -> ProjectState:
    """No approval of these bytes from an earlier review opens anything now, nor in a later iteration (law 5)."""
    rejected = state.work(phase)
    digest = rejected.digest

    def marked(works: Mapping[Phase, PhaseWork]) -> Mapping[Phase, PhaseWork]:
        return {
            other: replace(work, rejected=True, sign_again=False) if other is phase and work.digest == digest else work
            for other, work in works.items()
        }

    was_approved = rejected.approval is not None and rejected.approval.digest == digest
    return replace(
        state,
        phases=marked(state.phases),
        completed=marked(state.completed),
        covered=_without_earlier(state, phase) if was_approved else state.covered,
    )


def _without_earlier(state: ProjectState, phase: Phase) -> Mapping[Phase, PhaseWork]:
    """`covered` where the phase falls back on nothing: a later approval took the place of every earlier one (law 5)."""
    return {**state.covered, phase: PhaseWork()}


def _approved(state: ProjectState, data: JsonObject) -> ProjectState:
    phase = Phase(text(data["phase"]))
    approval = approval_from_json({**data, "iteration": state.iteration})
    signed = replace(state.work(phase), approval=approval, suspended=False, rejected=False, sign_again=False)
    work = replace(signed, stage=Stage.APPROVED)
    after = replace(
        state.with_phase(phase, work),
        contributed={**state.contributed, phase: ()},
        made={**state.made, phase: work.contributors},
        covered=_without_earlier(state, phase),
    )
    return _advance(after, phase)


def _passed(state: ProjectState, data: JsonObject) -> ProjectState:
    phase = Phase(text(data["phase"]))
    return _advance(state.with_phase(phase, replace(state.work(phase), stage=Stage.APPROVED)), phase)


def _advance(state: ProjectState, phase: Phase) -> ProjectState:
    following = next_phase(state.lane, phase)
    if following is None:
        return state
    work = replace(state.work(following), stage=Stage.DRAFTING)
    return replace(state.with_phase(following, work), current=following)


def _completed(state: ProjectState, data: JsonObject) -> ProjectState:
    # A phase that the lane left out may hold a draft from before a change to light: only what is approved goes on.
    approved = {**state.completed, **state.covered}
    completed = {
        phase: work if work.approved_as_is else approved.get(phase, PhaseWork()) for phase, work in state.phases.items()
    }
    return replace(
        state, status=IterationStatus.COMPLETED, current=None, completed=completed, verified=flag(data["verified"])
    )


def _unchanged(state: ProjectState, _: JsonObject) -> ProjectState:
    return state


def _reopened(state: ProjectState, data: JsonObject) -> ProjectState:
    phase = Phase(text(data["phase"]))
    work = replace(state.work(phase), stage=Stage.DRAFTING, suspended=True)
    later = {other: replace(state.work(other), stage=Stage.PENDING) for other in state.later(phase)}
    return replace(state, phases={**state.phases, **later, phase: work}, current=phase)


def _resumed(state: ProjectState, data: JsonObject) -> ProjectState:
    phase = Phase(text(data["phase"]))
    return state.with_phase(phase, replace(state.work(phase), suspended=False))


def _lane_changed(state: ProjectState, data: JsonObject) -> ProjectState:
    lane = Lane(text(data["lane"]))
    state = replace(state, lane=lane)
    if lane is Lane.LIGHT or state.current is Phase.MOOD:
        return state
    # Light to full beyond mood: the phases that the light lane left out come first (law 1).
    later = {other: replace(state.work(other), stage=Stage.PENDING) for other in state.later(Phase.MOOD)}
    return _advance(replace(state, phases={**state.phases, **later}), Phase.MOOD)


def _abandoned(state: ProjectState, _: JsonObject) -> ProjectState:
    phases = {
        phase: replace(work, stage=Stage.PENDING) if phase is state.current else work
        for phase, work in state.phases.items()
    }
    return replace(state, status=IterationStatus.ABANDONED, current=None, phases=phases)


def _refounded(state: ProjectState, data: JsonObject) -> ProjectState:
    back = Phase(text(data["phase"]))
    phases, contributed = {**state.phases}, {**state.contributed}
    for phase in map(Phase, texts(data["phases"])):
        work = phases[phase]
        phases[phase] = replace(work, sign_again=True, suspended=False)
        contributed[phase] = tuple(sorted({*contributed.get(phase, ()), *work.contributors}))
    # The approval that had cleared the list is none any more, so whoever made what it approved contributed (law 2).
    for phase in map(Phase, texts(data.get("made", []))):
        contributed[phase] = tuple(sorted({*contributed.get(phase, ()), *state.made.get(phase, ())}))
    if not data["phases"]:
        return replace(state, contributed=contributed)
    later = {other: replace(phases[other], stage=Stage.PENDING) for other in state.later(back)}
    phases = {**phases, **later, back: replace(phases[back], stage=Stage.DRAFTING)}
    return replace(state, phases=phases, contributed=contributed, current=back)


def _iteration_started(state: ProjectState, data: JsonObject) -> ProjectState:
    base = state.completed or {phase: PhaseWork() for phase in PHASES}
    phases = {phase: replace(work, stage=Stage.PENDING, suspended=False) for phase, work in base.items()}
    phases[Phase.MOOD] = replace(phases[Phase.MOOD], stage=Stage.DRAFTING)
    return replace(
        state,
        iteration=number(data["iteration"]),
        lane=Lane(text(data["lane"])),
        status=IterationStatus.OPEN,
        current=Phase.MOOD,
        source=text(data["source"]),
        source_digest=text(data["source_digest"]),
        phases=phases,
        covered={},
    )


_CHANGES: dict[EventType, Callable[[ProjectState, JsonObject], ProjectState]] = {
    EventType.SUBMITTED: _submitted,
    EventType.REVIEW_OPENED: _review_opened,
    EventType.BRIEF_REISSUED: _brief_reissued,
    EventType.VOTED: _voted,
    EventType.REVIEW_ENDED: _review_ended,
    EventType.APPROVED: _approved,
    EventType.PASSED: _passed,
    EventType.RESUMED: _resumed,
    EventType.COMPLETED: _completed,
    EventType.WAIVED: _unchanged,
    EventType.EVIDENCE_RECORDED: _unchanged,
    EventType.REOPENED: _reopened,
    EventType.LANE_CHANGED: _lane_changed,
    EventType.ABANDONED: _abandoned,
    EventType.REFOUNDED: _refounded,
    EventType.ITERATION_STARTED: _iteration_started,
}
