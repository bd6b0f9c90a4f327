"""Who calls, and what a caller may ever do.

Kind follows the channel, never the token: whatever arrives over MCP is an agent, a runner or a
service. A human is a console session or the signer of an envelope, so no principal made from a
bearer or an API key carries a human permission.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vdw.domain.ids import PersonId, PrincipalId, TenantId
from vdw.errors import ErrorCode, VdwError


class PrincipalKind(StrEnum):
    AGENT = "agent"
    RUNNER = "runner"
    SERVICE = "service"
    OPERATOR = "operator"
    """The operating-system user at the command line: reads, manages keys, hands over envelopes; never decides."""


class Permission(StrEnum):
    """`resource:action`. Deciding a gate is not here: a decision is authorised by its signature alone."""

    PROJECT_CREATE = "project:create"
    PROJECT_READ = "project:read"
    PROJECT_CHANGE = "project:change"
    PROJECT_ABANDON = "project:abandon"
    PROJECT_EXPORT = "project:export"
    ARTIFACT_SUBMIT = "artifact:submit"
    EVIDENCE_SUBMIT = "evidence:submit"
    ENVELOPE_RELAY = "envelope:relay"
    KEY_MANAGE = "key:manage"


_READ = frozenset({Permission.PROJECT_READ, Permission.PROJECT_EXPORT})

KIND_PERMISSIONS: dict[PrincipalKind, frozenset[Permission]] = {
    PrincipalKind.AGENT: _READ
    | {
        Permission.PROJECT_CREATE,
        Permission.PROJECT_CHANGE,
        Permission.ARTIFACT_SUBMIT,
        Permission.EVIDENCE_SUBMIT,
        Permission.ENVELOPE_RELAY,
    },
    PrincipalKind.RUNNER: frozenset({Permission.PROJECT_READ, Permission.EVIDENCE_SUBMIT}),
    PrincipalKind.SERVICE: _READ | {Permission.ENVELOPE_RELAY},
    PrincipalKind.OPERATOR: _READ
    | {
        Permission.PROJECT_CREATE,
        Permission.PROJECT_CHANGE,
        Permission.PROJECT_ABANDON,
        Permission.ENVELOPE_RELAY,
        Permission.KEY_MANAGE,
    },
}
"""The most that a kind may ever do. A key may carry less, never more."""

BY_HAND: dict[Permission, str] = {
    Permission.PROJECT_ABANDON: "vdw project abandon PROJECT",
    Permission.KEY_MANAGE: "vdw key",
}
"""What no key can hold, and the command of the person who does it instead."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller. `owner` is the human who answers for it; None may read, never submit."""

    id: PrincipalId
    tenant: TenantId
    kind: PrincipalKind
    owner: PersonId | None
    permissions: frozenset[Permission]

    def require(self, permission: Permission) -> None:
        """Raises `VdwError` (forbidden) unless both this principal and its kind hold the permission."""
        if permission not in self.permissions & KIND_PERMISSIONS[self.kind]:
            raise VdwError(
                ErrorCode.FORBIDDEN,
                f"This credential ({self.kind.value}) may not do that: it lacks {permission.value}.",
                _instead(permission),
                details={"needs": permission.value},
            )


def _instead(permission: Permission) -> str:
    if permission in BY_HAND:
        return f"No key can hold it; a person does it at the command line: {BY_HAND[permission]}"
    return "Ask whoever runs this server for a key with that permission."
