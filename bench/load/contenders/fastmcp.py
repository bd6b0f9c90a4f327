"""FastMCP, bare; or with its own JWT verifier and its rate limit, set so high that it never refuses."""

from __future__ import annotations

import sys
from pathlib import Path

from fastmcp import FastMCP
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.server.middleware.rate_limiting import RateLimitingMiddleware

from bench.load.contenders.listening import listen
from bench.load.contenders.token import AUDIENCE, ISSUER

NEVER = 10**9
"""Calls per second."""


def add(a: int, b: int) -> int:
    return a + b


def main() -> None:
    if len(sys.argv) > 1:
        key = Path(sys.argv[1]).read_text("ascii")
        server = FastMCP("bare", auth=JWTVerifier(public_key=key, issuer=ISSUER, audience=AUDIENCE, algorithm="RS256"))
        server.add_middleware(RateLimitingMiddleware(max_requests_per_second=NEVER, burst_capacity=NEVER))
    else:
        server = FastMCP("bare")
    server.tool(add)
    listen(server.http_app(stateless_http=True))


if __name__ == "__main__":
    main()
