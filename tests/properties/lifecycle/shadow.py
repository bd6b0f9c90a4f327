"""What a project's history means, told a second time: from commands, truth and event names, without the product's fold.

The laws in `laws` are checked against this, so that a mistake in the product's fold cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.unit.lifecycle.walk import Step
from vdw.domain.fields import text
from vdw.domain.policy import Policy
from vdw.domain.stages import PHASES, Lane, Phase, ReviewEnd
from vdw.lifecycle import commands as c
from vdw.lifecycle.events import Event, EventType
from vdw.lifecycle.state import ProjectState


@dataclass(frozen=True, slots=True)
class Sitting:
    """One review. `given` holds the votes as (approver, owner, verdict, envelope)."""

    id: str
    phase: Phase
    digest: str
    brief: str
    facts: str
    entry: str
    policy: Policy
    given: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """One approval of one digest: where, and under which policy."""

    digest: str
    iteration: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of a digest since it was submitted."""

    iteration: int
    lane: Lane
    template: bool
    owners: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shadow:
    lane: Lane
    count: int = 1
    iteration: int = 1
    ended: bool = False
    digests: Mapping[Phase, str] = field(default_factory=lambda: dict.fromkeys(PHASES, ""))
    base: Mapping[Phase, str] = field(default_factory=lambda: dict.fromkeys(PHASES, ""))
    """What the last completed iteration left approved."""
    fallback: Mapping[Phase, str] = field(default_factory=lambda: dict.fromkeys(PHASES, ""))
    """What the next iteration starts from if the current revision is not approved: the revision that was under it and
    whose approval was the phase's last one, or nothing."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    approvals: Mapping[str, Given] = field(default_factory=dict)
    """Digest -> its last approval, unless a rejection of the same digest came after it."""
    forfeited: frozenset[str] = frozenset()
    """Digests whose last approval was signed under a lost root."""
    since: Mapping[Phase, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(PHASES, frozenset()))
    """Owners of all who submitted since the phase's last approval."""
    made: Mapping[Phase, frozenset[str]] = field(default_factory=lambda: dict.fromkeys(PHASES, frozenset()))
    """Owners of the revision that the phase's last approval approved."""
    revisions: Mapping[Phase, int] = field(default_factory=lambda: dict.fromkeys(PHASES, 0))
    suspended: frozenset[Phase] = frozenset()
    sitting: Sitting | None = None
    over: frozenset[str] = frozenset()
    """Ids of the reviews that have ended."""
    signed: frozenset[Phase] = frozenset()
    """Phases that votes approved in this iteration."""

    def after(self, step: Step) -> Shadow:
        shadow = self
        for event in step.events:
            shadow = replace(shadow._after_event(step, event), count=shadow.count + 1)
        return shadow

    def _after_event(self, step: Step, event: Event) -> Shadow:
        command = step.command
        match event.type:
            case EventType.SUBMITTED if isinstance(command, c.Submit):
                return self._submitted(command)
            case EventType.REVIEW_OPENED if isinstance(command, c.RequestReview):
                return replace(self, sitting=_sitting(self, step, command))
            case EventType.BRIEF_REISSUED if isinstance(command, c.ReissueBrief) and self.sitting:
                return replace(self, sitting=replace(self.sitting, brief=command.brief, facts=command.facts))
            case EventType.VOTED if isinstance(command, c.CastVote) and self.sitting:
                vote = (command.approver, command.owner, command.verdict.value, command.envelope)
                return replace(self, sitting=replace(self.sitting, given=(*self.sitting.given, vote)))
            case EventType.REVIEW_ENDED:
                return self._review_ended(text(event.data["end"]))
            case EventType.APPROVED:
                return self._approved(step)
            case EventType.REOPENED if isinstance(command, c.Reopen):
                return replace(self, suspended=self.suspended | {command.phase})
            case EventType.RESUMED if step.before.current:
                return replace(self, suspended=self.suspended - {step.before.current})
            case EventType.LANE_CHANGED if isinstance(command, c.ChangeLane):
                return replace(self, lane=command.lane)
            case EventType.REFOUNDED if isinstance(command, c.Refound):
                return self._refounded(command, step.before)
            case EventType.COMPLETED:
                return replace(self, ended=True, base=self._carried())
            case EventType.ABANDONED:
                return replace(self, ended=True)
            case EventType.ITERATION_STARTED if isinstance(command, c.StartIteration):
                return self._started(command)
        return self

    def _submitted(self, command: c.Submit) -> Shadow:
        phase = command.phase
        since = self.since[phase] | {command.owner}
        paper = Paper(self.iteration, self.lane, command.template, since)
        under = self.digests[phase]
        return replace(
            self,
            fallback={**self.fallback, phase: under} if under in self.approvals else self.fallback,
            digests={**self.digests, phase: command.digest},
            papers={**self.papers, command.digest: paper},
            since={**self.since, phase: since},
            revisions={**self.revisions, phase: self.revisions[phase] + 1},
        )

    def _review_ended(self, end: str) -> Shadow:
        if self.sitting is None:
            return self
        approvals, forfeited, fallback = dict(self.approvals), self.forfeited, self.fallback
        if end == ReviewEnd.REJECTED:
            if self.sitting.digest in self.approvals or self.sitting.digest in self.forfeited:
                fallback = {**fallback, self.sitting.phase: ""}
            approvals.pop(self.sitting.digest, None)
            forfeited -= {self.sitting.digest}
        over = self.over | {self.sitting.id}
        return replace(self, sitting=None, approvals=approvals, forfeited=forfeited, fallback=fallback, over=over)

    def _approved(self, step: Step) -> Shadow:
        phase = step.before.current
        if phase is None:
            return self
        given = Given(self.digests[phase], self.iteration, step.truth.policy)
        return replace(
            self,
            approvals={**self.approvals, given.digest: given},
            forfeited=self.forfeited - {given.digest},
            since={**self.since, phase: frozenset()},
            made={**self.made, phase: self.papers[given.digest].owners},
            fallback={**self.fallback, phase: ""},
            suspended=self.suspended - {phase},
            signed=self.signed | {phase},
        )

    def _refounded(self, command: c.Refound, before: ProjectState) -> Shadow:
        """Whose work was approved under the lost root, or in review under it, submitted it since the last approval that
        still is one."""
        approved = self.forfeited | set(self.approvals)
        lost = {phase: self.digests[phase] for phase in command.lost if self.digests[phase] in approved}
        review = before.review if before.review and before.review.id == command.review else None
        made = {**lost, review.phase: review.digest} if review else lost
        owners = {phase: self.since[phase] | self.made[phase] for phase in command.lost}
        owners |= {
            phase: owners.get(phase, self.since[phase]) | self.papers[digest].owners for phase, digest in made.items()
        }
        return replace(
            self,
            approvals={digest: given for digest, given in self.approvals.items() if digest not in lost.values()},
            forfeited=self.forfeited | set(lost.values()),
            since={**self.since, **owners},
            suspended=self.suspended - set(lost),
            signed=self.signed - set(lost),
        )

    def _carried(self) -> dict[Phase, str]:
        return {
            phase: digest if digest in self.approvals else self.fallback[phase]
            for phase, digest in self.digests.items()
        }

    def _started(self, command: c.StartIteration) -> Shadow:
        return replace(
            self,
            iteration=self.iteration + 1,
            lane=command.lane,
            ended=False,
            digests=self.base,
            fallback=self.base,
            suspended=frozenset(),
            signed=frozenset(),
        )


def _sitting(shadow: Shadow, step: Step, command: c.RequestReview) -> Sitting:
    phase = step.before.current or Phase.MOOD
    digest = shadow.digests[phase]
    return Sitting(command.review, phase, digest, command.brief, command.facts, step.truth.entry, step.truth.policy)
