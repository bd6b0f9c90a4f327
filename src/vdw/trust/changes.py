"""What a change of the trust log may say, given the state before it. Pure; who signed it is `authority`'s concern.

1. A demo tenant has demo keys and nothing else, a real one never any: key by key, policy by policy, for ever.
2. An id and a key are enrolled once, so that no key ever speaks for two owners.
3. A policy never asks for more approvals than those in force could give by the assurance that it accepts.
"""

from __future__ import annotations

from collections.abc import Iterable

from vdw.domain.ids import ApproverId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.tenant import TenantKind
from vdw.trust.refusals import log_refused
from vdw.trust.state import TrustState
from vdw.trust.statements import (
    Change,
    EnrolStatement,
    FoundStatement,
    PolicyStatement,
    ReplaceStatement,
    RevokeStatement,
    ServerKeyStatement,
)
from vdw.trust.verify_signature import VERIFIABLE


def require_consistent(state: TrustState, found: Change) -> None:
    """Raises `VdwError` (forbidden) for a change that the state before it rules out."""
    match found:
        case EnrolStatement():
            _require_assurance(state.kind, found.assurance)
            _require_new(state, found.approver, found.public_key)
        case ReplaceStatement():
            _require_assurance(state.kind, found.assurance)
            _require_new(state, found.approver, found.public_key)
            _require_in_force(state, found.replaces)
        case RevokeStatement():
            _require_in_force(state, found.approver)
        case PolicyStatement():
            voters = [state.approvers[approver] for approver in state.in_force]
            _require_policy(state.kind, found.policy, ((voter.owner, voter.assurance) for voter in voters))
        case ServerKeyStatement():
            _require_new(state, found.key, found.public_key)


def require_founding_consistent(state: TrustState | None, found: FoundStatement) -> None:
    """Raises `VdwError` (forbidden) for a founding that no log could begin with, or this one not begin anew with."""
    _require_assurance(found.kind, found.assurance)
    _require_policy(found.kind, found.policy, [(found.owner, found.assurance)])
    if state is not None:
        _require_new(state, found.approver, found.public_key)


def _require_assurance(kind: TenantKind, assurance: Assurance) -> None:
    """Of a key: one of the tenant's kind, by an assurance that this version can check."""
    _require_kind(kind, assurance)
    if assurance not in VERIFIABLE:
        raise log_refused(f"Approvers by {assurance.value} are not available in this version.")


def _require_kind(kind: TenantKind, assurance: Assurance) -> None:
    if (kind is TenantKind.DEMO) != (assurance is Assurance.DEMO):
        raise log_refused("Demo keys belong to demo tenants, for ever, and real ones to real tenants.")


def _require_policy(kind: TenantKind, policy: Policy, voters: Iterable[tuple[str, Assurance]]) -> None:
    """`voters`: owner and assurance of every key in force."""
    for assurance in policy.assurance:
        _require_kind(kind, assurance)
    able = {owner for owner, assurance in voters if assurance in policy.assurance}
    if policy.quorum > len(able):
        raise log_refused("The policy asks more approvals than there are approvers who could give them.")


def _require_new(state: TrustState, key_id: str, public_key: str) -> None:
    if key_id in state.approvers or key_id in state.server_keys:
        raise log_refused("That id has been used before; ids are never used twice.")
    known = {approver.public_key for approver in state.approvers.values()} | set(state.server_keys.values())
    if public_key in known:
        raise log_refused("That key has been enrolled before; a key is never enrolled twice.")


def _require_in_force(state: TrustState, approver: ApproverId) -> None:
    if approver not in state.in_force:
        raise log_refused("Only an approver in force can be replaced or revoked.")
