"""The seam for ways of signing in. API keys today; tokens of identity providers stand behind the same Protocol."""

from __future__ import annotations

from typing import Protocol

from vdw.domain.principal import Principal
from vdw.errors import ErrorCode, VdwError


class AuthProvider(Protocol):
    """Law. `verify_token` returns a principal only for a credential that is genuine, in force and of a tenant here; it
    raises `VdwError` (unauthenticated) otherwise, always with the same words, the real reason in the log alone. The
    principal's kind is never human, whatever the credential claims."""

    async def verify_token(self, token: str) -> Principal: ...


def unauthenticated(reason: str) -> VdwError:
    """The one answer for a credential that is missing, malformed, unknown, expired or revoked."""
    return VdwError(
        ErrorCode.UNAUTHENTICATED,
        "The credential is missing or not valid here.",
        "Send 'Authorization: Bearer <key>' with a key from `vdw key create`.",
        reason=reason,
    )
