"""Law 2: nobody decides on work of their own, unless the tenant's policy says so in writing.

Asked by the lifecycle of who voted, and by the trust log of who signed; one rule for both.
"""

from __future__ import annotations

from collections.abc import Collection

from vdw.domain.ids import PersonId
from vdw.domain.policy import Policy
from vdw.errors import LawRefusal


def require_may_decide(policy: Policy, owner: PersonId, owners: Collection[PersonId]) -> bool:
    """Whether `owner` decides on work of their own (then the record says `self_approved`); `owners` answer for the
    work.

    Raises `LawRefusal` (2) where the policy asks another person to.
    """
    itself = owner in owners
    if itself and not policy.self_approval:
        raise LawRefusal(
            2,
            "You answer for an agent that contributed to this revision, so another person must decide.",
            "Ask another approver.",
        )
    return itself
