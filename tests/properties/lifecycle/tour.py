"""One fixed walk past everything that a law forbids: the product refuses each, and a broken one is caught there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.properties.lifecycle.world import World
from tests.unit.lifecycle.walk import everybody
from vdw.domain.ids import NOBODY, PersonId
from vdw.domain.policy import Policy
from vdw.domain.stages import Lane, Phase, ReviewEnd
from vdw.errors import LawRefusal
from vdw.lifecycle import commands as c


@dataclass
class Tour:
    """Needs a world in the full lane whose policy asks two approvals; the world raises `LawBroken` where a law is.

    `slips` are the places where the product did otherwise than it should. The tour goes on from there, so that a law
    is broken in the end by whoever began to.
    """

    world: World
    slips: list[str] = field(default_factory=list)

    def refused(self, command: c.Command) -> None:
        try:
            self.world.do(command)
        except LawRefusal:
            return
        self.slips.append(f"did {command}")

    def stands(self, *phases: Phase) -> None:
        passed = self.world.stand()
        if passed != list(phases):
            self.slips.append(f"passed {passed}, not {phases}")

    def run(self) -> None:
        self._before_the_first_review()
        self._votes()
        self._reopening_and_resuming()
        self._rejection_after_approval()
        self._policy_in_review()
        self._a_lost_root()
        self._the_end_of_an_iteration()
        self._an_abandoned_iteration()
        self._lanes()
        self._what_the_light_lane_leaves_behind()
        self._a_root_lost_between_iterations()
        self.world.require_the_fold()

    def _before_the_first_review(self) -> None:
        world = self.world
        world.require_an_answer_to_everything()
        self.refused(c.RecordEvidence("evidence", "run"))
        self.refused(c.Submit(Phase.MOOD, "digest", NOBODY))
        world.submit("ann")
        world.submit("bob")
        world.move_facts(blocking=1)
        self.refused(world.review_command())
        self.refused(world.waiver("cat", waivable=False))
        self.refused(world.waiver("bob"))
        world.waive("cat")
        world.move_facts()
        world.request_review()
        world.request_review()
        world.require_an_answer_to_everything()

    def _votes(self) -> None:
        """Two of Cat, Dan and Eve must approve; Ann and Bob contributed."""
        world = self.world
        early = world.ballot("key-cat")
        world.move_facts()
        self.refused(world.ballot("key-cat"))
        world.reissue()
        for late in (early, replace(early, digest="another"), replace(early, review="another")):
            self.refused(world.as_of_now(late))
        self.refused(world.ballot("key-ann"))
        self.refused(world.ballot("key-eve"))
        self.refused(c.CloseReview(ReviewEnd.APPROVED))
        self.refused(c.Submit(Phase.MOOD, "digest", PersonId("ann")))
        self.refused(c.Abandon(by_human=False))
        world.vote("key-cat")
        self.refused(world.ballot("key-cat"))
        world.revoke("key-cat")
        world.vote("key-dan")
        world.enrol("key-eve")
        world.move_facts(blocking=1)
        world.reissue()
        self.refused(world.ballot("key-eve"))
        world.move_facts()
        world.reissue()
        world.vote("key-eve")
        world.approvers = everybody()

    def _reopening_and_resuming(self) -> None:
        world = self.world
        world.change_policy(Policy())
        world.go_to(Phase.IMPLEMENTATION)
        world.reopen(Phase.ARCHITECTURE)
        self.stands()
        world.resume()
        self.stands(Phase.ARCHITECTURE, Phase.SPECIFICATION)

    def _rejection_after_approval(self) -> None:
        world = self.world
        world.reopen(Phase.ARCHITECTURE)
        world.request_review()
        world.reject()
        self.refused(c.Resume())
        self.stands()

    def _policy_in_review(self) -> None:
        world = self.world
        world.open_review()
        world.change_policy(Policy(quorum=2), close=False)
        self.refused(world.ballot("key-bob"))
        world.request_review()
        world.vote("key-bob")
        world.vote("key-cat")
        self.stands()
        world.request_review()
        world.reopen(Phase.MOOD)
        world.resume()
        world.change_policy(Policy())
        self.stands(Phase.MOOD, Phase.ARCHITECTURE, Phase.SPECIFICATION)

    def _a_lost_root(self) -> None:
        """Mood is signed again as it is; Cat changes what Ann's agent made of the architecture, so neither decides."""
        world = self.world
        world.open_review()
        world.refound()
        world.require_an_answer_to_everything()
        self.refused(c.Resume())
        self.stands()
        world.request_review()
        world.vote("key-cat")
        self.stands()
        world.submit("cat")
        world.request_review()
        self.refused(world.ballot("key-ann"))
        self.refused(world.ballot("key-cat"))
        world.vote("key-dan")
        self.stands()

    def _a_root_lost_between_iterations(self) -> None:
        """The completed iteration stays; the next one signs again what it would have been passed by."""
        world = self.world
        world.refound()
        world.start_iteration(Lane.LIGHT)
        world.pass_gate()
        self.stands()
        world.request_review()
        world.vote("key-cat")
        self.stands()

    def _the_end_of_an_iteration(self) -> None:
        self.world.complete()
        self.world.require_an_answer_to_everything()
        self.refused(c.Reopen(Phase.MOOD))
        self.refused(c.Submit(Phase.MOOD, "digest", PersonId("ann")))

    def _an_abandoned_iteration(self) -> None:
        """Bob's revision went with it, but Bob decides on no successor of it."""
        world = self.world
        world.start_iteration()
        self.refused(world.review_command())
        world.submit("bob")
        world.abandon()
        world.start_iteration()
        world.open_review("ann")
        self.refused(world.ballot("key-bob"))
        world.vote("key-cat")
        self.stands(Phase.ARCHITECTURE, Phase.SPECIFICATION, Phase.IMPLEMENTATION)
        self.refused(world.review_command())
        world.complete()

    def _lanes(self) -> None:
        world = self.world
        world.start_iteration(Lane.LIGHT)
        world.pass_gate()
        world.open_review()
        world.change_lane(Lane.FULL)
        self.stands(Phase.ARCHITECTURE, Phase.SPECIFICATION, Phase.IMPLEMENTATION)
        world.reopen(Phase.MOOD)
        world.pass_gate()
        world.reopen(Phase.MOOD)
        world.change_lane(Lane.LIGHT)
        world.resume()
        self.stands()
        self.refused(world.review_command())
        world.complete()

    def _what_the_light_lane_leaves_behind(self) -> None:
        """The architecture was approved twice and the second approval rejected: the draft over it falls back on
        neither."""
        world = self.world
        world.start_iteration()
        world.pass_gate()
        for _ in range(2):
            world.reopen(Phase.ARCHITECTURE)
            world.pass_gate()
        world.reopen(Phase.ARCHITECTURE)
        world.request_review()
        world.reject()
        world.submit()
        world.reopen(Phase.MOOD)
        world.change_lane(Lane.LIGHT)
        world.complete()
        world.start_iteration()
        world.complete()
