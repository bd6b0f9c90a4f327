"""The same command again gives the same answer (law 7).

With a key: within 24 hours, scoped to tenant and principal; another body under the same key is refused and names the
earlier call. Without one: only the retry of the project's newest command, while nothing has changed since. What is
stored is key, body digest and event version; the answer is built again from the project as that event left it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from vdw.domain.canonical import Digest, JsonObject, digest_of
from vdw.domain.clock import timestamp
from vdw.domain.ids import ProjectId
from vdw.domain.principal import Principal
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.service.environment import Environment
from vdw.store.interface import Reader, ReplayRow, UnitOfWork

KEEP = timedelta(hours=24)
MAX_KEY_CHARACTERS = 128
FORGOTTEN_AT_ONCE = 8
"""Calls too old to be answered that are dropped with each one remembered: more than come, few enough for the write
lock."""


@dataclass(frozen=True, slots=True)
class Call:
    """One command as idempotency sees it. `slot` is the caller's key or the project's last-command slot."""

    slot: str
    body: Digest
    keyed: bool


def call_of(tool: str, project: str, body: JsonObject, key: str) -> Call:
    """Raises `VdwError` (invalid_input) for a key that is too long or not printable."""
    if len(key) > MAX_KEY_CHARACTERS or not key.isprintable():
        raise invalid("idempotency_key", f"at most {MAX_KEY_CHARACTERS} printable characters", "create-2026-11-24-a")
    digest = digest_of({"tool": tool, "project": project, "body": body})
    return Call(f"key:{key}" if key else f"last:{project}", digest, bool(key))


def replayed(
    reader: Reader, env: Environment, principal: Principal, call: Call, version: int | None = None
) -> ReplayRow | None:
    """The earlier identical call, or None. `version` is the project's present one; without a key only the newest
    command counts. Raises `VdwError` (idempotency) for the same key with another body."""
    row = reader.replay(principal.tenant, principal.id, call.slot)
    if row is None or row.at < timestamp(env.clock() - KEEP):
        return None
    if row.body != call.body:
        if call.keyed:
            raise VdwError(
                ErrorCode.IDEMPOTENCY,
                "This idempotency key was used for another call.",
                "Use a new key for a new call.",
                details={"project": row.project, "event_version": row.event_version, "at": row.at},
            )
        return None
    return row if call.keyed or row.event_version == version else None


def remember(
    uow: UnitOfWork,
    env: Environment,
    principal: Principal,
    call: Call,
    project: ProjectId,
    version: int,
    *,
    unchanged: str = "",
) -> None:
    """Stores what a later identical call is answered from. `version` is that of the command's last event, or the one at
    which it found nothing to change, under the verdict with the digest `unchanged`."""
    now = env.clock()
    row = ReplayRow(principal.tenant, principal.id, call.slot, call.body, project, version, timestamp(now), unchanged)
    uow.put_replay(row)
    uow.drop_replays(timestamp(now - KEEP), limit=FORGOTTEN_AT_ONCE)
