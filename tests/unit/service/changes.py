"""Changes of the trust log as their signers make them: one proposes, the others add their signatures, the last one
hands in."""

from __future__ import annotations

from vdw.domain.ids import ApproverId
from vdw.domain.policy import Policy
from vdw.domain.principal import Principal
from vdw.service.answers import AcceptedStatement
from vdw.service.approvers import enrolment, policy_change, replacement, revocation
from vdw.service.environment import Environment
from vdw.service.key_requests import KeyRequest
from vdw.service.proposing import Change, add_signature, propose, submit
from vdw.store.interface import PersonRow
from vdw.trust.signer import DecisionSigner, KeySigner


async def enact(
    env: Environment,
    principal: Principal,
    change: Change,
    first: DecisionSigner,
    *others: DecisionSigner,
    newcomer: PersonRow | None = None,
) -> AcceptedStatement:
    proposed = await propose(env, principal, first, change, newcomer)
    if proposed.accepted is not None:
        return proposed.accepted
    examined = proposed.examined
    for signer in others:
        examined = await add_signature(env, principal, signer, examined.proposal)
    return await submit(env, principal, examined.proposal)


async def enrol(env: Environment, principal: Principal, name: str, *signers: DecisionSigner) -> KeySigner:
    """A new approver, enrolled by these."""
    request, signer = requested(env, principal, name)
    change, person = enrolment(env, principal, request)
    await enact(env, principal, change, *signers, newcomer=person)
    return signer


async def replace(env: Environment, principal: Principal, old: str, *signers: DecisionSigner) -> KeySigner:
    """A new key in place of the old one."""
    request, signer = requested(env, principal, "whoever")
    await enact(env, principal, replacement(env, principal, old, request), *signers)
    return signer


async def revoke(env: Environment, principal: Principal, approver: str, *signers: DecisionSigner) -> AcceptedStatement:
    return await enact(env, principal, revocation(env, principal, approver), *signers)


async def change_policy(
    env: Environment, principal: Principal, policy: Policy, *signers: DecisionSigner
) -> AcceptedStatement:
    return await enact(env, principal, policy_change(env, principal, policy), *signers)


def requested(env: Environment, principal: Principal, name: str) -> tuple[KeyRequest, KeySigner]:
    """What `vdw approver join` makes: a key, and the request to enrol it."""
    signer = KeySigner(ApproverId(env.new_id("apr")), env.random_bytes(32))
    return KeyRequest(principal.tenant, signer.keyid, name, signer.public_key), signer
