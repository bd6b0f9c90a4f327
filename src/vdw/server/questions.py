"""Questions to a client: a call's answer may ask for something first, and only for what this client offers."""

from __future__ import annotations

from collections.abc import Mapping

import mcp_types as types
from mcp.shared.exceptions import MCPError

from vdw.server.registry import Context

_NEEDED: Mapping[str, types.ClientCapabilities] = {
    "elicitation/create": types.ClientCapabilities(elicitation=types.ElicitationCapability()),
    "sampling/createMessage": types.ClientCapabilities(sampling=types.SamplingCapability()),
    "roots/list": types.ClientCapabilities(roots=types.RootsCapability()),
}
"""Method of a question → what a client declares that takes it."""


def require_offered(ctx: Context, asked: types.InputRequiredResult) -> types.InputRequiredResult:
    """The same questions, all of which the client has said it takes. Raises `MCPError` (-32021) naming what it would
    have to declare."""
    for request in (asked.input_requests or {}).values():
        needed = _NEEDED[request.method]
        if not ctx.session.check_client_capability(needed):
            data = types.MissingRequiredClientCapabilityErrorData(required_capabilities=needed)
            raise MCPError(
                types.MISSING_REQUIRED_CLIENT_CAPABILITY,
                f"This call has to ask {request.method}, which the client does not declare.",
                data.model_dump(by_alias=True, exclude_none=True),
            )
    return asked
