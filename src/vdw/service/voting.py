"""Whether somebody's vote would count, asked before they sign: by the same law as when the signature arrives.

It reads only, and takes no verdict of the rules: what moved since the brief was shown is found when the signature
arrives.
"""

from __future__ import annotations

from vdw.domain.canonical import JsonObject
from vdw.domain.fields import text
from vdw.domain.ids import ApproverId
from vdw.domain.principal import Permission, Principal
from vdw.domain.stages import GateVerdict
from vdw.errors import ErrorCode, LawRefusal
from vdw.lifecycle import commands as c
from vdw.lifecycle.phases import decide
from vdw.service.environment import Environment
from vdw.service.scene import read_scene


def require_vote_counts(env: Environment, principal: Principal, brief: JsonObject, approver: ApproverId) -> None:
    """Raises `LawRefusal` where this approver's vote in the review of the brief would be refused whatever they said:
    look_again (the review has ended, the policy has changed), 2 (separation), 5 (they have voted)."""
    scene = read_scene(env, principal, text(brief["project"]), Permission.PROJECT_READ)
    review, trust = scene.state.review, scene.trust
    if review is None or review.id != text(brief["review"]):
        raise look_again("That review has ended; its votes count no more.")
    rejection = c.CastVote(
        review=review.id,
        digest=review.digest,
        brief=review.brief,
        verdict=GateVerdict.REJECT,
        approver=approver,
        owner=trust.owner_of(approver),
        envelope="",
        facts=review.facts,
        blocking=0,
        policy=trust.policy,
        policy_entry=trust.policy_entry,
        approvers_in_force=frozenset(trust.in_force),
    )
    decide(scene.state, rejection)


def look_again(public: str) -> LawRefusal:
    """The refusal of a decision on what is no longer so."""
    return LawRefusal(3, public, "Look at the gate again and decide on what it shows then.", code=ErrorCode.LOOK_AGAIN)
