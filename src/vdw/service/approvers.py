"""Approvers: enrolling, replacing, revoking, policy. Each is a statement that approvers sign; nobody else can."""

from __future__ import annotations

from dataclasses import dataclass

from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.principal import Permission, Principal
from vdw.domain.statement import Policy
from vdw.errors import ErrorCode, VdwError
from vdw.service.answers import AcceptedStatement
from vdw.service.deciding import submit_statement
from vdw.service.environment import Environment
from vdw.store.interface import PersonRow, Reader
from vdw.trust.envelope import sign
from vdw.trust.signer import DecisionSigner
from vdw.trust.state import TrustState
from vdw.trust.statements import EnrolStatement, PolicyStatement, ReplaceStatement, RevokeStatement


@dataclass(frozen=True, slots=True)
class NewApprover:
    """A public key that its holder made, with the random ids it was made under."""

    approver: str
    person: str
    name: str
    public_key: str


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


async def enrol(
    env: Environment, principal: Principal, signers: tuple[DecisionSigner, ...], new: NewApprover
) -> AcceptedStatement:
    """Appends the enrolment, signed by approvers in force; the person's name goes to the tenant's own directory."""
    trust = _trust(env, principal)
    statement = EnrolStatement(
        tenant=trust.tenant,
        approver=new.approver,
        owner=new.person,
        public_key=new.public_key,
        assurance=signers[0].assurance,
        time=timestamp(env.clock()),
        prev=trust.head,
    )
    accepted = await submit_statement(env, principal, sign(statement.as_statement(), signers).as_json())
    await env.store.commit(lambda uow: uow.put_person(PersonRow(trust.tenant, new.person, new.name)))
    return accepted


async def replace(
    env: Environment,
    principal: Principal,
    signers: tuple[DecisionSigner, ...],
    old: str,
    approver: str,
    public_key: str,
) -> AcceptedStatement:
    """A new key for the same person; the old one ends with this entry."""
    trust = _trust(env, principal)
    statement = ReplaceStatement(
        trust.tenant, approver, old, public_key, signers[0].assurance, timestamp(env.clock()), trust.head
    )
    return await submit_statement(env, principal, sign(statement.as_statement(), signers).as_json())


async def revoke(
    env: Environment, principal: Principal, signers: tuple[DecisionSigner, ...], approver: str
) -> AcceptedStatement:
    """Ends an approver's key. What it signed before stays."""
    trust = _trust(env, principal)
    if approver not in trust.approvers:
        raise VdwError(ErrorCode.NOT_FOUND, "There is no such approver.", "See vdw approver list.")
    statement = RevokeStatement(trust.tenant, approver, timestamp(env.clock()), trust.head)
    return await submit_statement(env, principal, sign(statement.as_statement(), signers).as_json())


async def change_policy(
    env: Environment, principal: Principal, signers: tuple[DecisionSigner, ...], policy: Policy
) -> AcceptedStatement:
    """From this entry on gates ask what the policy says; open reviews are closed."""
    trust = _trust(env, principal)
    statement = PolicyStatement(trust.tenant, policy, timestamp(env.clock()), trust.head)
    return await submit_statement(env, principal, sign(statement.as_statement(), signers).as_json())


def current_policy(env: Environment, principal: Principal) -> Policy:
    return _trust(env, principal).policy


def _trust(env: Environment, principal: Principal) -> TrustState:
    return env.store.read(lambda reader: env.trust.state(reader, principal.tenant))
