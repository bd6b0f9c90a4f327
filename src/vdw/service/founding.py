"""Founding a tenant: its trust log, its first approver, the server's key. Happens once a store; again where the sole
approver's key was lost, as a new root in the same log, which every later reader is told.

1. The store has no tenant yet; 2. the approver signs entry 0 (tenant, kind, own key, policy) and entry 1 (the server's
key); 3. both verify as any later reader will verify them; 4. the root is pinned outside the store, before the store
holds it, so that no command ever pins what a store alone says; 5. tenant, person, entries and the server's key commit
together.
"""

from __future__ import annotations

from dataclasses import dataclass

from vdw.domain.canonical import ZERO_DIGEST
from vdw.domain.clock import timestamp
from vdw.domain.ids import ApproverId, PersonId, TenantId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.tenant import TenantKind
from vdw.errors import ErrorCode, VdwError
from vdw.service.environment import Environment
from vdw.service.persons import require_name
from vdw.store.interface import PersonRow, Reader, UnitOfWork
from vdw.trust.acceptance import append
from vdw.trust.envelope import sign
from vdw.trust.server_key import new_server_key
from vdw.trust.signer import DecisionSigner, ServerSigner
from vdw.trust.state import TrustState
from vdw.trust.statements import FoundStatement, ServerKeyStatement

SERVER_KEY_SETTING = "server_key"
STATE_KEY_SETTING = "state_key"
STATE_KEY_BYTES = 32
DEFAULT_REGION = "local"

SOLO = Policy(quorum=1, self_approval=True)
"""The policy of `vdw init`: one person, who may approve what their own agents made; the record then says so."""
DEMO = Policy(quorum=1, self_approval=True, assurance=(Assurance.DEMO,), template_drafts=True)


@dataclass(frozen=True, slots=True)
class NewTenant:
    """Random ids, made before the approver's key is sealed under them."""

    tenant: TenantId
    approver: ApproverId
    person: PersonId


def new_tenant(env: Environment) -> NewTenant:
    return NewTenant(TenantId(env.new_id("ten")), ApproverId(env.new_id("apr")), PersonId(env.new_id("per")))


async def found_tenant(
    env: Environment,
    ids: NewTenant,
    *,
    kind: TenantKind,
    person_name: str,
    signer: DecisionSigner,
    public_key: str,
    policy: Policy,
) -> TrustState:
    """The founded tenant's trust, pinned. Raises `VdwError`: configuration if the store has a tenant already, trust if
    its root cannot be pinned."""
    # 1. Once only.
    require_unfounded(env)
    name = require_name(person_name)
    now = timestamp(env.clock())
    key = new_server_key(env.new_id("srv"), env.random_bytes)
    # 2. and 3.
    first = FoundStatement(
        tenant=ids.tenant,
        kind=kind,
        approver=ids.approver,
        owner=ids.person,
        public_key=public_key,
        assurance=signer.assurance,
        policy=policy,
        time=now,
        prev=ZERO_DIGEST,
    )
    entry, trust = append(None, sign(first.as_statement(), (signer,)), now)
    second = ServerKeyStatement(ids.tenant, key.id, key.public_key, now, trust.head)
    next_entry, trust = append(trust, sign(second.as_statement(), (signer,)), now)
    # 4. What fails from here on leaves the pin of a tenant that no store has, and is begun anew.
    env.trust.pin(trust)

    # 5.
    def work(uow: UnitOfWork) -> None:
        if uow.tenants():
            raise already_founded()
        uow.add_tenant(ids.tenant, kind.value, DEFAULT_REGION, now)
        uow.put_person(PersonRow(ids.tenant, ids.person, name))
        for row in (entry, next_entry):
            uow.append_entry(row)
        uow.put_setting(SERVER_KEY_SETTING, key.private_bytes)
        uow.put_setting(STATE_KEY_SETTING, env.random_bytes(STATE_KEY_BYTES))

    await env.store.commit(work)
    env.trust.advance(trust)
    return trust


async def refound_tenant(
    env: Environment, ids: NewTenant, *, signer: DecisionSigner, public_key: str, policy: Policy
) -> TrustState:
    """The tenant's trust under a new root, pinned. `ids.person` owns the new key. Open iterations are put back by the
    caller (`refounded.put_back_all`), or as they are next touched.

    Raises `VdwError`: trust where the log does not verify under the pin, storage where the server's key is missing,
    conflict where the log moved on meanwhile.
    """
    # 1. What is left behind verifies: a refounding mends a lost key, never a log that somebody changed.
    lost = env.store.read(lambda reader: env.trust.state(reader, ids.tenant))
    private = env.store.read(stored_server_key)
    now = timestamp(env.clock())
    # 2. The new approver signs the entry that names the lost head, and enrols the server's key anew.
    first = FoundStatement(
        tenant=lost.tenant,
        kind=lost.kind,
        approver=ids.approver,
        owner=ids.person,
        public_key=public_key,
        assurance=signer.assurance,
        policy=policy,
        time=now,
        prev=lost.head,
        lost_head=lost.head,
    )
    entry, trust = append(lost, sign(first.as_statement(), (signer,)), now)
    key_id = env.new_id("srv")
    public = ServerSigner(key_id, private).public_key
    second = ServerKeyStatement(lost.tenant, key_id, public, now, trust.head)
    next_entry, trust = append(trust, sign(second.as_statement(), (signer,)), now)

    # 3. What is to come is announced beside the pin, which no writer of the store can do.
    env.trust.announce(lost, trust)

    # 4. Both entries or neither.
    def work(uow: UnitOfWork) -> None:
        head = uow.log_head(lost.tenant)
        if head is None or head.hash != lost.head:
            raise VdwError(ErrorCode.CONFLICT, "The trust log has moved on.", "Run it again.")
        for row in (entry, next_entry):
            uow.append_entry(row)

    await env.store.commit(work)
    # 5. The pin moves to what was announced. A process that dies before leaves that to the next command.
    env.trust.refounded(trust)
    return trust


def stored_server_key(reader: Reader) -> bytes:
    """The private bytes of the server's key. Raises `VdwError` (storage) where it is missing."""
    private = reader.setting(SERVER_KEY_SETTING)
    if private is None:
        raise VdwError(ErrorCode.STORAGE, "The server's key is missing from the store.", "Restore it from a backup.")
    return private


def require_unfounded(env: Environment) -> None:
    """Raises `VdwError` (configuration) if the store has a tenant."""
    if env.store.read(lambda reader: reader.tenants()):
        raise already_founded()


def already_founded() -> VdwError:
    return VdwError(
        ErrorCode.CONFIGURATION,
        "This store is set up already; nothing was changed.",
        "Add a client with `vdw init --client NAME`, a key with `vdw key create`, a person with `vdw approver join`.",
    )
