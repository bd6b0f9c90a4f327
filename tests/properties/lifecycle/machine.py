"""Random walks: any caller, any command, any moment; a service that is honest; a tenant that changes its mind.

One rule draws who does what. A rule for each act would let hypothesis leave acts out of whole walks, and walks would
consist mostly of what is possible everywhere and leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.properties.lifecycle.world import World
from tests.unit.lifecycle.walk import APPROVERS, everybody, owner_of
from vdw.domain.ids import ApproverId, PersonId
from vdw.domain.policy import Policy
from vdw.domain.stages import PHASES, GateVerdict, Lane, Phase, ReviewEnd, Stage
from vdw.errors import LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle.table import Situation, situation

OWNERS = st.sampled_from(["ann", "ann", "bob", "cat", ""])
SIGNERS = st.sampled_from([*APPROVERS, "key-bob-2", "key-eve"])
"""Approvers, a second key of one of them, and somebody who is none."""
LANES = st.sampled_from(Lane)
VERDICTS = st.sampled_from([GateVerdict.APPROVE, GateVerdict.APPROVE, GateVerdict.REJECT])
POLICIES = st.builds(
    Policy,
    quorum=st.sampled_from([1, 1, 2, 3]),
    self_approval=st.booleans(),
    lanes=st.sampled_from([("full", "light"), ("full", "light"), ("full",), ("light",)]),
    template_drafts=st.booleans(),
)
SELDOM = st.sampled_from([False, False, False, True])

Act = Callable[[st.DataObject], None]


class Walks(RuleBasedStateMachine):
    """`make` is what a test of the checks replaces by a broken product."""

    make: Callable[[Lane, Policy], World] = World
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.ballots: list[c.CastVote] = []

    def attempt(self, command: c.Command) -> None:
        """A refusal is an answer; anything else that is raised fails the walk."""
        try:
            self.world.do(command)
        except LawRefusal:
            return

    @initialize(lane=LANES, policy=POLICIES, gates=st.integers(0, 4))
    def begin(self, lane: Lane, policy: Policy, gates: int) -> None:
        usable = lane if lane.value in policy.lanes else Lane(policy.lanes[0])
        self.world = self.make(usable, policy)
        self.pass_gates(gates, PersonId("ann"))

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.acts()))(data)

    def acts(self) -> list[Act]:
        """What may come next; what leads on from here stands there more often."""
        at = situation(self.world.state)
        outside = [self.move_facts, self.change_policy, self.enrol_or_revoke, self.refound, self.standing_approvals]
        acts = [self.stray, self.everybody_does_what_is_right, *outside]
        if at in (Situation.COMPLETED, Situation.ABANDONED):
            return [*acts, *[self.start_iteration] * 6]
        acts += [self.submit, self.request_review, self.change_lane, self.record_evidence, self.abandon, self.waive]
        acts += [self.request_review] * 3 * (at is Situation.DRAFTING)
        acts += [self.reopen] * 3 * bool(self.approved())
        acts += [self.resume] * 3 * (at is Situation.SUSPENDED)
        if at is Situation.REVIEW:
            acts += [self.vote, self.close_review, *[self.vote_rightly] * 6]
            acts += [self.replay_a_vote] * 2 * bool(self.ballots)
        return acts

    @invariant()
    def everything_has_an_answer(self) -> None:
        self.world.require_an_answer_to_everything()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.require_the_fold()

    # The project.

    def submit(self, data: st.DataObject) -> None:
        world = self.world
        digest, owner = world.name("digest"), data.draw(OWNERS)
        self.attempt(
            c.Submit(world.here, digest, PersonId(owner), template=data.draw(SELDOM), withdraw=data.draw(SELDOM))
        )

    def request_review(self, _: st.DataObject) -> None:
        self.attempt(self.world.review_command())

    def approved(self) -> list[Phase]:
        return [phase for phase, work in self.world.state.phases.items() if work.stage is Stage.APPROVED]

    def reopen(self, data: st.DataObject) -> None:
        self.attempt(c.Reopen(data.draw(st.sampled_from(self.approved()))))

    def resume(self, _: st.DataObject) -> None:
        self.attempt(c.Resume())

    def change_lane(self, data: st.DataObject) -> None:
        self.attempt(c.ChangeLane(data.draw(LANES), self.world.policy))

    def record_evidence(self, _: st.DataObject) -> None:
        self.attempt(c.RecordEvidence(self.world.name("evidence"), "run"))

    def abandon(self, data: st.DataObject) -> None:
        self.attempt(c.Abandon(by_human=data.draw(SELDOM)))

    def start_iteration(self, data: st.DataObject) -> None:
        world = self.world
        source = f"SRC-{world.state.iteration + 1}"
        self.attempt(c.StartIteration(data.draw(LANES), source, world.name("vibe"), world.policy))

    def everybody_does_what_is_right(self, data: st.DataObject) -> None:
        self.pass_gates(data.draw(st.integers(1, 5)), PersonId(data.draw(st.sampled_from(["ann", "bob"]))))

    def pass_gates(self, gates: int, owner: PersonId) -> None:
        world = self.world
        world.move_facts()
        world.approvers.update(everybody())
        for _ in range(gates):
            if world.state.current is None:
                return
            self.attempt(c.Submit(world.here, world.name("digest"), owner, withdraw=True))
            self.attempt(world.review_command())
            for signer in APPROVERS:
                if world.state.review is not None:
                    self.attempt(world.ballot(signer))
            world.stand()

    def stray(self, data: st.DataObject) -> None:
        """Any command, in place or not: of every kind, for any phase, any revision there ever was."""
        world = self.world
        commands = world.one_of_each()
        commands += [c.Submit(phase, world.name("digest"), PersonId("cat")) for phase in PHASES]
        commands += [c.Reopen(phase) for phase in PHASES]
        commands += [world.review_command(digest) for digest in world.shadow.papers]
        self.attempt(data.draw(st.sampled_from(commands)))

    # Whoever signs.

    def vote(self, data: st.DataObject) -> None:
        """Anybody, on anything."""
        ballot = self.world.ballot(data.draw(SIGNERS), data.draw(VERDICTS))
        match data.draw(st.sampled_from(["truth", "another digest", "another brief", "another review"])):
            case "another digest" as named:
                ballot = replace(ballot, digest=named)
            case "another brief" as named:
                ballot = replace(ballot, brief=named)
            case "another review" as named:
                ballot = replace(ballot, review=named)
        self.cast(ballot)

    def vote_rightly(self, data: st.DataObject) -> None:
        """One who may, having looked again; whoever voted before may have been revoked since."""
        world = self.world
        self.attempt(world.review_command())
        review = world.state.review
        if review and review.facts != world.truth().facts:
            world.reissue()
        if review and review.votes and data.draw(st.booleans()):
            world.approvers.pop(review.votes[0].approver, None)
        own = world.state.work(world.here).contributors
        entitled = [approver for approver, owner in world.approvers.items() if owner not in own]
        self.cast(world.ballot(data.draw(st.sampled_from(entitled or [ApproverId("key-eve")])), data.draw(VERDICTS)))

    def replay_a_vote(self, data: st.DataObject) -> None:
        """A statement signed earlier arrives again: in the same review, in a later one, after a change of policy."""
        self.attempt(self.world.as_of_now(data.draw(st.sampled_from(self.ballots))))

    def cast(self, ballot: c.CastVote) -> None:
        self.ballots.append(ballot)
        self.attempt(ballot)

    def waive(self, data: st.DataObject) -> None:
        self.attempt(self.world.waiver(owner_of(data.draw(SIGNERS)), waivable=data.draw(st.booleans())))

    # The world outside.

    def move_facts(self, data: st.DataObject) -> None:
        """Something changes what the rules see; an open review hears of it, or has not yet."""
        world = self.world
        world.move_facts(blocking=data.draw(st.sampled_from([0, 0, 2])))
        review = world.state.review
        if review is not None and data.draw(st.booleans()):
            facts = c.ReissueBrief(review.id, world.name("brief"), world.truth().facts)
            self.attempt(c.CloseReview(ReviewEnd.FINDING) if world.blocking else facts)

    def change_policy(self, data: st.DataObject) -> None:
        self.world.change_policy(data.draw(POLICIES), close=data.draw(st.booleans()))

    def refound(self, _: st.DataObject) -> None:
        self.world.refound()

    def enrol_or_revoke(self, data: st.DataObject) -> None:
        approver = data.draw(st.sampled_from([*APPROVERS, "key-bob-2"]))
        if data.draw(st.booleans()):
            self.world.enrol(approver)
        else:
            self.world.revoke(approver)

    def close_review(self, data: st.DataObject) -> None:
        self.attempt(c.CloseReview(data.draw(st.sampled_from(ReviewEnd))))

    def standing_approvals(self, _: st.DataObject) -> None:
        self.world.stand()
