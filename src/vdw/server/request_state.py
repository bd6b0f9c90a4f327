"""Request state: what a client carries from one round of a call to the next. It is sealed, and opens for its holder
alone.

The seal is the SDK's: authenticated encryption with an age, for one call and this service. The SDK knows no principals
of ours, so who holds a state is told to it here, in the calls alone that bring a state or are answered with one. A
state in another principal's call is answered like one that nobody sealed; to a caller who cannot be told none is sealed
or opened.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.server.request_state import AESGCMRequestStateCodec, RequestStateBoundary, RequestStateSecurity
from mcp_types.methods import INPUT_REQUIRED_METHODS, is_input_required

from vdw.server.pipeline import Pipeline

KEY_BYTES = 32
"""Of a key that this process makes for itself, in bytes: what AES-256 takes."""

Context = ServerRequestContext[Any, Any]


def sealed_for_its_holder(pipeline: Pipeline, keys: Sequence[str] | None, audience: str) -> ServerMiddleware[Any]:
    """The middleware. The newest key (the first) seals, all of them open; None: a key of this process alone."""
    codec = AESGCMRequestStateCodec(keys or [os.urandom(KEY_BYTES)])

    async def seal(ctx: Context, call_next: CallNext) -> HandlerResult:
        if ctx.method not in INPUT_REQUIRED_METHODS:
            return await call_next(ctx)
        # 1. Whose call it is, where it brings a state that is to be opened.
        holder = await _holder(pipeline, ctx) if (ctx.params or {}).get("requestState") is not None else ""

        async def answered(inner: Context) -> HandlerResult:
            nonlocal holder
            result = await call_next(inner)
            # 2. Whose call it is, where it is answered with a state that is to be sealed.
            if not holder and is_input_required(result):
                holder = await _holder(pipeline, ctx)
            return result

        # 3. Opened and sealed for that holder alone.
        security = RequestStateSecurity(codec=codec, bind_principal=lambda _: holder, audience=audience)
        return await RequestStateBoundary(security, default_audience=audience)(ctx, answered)

    return seal


async def _holder(pipeline: Pipeline, ctx: Context) -> str:
    _, principal = await pipeline.admit(ctx.request)
    return f"{principal.tenant}/{principal.id}"
