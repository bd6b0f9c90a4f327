"""A change of approvers or policy in words, for whoever signs it: what it does, and every field that is signed."""

from __future__ import annotations

import json
from collections.abc import Mapping

from vdw.artifacts.markdown import visible
from vdw.cli.closed_gates import closed_gates
from vdw.domain.ids import ApproverId, PersonId
from vdw.domain.policy import Policy
from vdw.service.proposing import Change, Examined
from vdw.trust.state import TrustState
from vdw.trust.statements import EnrolStatement, PolicyStatement, ReplaceStatement, RevokeStatement


def change_text(change: Change, trust: TrustState, names: Mapping[PersonId, str], command: str) -> str:
    """`names`: person id → name, from the tenant's directory; `command`: what a `vdw` is run by here. The words explain
    the statement; it alone is signed."""
    signed = json.dumps(change.as_statement(), indent=2)
    return "\n".join(
        [
            *_effect(change, trust, names),
            *_mind(change, trust, command),
            "",
            "What is signed, every field of it:",
            signed,
            "",
        ]
    )


def standing_text(examined: Examined) -> str:
    """Who has signed, and what is missing."""
    signed = [f"  signed by {visible(examined.name_of(each))} ({each.id})" for each in examined.standing.signed]
    left = visible(examined.waits_for()) if examined.standing.missing else "All signatures that it needs are there"
    return "\n".join([*signed, f"{left}."])


def _effect(change: Change, trust: TrustState, names: Mapping[PersonId, str]) -> list[str]:
    match change:
        case EnrolStatement():
            name = _name(change.owner, names)
            return [
                f"Enrol {name} as an approver: {change.approver}, a key of the person {change.owner}.",
                *_compared(name, change.public_key),
            ]
        case ReplaceStatement():
            name = _holder(change.replaces, trust, names)
            return [
                f"Give {name} a new key {change.approver}; the old one, {change.replaces}, signs nothing from then on.",
                *_compared(name, change.public_key),
            ]
        case RevokeStatement():
            return [
                f"Revoke the key {change.approver} of {_holder(change.approver, trust, names)}.",
                "It signs nothing from then on, and its votes in open reviews are void. What was decided stays.",
            ]
        case PolicyStatement():
            return ["Change the policy; every open review is closed.", *_differences(trust, change.policy)]


def _compared(name: str, public_key: str) -> list[str]:
    return [
        f"The public key is {public_key}",
        f"Ask {name} whether this is the key that `vdw approver join` showed them: names are not signed, keys are.",
    ]


def _differences(trust: TrustState, policy: Policy) -> list[str]:
    before, after = trust.policy.as_json(), policy.as_json()
    return [
        f"  {name}: {json.dumps(before[name])} -> {json.dumps(after[name])}"
        for name in after
        if before[name] != after[name]
    ] or ["  nothing in it changes"]


def _mind(change: Change, trust: TrustState, command: str) -> list[str]:
    """A warning where gates cannot open once the change is in force."""
    policy, owners = trust.policy, trust.owners_in_force()
    if isinstance(change, PolicyStatement):
        policy = change.policy
    elif isinstance(change, RevokeStatement):
        owners = _owners_without(trust, change.approver)
    else:
        return []
    closed = closed_gates(policy, len(owners), command, when=" then")
    return [f"Mind: {closed[0]} {closed[1]}"] if closed else []


def _owners_without(trust: TrustState, approver: ApproverId) -> frozenset[PersonId]:
    return frozenset(trust.owner_of(each) for each in trust.in_force if each != approver)


def _holder(approver: ApproverId, trust: TrustState, names: Mapping[PersonId, str]) -> str:
    found = trust.approvers.get(approver)
    return _name(found.owner, names) if found else "nobody"


def _name(owner: PersonId, names: Mapping[PersonId, str]) -> str:
    return visible(names.get(owner, owner))
