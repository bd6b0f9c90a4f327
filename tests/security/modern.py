"""Requests of the second era as a right client makes them, so that a test can spoil one thing."""

from __future__ import annotations

import json
from typing import Any

from tests.interaction.lines import META, MODERN_VERSION
from tests.security.attacks import BEARER, CONTENT, HOST, Headers, Reply, Request

Json = dict[str, Any]
VERSION_KEY = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities"
NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""The methods whose headers carry a name, and the parameter that holds it."""


def asking(
    method: str,
    params: Json | None = None,
    *,
    headers: Headers | None = None,
    meta: Json | None = None,
    request_id: int = 1,
) -> Request:
    """The request; `headers` and `meta` stand for those that are right."""
    given = {"_meta": META if meta is None else meta} | (params or {})
    body = {"jsonrpc": "2.0", "id": request_id, "method": method, "params": given}
    routing = right_headers(method, params or {}) if headers is None else headers
    return Request(HOST + BEARER + CONTENT + routing, json.dumps(body).encode())


def right_headers(method: str, params: Json) -> Headers:
    named = NAMED_BY.get(method)
    name = (("Mcp-Name", str(params[named])),) if named else ()
    return (("MCP-Protocol-Version", MODERN_VERSION), ("Mcp-Method", method), *name)


def said(reply: Reply) -> Json:
    """The message in the answer."""
    return dict(json.loads(reply.body.decode().rpartition("data: ")[2]))


def error_code(reply: Reply) -> int:
    return int(said(reply)["error"]["code"])
