"""The two raw ways in, seen alike: a line to a `vdw mcp` process, and a body to `vdw serve`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from tests.interaction.lines import MODERN_VERSION, Era, Reply, request
from tests.interaction.servers import Served
from tests.security.attacks import BEARER, CONTENT, HOST, Request, sent
from tests.security.modern import said


class Wire(Protocol):
    """Law: `ask` sends these bytes as one message and answers the reply to them. What `good` makes is a right
    request."""

    def ask(self, raw: bytes) -> Reply: ...

    def good(self, request_id: int | str, method: str = "tools/list", **params: object) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Body:
    """Requests to one `vdw serve`."""

    served: Served
    key: str
    era: Era
    statuses: list[int] = field(default_factory=list)

    def ask(self, raw: bytes) -> Reply:
        method = "tools/call" if b'"tools/call"' in raw else "tools/list"
        named = (("Mcp-Name", "list_projects"),) if method == "tools/call" else ()
        modern = (("MCP-Protocol-Version", MODERN_VERSION), ("Mcp-Method", method), *named)
        headers = HOST + BEARER + CONTENT + (modern if self.era == "modern" else ())
        reply = sent(self.served.port, self.key, Request(headers, raw))
        self.statuses.append(reply.status)
        return said(reply)

    def good(self, request_id: int | str, method: str = "tools/list", **params: object) -> bytes:
        return request(self.era, request_id, method, params)
