"""Counting what the log holds: which votes of a review are an approval, which waivers have their quorum. Pure.

1. Votes count in the order of the log and under one root, which is the present one unless a reader of what is over asks
   for another; the first rejection ends a review, and what it rejected stays rejected until a later review approves it.
2. A quorum is of different owners, by the policy under which they signed; what was signed under another does not add
   up.
3. What was signed with a key that was ended before the quorum was reached is void. What was reached stays; a waiver
   lifts nothing while the policy in force asks more than its own did, as an approval then stands no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TypeVar

from vdw.domain.canonical import Digest
from vdw.domain.ids import ProjectId
from vdw.domain.stages import GateVerdict, Phase
from vdw.trust.state import Accepted, Root, TrustState
from vdw.trust.statements import DecisionStatement, WaiverStatement

S = TypeVar("S", DecisionStatement, WaiverStatement)


@dataclass(frozen=True, slots=True)
class Tally:
    """How a review stands. `verdict` is None while votes are missing."""

    verdict: GateVerdict | None
    envelopes: tuple[Digest, ...]
    """The approvals that make the quorum, or have come so far; or the one rejection."""
    self_approved: bool


@dataclass(frozen=True, slots=True)
class WaiverTally:
    """How a waiver stands: what was signed of it, in the order of the log."""

    reached: bool
    """Whether it got its quorum."""
    counted: tuple[WaiverStatement, ...]
    """Those that made the quorum, or that count still beside a signature made now."""
    signed: tuple[WaiverStatement, ...]
    """All, also of keys that were ended before the quorum."""
    quorum: int

    @property
    def until(self) -> str:
        """The earliest day that was named."""
        return min(each.until for each in self.counted or self.signed)


def count_votes(state: TrustState, project: ProjectId, review: str, root: Root | None = None) -> Tally:
    """The tally of the review's votes in the log, under the root (None: the present one)."""
    under = root or state.present_root
    votes = [state.decisions[envelope] for envelope in state.reviews.get((project, review), ())]
    votes = [vote for vote in votes if under.covers(vote.position)]
    approvals = list(takewhile(lambda vote: vote.statement.verdict is GateVerdict.APPROVE, votes))
    reached, given = _counted(state, approvals, lambda found: (found.policy, found.digest))
    if reached:
        return _tally(state, GateVerdict.APPROVE, given)
    if len(approvals) < len(votes):
        return _tally(state, GateVerdict.REJECT, [votes[len(approvals)]])
    return _tally(state, None, given)


def is_approval(
    state: TrustState, envelopes: Sequence[str], project: ProjectId, digest: str, root: Root | None = None
) -> bool:
    """Whether these envelopes hold an approval of this digest under the root (None: the present one): one review, its
    quorum, no rejection before, and none of the same digest since that no later approval took back."""
    votes = [state.decisions.get(envelope) for envelope in envelopes]
    reviews = {vote.statement.review for vote in votes if vote is not None}
    if len(reviews) != 1 or not all(state.approves(envelope, project, digest, root) for envelope in envelopes):
        return False
    tally = count_votes(state, project, reviews.pop(), root)
    if tally.verdict is not GateVerdict.APPROVE or not set(tally.envelopes) <= set(envelopes):
        return False
    return not is_rejected(state, project, digest, root)


def is_rejected(state: TrustState, project: ProjectId, digest: str, root: Root | None = None) -> bool:
    """Whether, of all reviews of this digest that have their verdict under the root (None: the present one), the one
    that got it last was rejected: law 5, by the log alone. A manifest names its phase, so a digest belongs to one
    gate."""
    newest = _newest(
        state, project, state.reviewed.get((project, digest), ()), root, lambda found: found.digest == digest
    )
    return newest is not None and newest.statement.verdict is GateVerdict.REJECT


def opening_vote(
    state: TrustState, project: ProjectId, digest: str, root: Root | None = None
) -> Accepted[DecisionStatement] | None:
    """The vote that completed the newest approval of this digest under the root (None: the present one)."""
    wanted = (digest, GateVerdict.APPROVE)
    reviews = state.reviewed.get((project, digest), ())
    return _newest(state, project, reviews, root, lambda found: (found.digest, found.verdict) == wanted)


def newest_approval(
    state: TrustState, project: ProjectId, gate: Phase, root: Root | None = None, *, before: str = ""
) -> DecisionStatement | None:
    """The signature that completed the newest approval of this gate under the root (None: the present one) or one that
    replaced it, whatever was rejected since; of those before the review `before`, if one is named. What was approved
    earlier stands no more."""
    wanted = (gate, GateVerdict.APPROVE)
    reviews = _reviews(state, project, gate, before)
    newest = None
    for under in state.roots_from(root or state.present_root):
        newest = _newest(state, project, reviews, under, lambda found: (found.gate, found.verdict) == wanted) or newest
    return newest.statement if newest else None


def unanswered(
    state: TrustState, project: ProjectId, gate: Phase, *, before: str = ""
) -> tuple[DecisionStatement, ...]:
    """The votes with comments that no later approval of the gate answered, newest first; of those before the review
    `before`, if one is named."""
    said: list[DecisionStatement] = []
    for review in reversed(_reviews(state, project, gate, before)):
        votes = [state.decisions[envelope] for envelope in state.reviews[project, review]]
        if count_votes(state, project, review, state.root_at(votes[0].position)).verdict is GateVerdict.APPROVE:
            break
        said += [vote.statement for vote in reversed(votes) if vote.statement.comments and vote.statement.gate is gate]
    return tuple(said)


