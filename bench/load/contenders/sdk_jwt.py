"""The bare MCP SDK behind its own bearer authentication: PyJWT verifies the RS256 signature of every call's token."""

from __future__ import annotations

import sys
from pathlib import Path

import jwt
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from pydantic import AnyHttpUrl

from bench.load.contenders.listening import listen
from bench.load.contenders.token import AUDIENCE, ISSUER

PUBLIC_KEY = Path(sys.argv[1]).read_bytes()


class Verifier:
    async def verify_token(self, token: str) -> AccessToken | None:
        try:
            claims = jwt.decode(token, PUBLIC_KEY, algorithms=["RS256"], audience=AUDIENCE, issuer=ISSUER)
        except jwt.InvalidTokenError:
            return None
        return AccessToken(token=token, client_id=claims["client_id"], scopes=[], expires_at=claims["exp"])


server = MCPServer(
    "bare",
    token_verifier=Verifier(),
    auth=AuthSettings(
        issuer_url=AnyHttpUrl(ISSUER),
        resource_server_url=AnyHttpUrl(AUDIENCE),
        validate_token_resource=False,  # the verifier has checked the audience
    ),
)


@server.tool()
def add(a: int, b: int) -> int:
    return a + b


if __name__ == "__main__":
    listen(server.streamable_http_app(stateless_http=True))
