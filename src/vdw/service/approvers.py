"""Approvers and policy: who there is, and the statements that change it. Signing them is `proposing`'s concern."""

from __future__ import annotations

from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.ids import ApproverId, PersonId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.principal import Permission, Principal
from vdw.errors import ErrorCode, VdwError
from vdw.service.environment import Environment
from vdw.service.key_requests import KeyRequest
from vdw.store.interface import PersonRow, Reader
from vdw.trust.refusals import log_refused
from vdw.trust.state import TrustState
from vdw.trust.statements import EnrolStatement, PolicyStatement, ReplaceStatement, RevokeStatement


def list_approvers(env: Environment, principal: Principal) -> list[JsonObject]:
    """Every approver that ever was: who, by what, from and until which entry of the log."""
    principal.require(Permission.PROJECT_READ)

    def read(reader: Reader) -> list[JsonObject]:
        trust = env.trust.state(reader, principal.tenant)
        names = {row.id: row.name for row in reader.persons(principal.tenant)}
        return [
            {
                "approver": approver.id,
                "person": names.get(approver.owner, approver.owner),
                "assurance": approver.assurance.value,
                "since": approver.since,
                "until": approver.until,
            }
            for approver in trust.approvers.values()
        ]

    return env.store.read(read)


def enrolment(env: Environment, principal: Principal, request: KeyRequest) -> tuple[EnrolStatement, PersonRow]:
    """The enrolment of the key that somebody made, and who they are.

    A name that the tenant's directory knows is that person, so that nobody is two to the law of separation. Raises
    `VdwError` (forbidden) for a request to another tenant, or by somebody who is an approver in force.
    """
    trust = current_trust(env, principal)
    _require_tenant(trust, request)
    known = env.store.read(lambda reader: reader.persons(trust.tenant))
    person = next((row for row in known if row.name == request.name), None)
    if person is not None and person.id in trust.owners_in_force():
        old = next(approver for approver in trust.in_force if trust.owner_of(approver) == person.id)
        raise VdwError(
            ErrorCode.FORBIDDEN,
            f"{request.name} is an approver already.",
            f"For a new key in place of theirs: vdw approver replace {old} FILE. For somebody else: another name.",
        )
    person = person or PersonRow(trust.tenant, PersonId(env.new_id("per")), request.name)
    now = timestamp(env.clock())
    key = request.public_key
    return EnrolStatement(trust.tenant, request.approver, person.id, key, Assurance.KEY, now, trust.head), person


def replacement(env: Environment, principal: Principal, old: str, request: KeyRequest) -> ReplaceStatement:
    """The requested key in place of an old one, for the same person. Raises `VdwError`: not_found, forbidden."""
    trust = current_trust(env, principal)
    _require_tenant(trust, request)
    replaced = _known(trust, old)
    now = timestamp(env.clock())
    return ReplaceStatement(
        trust.tenant, request.approver, replaced, request.public_key, Assurance.KEY, now, trust.head
    )


def revocation(env: Environment, principal: Principal, approver: str) -> RevokeStatement:
    """The end of an approver's key. What it signed before stays. Raises `VdwError` (not_found)."""
    trust = current_trust(env, principal)
    return RevokeStatement(trust.tenant, _known(trust, approver), timestamp(env.clock()), trust.head)


def policy_change(env: Environment, principal: Principal, policy: Policy) -> PolicyStatement:
    """What gates ask from this entry on; open reviews are closed with it."""
    trust = current_trust(env, principal)
    return PolicyStatement(trust.tenant, policy, timestamp(env.clock()), trust.head)


def current_trust(env: Environment, principal: Principal) -> TrustState:
    return env.store.read(lambda reader: env.trust.state(reader, principal.tenant))


def _require_tenant(trust: TrustState, request: KeyRequest) -> None:
    if request.tenant != trust.tenant:
        raise log_refused("The key was made for another tenant than this store's.")


def _known(trust: TrustState, named: str) -> ApproverId:
    approver = ApproverId(named)
    if approver not in trust.approvers:
        raise VdwError(ErrorCode.NOT_FOUND, "There is no such approver.", "See vdw approver list.")
    return approver