def approving_root(state: TrustState, envelopes: Sequence[str], project: ProjectId, digest: str) -> Root | None:
    """The root under which these envelopes are an approval of this digest: the present one, one that was replaced, or
    None where they are none. Only the present one's opens anything."""
    signed = [state.decisions[envelope].position for envelope in envelopes if envelope in state.decisions]
    root = state.root_at(signed[0]) if signed else state.present_root
    return root if is_approval(state, envelopes, project, digest, root) else None


def approvals_of(state: TrustState, project: ProjectId) -> tuple[DecisionStatement, ...]:
    """Every approval of the project under the present root, oldest first: of each, the vote that made it one."""
    found: list[DecisionStatement] = []
    envelope = state.last_statement(project)
    while envelope is not None:
        vote = state.decisions.get(envelope)
        if vote is None:
            envelope = state.waivers[envelope].statement.previous
            continue
        tally = count_votes(state, project, vote.statement.review)
        if tally.verdict is GateVerdict.APPROVE and tally.envelopes[-1] == envelope:
            found.append(vote.statement)
        envelope = vote.statement.previous
    return tuple(reversed(found))


def _reviews(state: TrustState, project: ProjectId, gate: Phase, before: str) -> tuple[str, ...]:
    """The reviews in which the gate was voted on, oldest first; up to the review `before`, if it is one of them."""
    known = state.gates.get((project, gate), ())
    return known[: known.index(before)] if before in known else known


def _newest(
    state: TrustState,
    project: ProjectId,
    reviews: Iterable[str],
    root: Root | None,
    wanted: Callable[[DecisionStatement], bool],
) -> Accepted[DecisionStatement] | None:
    """The wanted one that came last, of the votes that gave these reviews their verdicts."""
    tallies = (count_votes(state, project, review, root) for review in reviews)
    last = (state.decisions[found.envelopes[-1]] for found in tallies if found.verdict is not None)
    return max((vote for vote in last if wanted(vote.statement)), key=lambda vote: vote.position, default=None)


def waivers_with_quorum(state: TrustState, project: ProjectId) -> tuple[WaiverStatement, ...]:
    """Each waiver that enough different owners signed, by a policy that asked no less than the one in force; it ends on
    the earliest day they named."""
    return tuple(
        replace(tally.counted[0], until=tally.until)
        for tally in count_waivers(state, project)
        if tally.reached and state.policy.asks_no_more_than(state.policies[tally.counted[0].policy])
    )


def waivers_begun(state: TrustState, project: ProjectId) -> tuple[tuple[WaiverStatement, ...], ...]:
    """What was signed of each waiver that lacks signatures, as far as it counts beside a signature made now."""
    return tuple(
        tally.counted
        for tally in count_waivers(state, project)
        if not tally.reached and tally.counted and tally.counted[0].policy == state.policy_entry
    )


def count_waivers(state: TrustState, project: ProjectId, root: Root | None = None) -> tuple[WaiverTally, ...]:
    """The project's waivers under the root (None: the present one), in the order of the log. Statements under one
    waiver id add up only where they speak of the same finding at the same gate."""
    under = root or state.present_root
    groups: dict[object, list[Accepted[WaiverStatement]]] = {}
    for accepted in state.waivers.values():
        found = accepted.statement
        if found.project == project and under.covers(accepted.position):
            key = (found.waiver, found.iteration, found.gate, found.rule, found.subjects)
            groups.setdefault(key, []).append(accepted)
    return tuple(_waiver_tally(state, signed) for signed in groups.values())


def _waiver_tally(state: TrustState, signed: Sequence[Accepted[WaiverStatement]]) -> WaiverTally:
    reached, counted = _counted(state, signed, lambda found: found.policy)
    return WaiverTally(
        reached,
        tuple(each.statement for each in counted),
        tuple(each.statement for each in signed),
        state.policies[signed[-1].statement.policy].quorum,
    )


def _counted(
    state: TrustState, signed: Iterable[Accepted[S]], about: Callable[[S], object]
) -> tuple[bool, list[Accepted[S]]]:
    """Whether these reached the quorum of the policy that they were signed under, and those that did, or that count
    still.

    Only those that are about the same add up, and only as long as their keys are in force.
    """
    given: list[Accepted[S]] = []
    for last in signed:
        subject = about(last.statement)
        given = [
            each for each in given if about(each.statement) == subject and _in_force_at(state, each, last.position)
        ]
        given.append(last)
        owners = {state.owner_of(each.statement.approver) for each in given}
        if len(owners) >= state.policies[last.statement.policy].quorum:
            return True, given
    return False, [each for each in given if _in_force_at(state, each, state.position)]


def _in_force_at(state: TrustState, signed: Accepted[S], position: int) -> bool:
    until = state.approvers[signed.statement.approver].until
    return until is None or until > position


def _tally(state: TrustState, verdict: GateVerdict | None, votes: Sequence[Accepted[DecisionStatement]]) -> Tally:
    itself = any(state.owner_of(vote.statement.approver) in vote.statement.owners for vote in votes)
    return Tally(verdict, tuple(vote.envelope for vote in votes), itself)
