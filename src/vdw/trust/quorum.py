"""How far a change of the trust log has come: whose signatures count, how many it needs, who could give them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.domain.ids import ApproverId
from vdw.trust.envelope import Envelope
from vdw.trust.refusals import signature_refused
from vdw.trust.state import Approver, TrustState
from vdw.trust.statements import Change, RevokeStatement
from vdw.trust.verify_signature import verify_signature


@dataclass(frozen=True, slots=True)
class Standing:
    """The signatures of one change, as the log before it sees them."""

    signed: tuple[Approver, ...]
    """All who signed, in the envelope's order: genuine, and by approvers in force."""
    missing: int
    """Signatures of further owners that it needs; 0 where it may be the next entry."""
    waiting: tuple[Approver, ...]
    """Approvers in force whose signature would count: of owners who have given none that does."""


def standing_of(state: TrustState, found: Change, envelope: Envelope) -> Standing:
    """Raises `VdwError` (signature) where one signature is not genuine, or not by an approver in force.

    It takes min(quorum, owners in force) different owners, at least one; for a revocation among the others
    (decisions: Trust). A key has no say in its own revocation; its owner's other key has.
    """
    signed = require_signers(state, envelope)
    counted = {approver.owner for approver in signed if not _revokes(found, approver)}
    owners = state.owners_in_force()
    if isinstance(found, RevokeStatement) and found.approver in state.approvers:
        owners -= {state.owner_of(found.approver)}
    needed = max(1, min(state.policy.quorum, len(owners)))
    in_force = (state.approvers[approver] for approver in state.in_force)
    waiting = (each for each in in_force if each.owner not in counted and not _revokes(found, each))
    return Standing(tuple(signed), max(0, needed - len(counted)), tuple(waiting))


def require_signers(state: TrustState, envelope: Envelope) -> list[Approver]:
    """All who signed. One signature that is not genuine, or not by an approver in force, refuses the envelope."""
    signed = []
    for signature in envelope.signatures:
        approver = state.approvers.get(ApproverId(signature.keyid))
        if approver is None or approver.until is not None:
            raise signature_refused(f"{signature.keyid[:80]!r} is no approver in force")
        verify_signature(approver.assurance, approver.public_key, envelope.pae, signature.sig)
        signed.append(approver)
    return signed


def _revokes(found: Change, approver: Approver) -> bool:
    return isinstance(found, RevokeStatement) and found.approver == approver.id
