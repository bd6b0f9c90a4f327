"""API keys: `vdw_<region>_<id>_<secret>`, 256 random bits, of which only a SHA-256 is stored.

A fast hash is enough because the secret is random, not chosen. Keys belong to agents, runners and
services; there are no human keys.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from vdw.auth.provider import unauthenticated
from vdw.domain.clock import timestamp
from vdw.domain.principal import KIND_PERMISSIONS, Permission, Principal, PrincipalKind
from vdw.domain.secret import Secret
from vdw.errors import VdwError
from vdw.store.interface import KeyRow, PrincipalRow, Reader, Store

SECRET_BYTES = 32
KEY_ID_BYTES = 10
MAX_TOKEN_CHARACTERS = 200
"""A key of ours has 83 to 110 characters, by the length of the region's name."""

USE_NOTED_EVERY = timedelta(hours=1)
"""How exact the last use of a key is: one that is in use costs a process one write an hour."""

_TOKEN = re.compile(r"vdw_([a-z0-9-]{1,32})_([a-z2-7]{16})_([a-z2-7]{52})")
_KEY_KINDS = frozenset({PrincipalKind.AGENT, PrincipalKind.RUNNER, PrincipalKind.SERVICE})


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once: `token` is what the client sends, `key_id` is what is listed and revoked."""

    key_id: str
    token: Secret
    secret_sha256: str


def new_key(region: str, random_bytes: Callable[[int], bytes]) -> NewKey:
    """A fresh key. Nothing is stored here."""
    key_id = _base32(random_bytes(KEY_ID_BYTES))
    secret = _base32(random_bytes(SECRET_BYTES))
    return NewKey(key_id, Secret(f"vdw_{region}_{key_id}_{secret}"), _sha256(secret))


class ApiKeys:
    """An `AuthProvider` over the store's keys."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._noted: dict[str, datetime] = {}
        """Key id → when this process last wrote down that it is in use, or tried to."""

    async def verify_token(self, token: str) -> Principal:
        now = self._clock()
        key, principal = self._store.read(lambda reader: _authenticated(reader, token, now))
        await self._note_use(key, now)
        return principal

    async def _note_use(self, key: KeyRow, now: datetime) -> None:
        since = now - USE_NOTED_EVERY
        if key.last_used_at >= timestamp(since) or self._noted.get(key.id, since) > since:
            return
        self._noted[key.id] = now
        # A store that cannot be written says so to whoever writes; it is no reason to refuse a caller.
        with suppress(VdwError):
            await self._store.commit(lambda uow: uow.touch_key(key.id, timestamp(now)))


def principal_of(reader: Reader, token: str, now: datetime) -> Principal:
    """The principal of an API key. Raises `VdwError` (unauthenticated) where it is none."""
    return _authenticated(reader, token, now)[1]


def _authenticated(reader: Reader, token: str, now: datetime) -> tuple[KeyRow, Principal]:
    """The stored key and its principal. Raises `VdwError` (unauthenticated) by these steps:

    1. the key has our form and a bounded length; 2. its id is known; 3. the secret's hash is equal, compared in
    constant time, also for an unknown id; 4. it is neither revoked nor expired; 5. its principal is of a kind that may
    have keys, and in the key's tenant. Permissions are those of the principal within what its kind may ever do.
    """
    # 1.
    match = _TOKEN.fullmatch(token) if len(token) <= MAX_TOKEN_CHARACTERS else None
    if match is None:
        raise unauthenticated("not a key of ours")
    # 2. and 3.
    row = reader.key(match.group(2))
    stored = row.secret_sha256 if row is not None else "0" * 64
    if not hmac.compare_digest(stored, _sha256(match.group(3))) or row is None:
        raise unauthenticated("unknown key id or wrong secret")
    # 4.
    _require_in_force(row, now)
    # 5.
    principal = reader.principal(row.tenant, row.principal)
    if principal is None or principal.tenant != row.tenant:
        raise unauthenticated(f"principal {row.principal} is not there")
    return row, to_principal(principal)


def to_principal(row: PrincipalRow) -> Principal:
    """The stored principal as a caller. Raises `VdwError` (unauthenticated) for a kind that never has a key, and for a
    kind or permission that this version does not know."""
    try:
        kind = PrincipalKind(row.kind)
        stored = frozenset(Permission(name) for name in row.permissions)
    except ValueError as error:
        raise unauthenticated(f"principal {row.id}: {error}") from None
    if kind not in _KEY_KINDS:
        raise unauthenticated(f"a {kind.value} has no key")
    permissions = stored & KIND_PERMISSIONS[kind]
    return Principal(row.id, row.tenant, kind, row.owner or None, permissions)


def _require_in_force(row: KeyRow, now: datetime) -> None:
    if row.revoked_at:
        raise unauthenticated(f"key {row.id} is revoked")
    if row.expires_at and row.expires_at <= timestamp(now):
        raise unauthenticated(f"key {row.id} has expired")


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
