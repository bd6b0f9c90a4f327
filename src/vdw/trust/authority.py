"""Who must have signed what: the rules by which a statement is authorized in a given state of the log. Pure."""

from __future__ import annotations

from vdw.domain.statement import Assurance, TenantKind
from vdw.errors import ErrorCode, VdwError
from vdw.trust.envelope import Envelope, statement_of
from vdw.trust.parsing import parse_statement
from vdw.trust.signer import signature_refused, verify_signature
from vdw.trust.state import TrustState
from vdw.trust.statements import (
    DecisionStatement,
    EnrolStatement,
    FoundStatement,
    PolicyStatement,
    ReplaceStatement,
    RevokeStatement,
    ServerKeyStatement,
    Statement,
    WaiverStatement,
)


def require_authorized(state: TrustState | None, envelope: Envelope) -> Statement:
    """The envelope's statement. Raises `VdwError` (invalid_input, signature, forbidden) unless

    1. it is a statement in our form; 2. it speaks of this tenant and, where a human changes the log, signs over its head;
    3. every signature is genuine, by a key in force; 4. enough different owners signed; 5. nothing in it contradicts the
    tenant's kind.
    """
    # 1.
    found = parse_statement(statement_of(envelope))
    if isinstance(found, FoundStatement):
        _require_founding(state, found, envelope)
        return found
    if state is None:
        raise _refused("The log does not begin with its founding.")
    # 2.
    if found.tenant != state.tenant:
        raise _refused("The statement speaks of another tenant.")
    if isinstance(found, DecisionStatement | WaiverStatement):
        _require_decision(state, found, envelope)
        return found
    if found.prev != state.head:
        raise VdwError(ErrorCode.CONFLICT, "The trust log has moved on since this was signed.", "Sign it again.")
    # 3. and 4.
    owners = _verified_owners(state, envelope)
    if len(owners - _excluded(state, found)) < _needed(state, found):
        raise _refused("Too few approvers signed this change.")
    # 5.
    _require_consistent(state, found)
    return found


def _require_founding(state: TrustState | None, found: FoundStatement, envelope: Envelope) -> None:
    expected = None if state is None else state.head
    if found.lost_head != expected or (state is not None and (found.tenant, found.kind) != (state.tenant, state.kind)):
        raise _refused("A founding begins a log; a refounding names the head it follows.")
    if found.prev != (expected or "0" * 64):
        raise _refused("A founding signs over what came before it.")
    if state is not None and found.approver in state.approvers:
        raise _refused("A refounding brings a new approver.")
    if [signature.keyid for signature in envelope.signatures] != [found.approver]:
        raise signature_refused("a founding is signed by the approver it names, alone")
    _require_kind(found.kind, found.assurance)
    _require_policy_of_kind(found.kind, found.policy.assurance)
    if found.policy.quorum != 1:
        raise _refused("A new log has one approver, so its quorum is 1.")
    verify_signature(found.assurance, found.public_key, envelope.pae, envelope.signatures[0].sig)


def _require_decision(state: TrustState, found: DecisionStatement | WaiverStatement, envelope: Envelope) -> None:
    if [signature.keyid for signature in envelope.signatures] != [found.approver]:
        raise signature_refused("a decision is signed by the approver it names, alone")
    _verified_owners(state, envelope)
    if found.assurance is not state.approvers[found.approver].assurance:
        raise signature_refused("the statement names another assurance than the key was enrolled with")
    if found.assurance not in state.policy.assurance:
        raise signature_refused(f"the policy in force does not accept {found.assurance}")
    if found.policy != state.policy_entry:
        raise VdwError(
            ErrorCode.LOOK_AGAIN, "The tenant's policy changed after this was signed.", "Look at the gate again."
        )
    if found.log_head not in state.positions:
        raise signature_refused("the statement was made under another log")


def _verified_owners(state: TrustState, envelope: Envelope) -> frozenset[str]:
    """Owners of all who signed; every signature must be genuine and by a key in force."""
    owners = set()
    for signature in envelope.signatures:
        approver = state.approvers.get(signature.keyid)
        if approver is None or approver.until is not None:
            raise signature_refused(f"{signature.keyid} is no approver in force")
        verify_signature(approver.assurance, approver.public_key, envelope.pae, signature.sig)
        owners.add(approver.owner)
    return frozenset(owners)


def _excluded(state: TrustState, found: Statement) -> frozenset[str]:
    """A revocation is decided among the others."""
    if isinstance(found, RevokeStatement) and found.approver in state.approvers:
        return frozenset({state.owner_of(found.approver)})
    return frozenset()


def _needed(state: TrustState, found: Statement) -> int:
    """min(quorum, approvers in force), at least one."""
    return max(1, min(state.policy.quorum, len(state.owners_in_force() - _excluded(state, found))))


def _require_consistent(state: TrustState, found: Statement) -> None:
    match found:
        case EnrolStatement():
            _require_new(state, found.approver)
            _require_kind(state.kind, found.assurance)
        case ReplaceStatement():
            _require_new(state, found.approver)
            _require_kind(state.kind, found.assurance)
            if found.replaces not in state.in_force:
                raise _refused("Only an approver in force can be replaced.")
        case RevokeStatement():
            if found.approver not in state.in_force:
                raise _refused("Only an approver in force can be revoked.")
        case PolicyStatement():
            _require_policy_of_kind(state.kind, found.policy.assurance)
            if found.policy.quorum > len(state.owners_in_force()):
                raise _refused("The policy asks more approvals than there are approvers; nobody could ever decide.")
        case ServerKeyStatement():
            if found.key in state.server_keys or found.key in state.approvers:
                raise _refused("That key id is taken.")
        case _:
            raise _refused("A log does not hold statements of this kind.")


def _require_new(state: TrustState, approver: str) -> None:
    if approver in state.approvers:
        raise _refused("That approver id has been used before; ids are never used twice.")


def _require_kind(kind: TenantKind, assurance: Assurance) -> None:
    """A demo key exists in a demo tenant alone, and a demo tenant has no other."""
    if (kind is TenantKind.DEMO) != (assurance is Assurance.DEMO):
        raise _refused("Demo keys belong to demo tenants, for ever, and real ones to real tenants.")


def _require_policy_of_kind(kind: TenantKind, assurances: tuple[Assurance, ...]) -> None:
    for assurance in assurances:
        _require_kind(kind, assurance)


def _refused(public: str) -> VdwError:
    return VdwError(ErrorCode.FORBIDDEN, public, "Nothing was changed.")
