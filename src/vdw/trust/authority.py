"""Who must have signed what: whether a statement is authorized by the state of the log before it. Pure.

A decision is signed by one approver in force. A change of the log itself is signed over the log's head, by as many
different owners as the policy's quorum asks, or all where there are fewer. What a change may say stands in `changes`.
"""

from __future__ import annotations

from vdw.domain.canonical import ZERO_DIGEST
from vdw.domain.separation import require_may_decide
from vdw.errors import ErrorCode, VdwError
from vdw.trust.changes import require_consistent, require_founding_consistent
from vdw.trust.envelope import Envelope
from vdw.trust.parsing import read_statement
from vdw.trust.quorum import Standing, require_signers, standing_of
from vdw.trust.refusals import log_refused, look_again, signature_refused
from vdw.trust.state import TrustState
from vdw.trust.statements import (
    Change,
    DecisionStatement,
    FoundStatement,
    Statement,
    WaiverStatement,
)
from vdw.trust.verify_signature import verify_signature


def require_authorized(state: TrustState | None, envelope: Envelope) -> Statement:
    """The envelope's statement, which may be the entry after `state` (None: the first).

    Raises `VdwError`: invalid_input (it is none of ours), signature (who signed may not), forbidden (what it says may
    not be), look_again or conflict (it was true, but the log has moved on).
    """
    # 1. It is a statement of ours, in its one form.
    found = read_statement(envelope.payload)
    # 2. A founding stands on itself alone; whether its root is the right one, the pin says.
    if isinstance(found, FoundStatement):
        _require_founding(state, found, envelope)
        return found
    if state is None:
        raise log_refused("A trust log begins with its founding.")
    if isinstance(found, DecisionStatement | WaiverStatement):
        _require_decision(state, found, envelope)
    # 3. Enough different owners signed a change.
    elif require_change(state, found, envelope).missing:
        raise log_refused("Too few approvers signed this change.")
    return found


def _require_founding(state: TrustState | None, found: FoundStatement, envelope: Envelope) -> None:
    # 1. It is the first entry, or names the head that it follows and leaves tenant and kind as they were.
    expected = None if state is None else state.head
    if found.lost_head != expected or found.prev != (expected or ZERO_DIGEST):
        raise log_refused("A founding begins a log; a refounding names the head it follows.")
    if state is not None and (found.tenant, found.kind) != (state.tenant, state.kind):
        raise log_refused("A refounding changes neither the tenant nor its kind.")
    # 2. Its approver, alone, signed it.
    if _signers(envelope) != [found.approver]:
        raise signature_refused("a founding is signed by the approver it names, alone")
    verify_signature(found.assurance, found.public_key, envelope.pae, envelope.signatures[0].sig)
    # 3. Key and policy are possible in a tenant of its kind.
    require_founding_consistent(state, found)


def _require_decision(state: TrustState, found: DecisionStatement | WaiverStatement, envelope: Envelope) -> None:
    # 1. It speaks of this tenant.
    if found.tenant != state.tenant:
        raise log_refused("The statement speaks of another tenant.")
    # 2. One approver in force signed it, and it names that approver.
    if _signers(envelope) != [found.approver]:
        raise signature_refused("a decision is signed by the approver it names, alone")
    (approver,) = require_signers(state, envelope)
    # 3. By the assurance that the key was enrolled with and the policy accepts.
    if found.assurance is not approver.assurance:
        raise signature_refused("the statement names another assurance than the key was enrolled with")
    if found.assurance not in state.policy.assurance:
        raise signature_refused(f"the policy in force does not accept {found.assurance}")
    # 4. Under this log and the policy in force.
    if found.log_head not in state.positions:
        raise signature_refused("the statement was made under another log")
    if found.policy != state.policy_entry:
        raise look_again("The tenant's policy changed after this was signed.")
    # 5. On the work of others, or on one's own where the policy says so.
    require_may_decide(state.policy, approver.owner, found.owners)
    # 6. Next after the project's last statement, so that none takes effect twice.
    if found.previous != state.last_statement(found.project):
        raise look_again("Another decision on this project came first.")


def require_change(state: TrustState, found: Change, envelope: Envelope) -> Standing:
    """How far the signatures of a change have come that may follow `state`, once there are enough of them.

    Raises `VdwError`: forbidden, conflict, signature.
    """
    # 1. It speaks of this tenant.
    if found.tenant != state.tenant:
        raise log_refused("The statement speaks of another tenant.")
    # 2. The signers signed over the head: a change of another moment, or one already made, does not fit.
    if found.prev != state.head:
        raise VdwError(ErrorCode.CONFLICT, "The trust log has moved on since this was signed.", "Sign it again.")
    # 3. All signatures are genuine, by approvers in force.
    standing = standing_of(state, found, envelope)
    # 4. It contradicts neither the log nor the tenant's kind.
    require_consistent(state, found)
    return standing


def _signers(envelope: Envelope) -> list[str]:
    return [signature.keyid for signature in envelope.signatures]
