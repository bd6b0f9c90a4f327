"""Principals and their API keys. Every one has an owner, who answers for what it submits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from vdw.auth.api_keys import new_key
from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.ids import PersonId, PrincipalId, TenantId
from vdw.domain.principal import KIND_PERMISSIONS, Permission, Principal, PrincipalKind
from vdw.domain.secret import Secret
from vdw.errors import ErrorCode, VdwError, invalid, not_found
from vdw.service.environment import Environment
from vdw.store.interface import KeyRow, PersonRow, PrincipalRow, Reader, UnitOfWork

MAX_NAME_CHARACTERS = 80
_KINDS = (PrincipalKind.AGENT, PrincipalKind.RUNNER, PrincipalKind.SERVICE)


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """`token` is shown once and is nowhere stored."""

    key_id: str
    principal: str
    token: Secret


async def create_key(
    env: Environment, operator: Principal, *, name: str, kind: str = "agent", owner: str = "", days: int = 0
) -> CreatedKey:
    """A new principal with one key. Raises `VdwError` for a kind that has no keys, an unknown owner, a name that is no
    name."""
    operator.require(Permission.KEY_MANAGE)
    if not name.strip() or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise invalid("name", f"1 to {MAX_NAME_CHARACTERS} printable characters", "claude-code")
    if kind not in _KINDS:
        raise invalid("kind", "one of agent, runner, service; humans have no keys, they sign", "agent")
    principal_id = PrincipalId(env.new_id("prn"))
    now = env.clock()

    def work(uow: UnitOfWork) -> CreatedKey:
        key = new_key(region_of(uow, operator.tenant), env.random_bytes)
        uow.add_principal(
            PrincipalRow(
                tenant=operator.tenant,
                id=principal_id,
                kind=kind,
                owner=owner_named(uow, operator, owner).id,
                name=name,
                permissions=tuple(sorted(KIND_PERMISSIONS[PrincipalKind(kind)])),
                created_at=timestamp(now),
            )
        )
        uow.add_key(
            KeyRow(
                id=key.key_id,
                tenant=operator.tenant,
                principal=principal_id,
                secret_sha256=key.secret_sha256,
                created_at=timestamp(now),
                expires_at=timestamp(now + timedelta(days=days)) if days else "",
                revoked_at="",
                last_used_at="",
            )
        )
        return CreatedKey(key.key_id, principal_id, key.token)

    return await env.store.commit(work)


def list_keys(env: Environment, operator: Principal) -> list[JsonObject]:
    """Every key of the tenant, without secrets."""
    operator.require(Permission.KEY_MANAGE)
    now = timestamp(env.clock())

    def read(reader: Reader) -> list[JsonObject]:
        principals = {row.id: row for row in reader.principals(operator.tenant)}
        names = {row.id: row.name for row in reader.persons(operator.tenant)}
        return [_key_view(key, principals[key.principal], names, now) for key in reader.keys(operator.tenant)]

    return env.store.read(read)


async def revoke_key(env: Environment, operator: Principal, key_id: str) -> None:
    """Refuses the key from now on, in every process on this store. Raises `VdwError` (not_found)."""
    operator.require(Permission.KEY_MANAGE)
    at = timestamp(env.clock())
    if not await env.store.commit(lambda uow: uow.revoke_key(operator.tenant, key_id, at)):
        raise not_found("key")


def region_of(reader: Reader, tenant: TenantId) -> str:
    return next(region for known, _, region in reader.tenants() if known == tenant)


def owner_named(reader: Reader, operator: Principal, named: str) -> PersonRow:
    """Who answers for what a key submits: the named person (id or name), or the only one of the tenant.

    Among several nobody is one by default: whose agent made a work decides who may approve it (law 2). Raises
    `VdwError` (invalid_input) with the names.
    """
    persons = reader.persons(operator.tenant)
    found = [row for row in persons if named in (row.id, row.name)] if named else list(persons)
    if len(found) == 1:
        return found[0]
    raise VdwError(
        ErrorCode.INVALID_INPUT,
        "The owner must be one person of this tenant.",
        "Name one as --owner: " + (", ".join(sorted(row.name for row in persons)) or "nobody yet; run vdw init"),
    )


def _key_view(key: KeyRow, principal: PrincipalRow, names: dict[PersonId, str], now: str) -> JsonObject:
    ended = "revoked" if key.revoked_at else "expired" if key.expires_at and key.expires_at <= now else ""
    return {
        "key_id": key.id,
        "principal": principal.id,
        "name": principal.name,
        "kind": principal.kind,
        "owner": names.get(principal.owner, "nobody"),
        "state": ended or "in force",
        "created_at": key.created_at,
        "expires_at": key.expires_at or None,
        "last_used_at": key.last_used_at or None,
    }
