"""Who owns a session of the first era: the SDK answers in it only to the principal that began it."""

from __future__ import annotations

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.types import ASGIApp, Receive, Scope, Send

from vdw.domain.principal import Principal
from vdw.transport.edge import PRINCIPAL_KEY


class OwnedSessions:
    """Law. What is behind it knows the principal that the edge verified, and never the credential."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal = scope.get(PRINCIPAL_KEY)
        if isinstance(principal, Principal):
            owner = f"{principal.tenant}/{principal.id}"
            scope["user"] = AuthenticatedUser(AccessToken(token="", client_id=owner, scopes=[]))
        await self._app(scope, receive, send)
