"""Reading what the surface offers by name: resources and prompts."""

from __future__ import annotations

import base64
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError

from vdw.beside import beside_unsized
from vdw.domain.principal import Principal
from vdw.errors import not_found
from vdw.server.pipeline import Pipeline
from vdw.server.questions import require_offered
from vdw.server.registry import Context, Resource, Surface
from vdw.server.resources import MAX_URI_CHARACTERS
from vdw.service.environment import Environment


def on_read_resource(pipeline: Pipeline) -> Any:
    async def read_resource(ctx: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        env, principal = await pipeline.admit(ctx.request)
        uri = str(params.uri)
        resource, content = await beside_unsized(lambda: read_uri(pipeline.surface, env, principal, uri))
        if isinstance(content, str):
            text = types.TextResourceContents(uri=uri, text=content, mime_type=resource.mime_type)
            return types.ReadResourceResult(contents=[text])
        blob = base64.b64encode(content).decode()
        return types.ReadResourceResult(
            contents=[types.BlobResourceContents(uri=uri, blob=blob, mime_type=resource.mime_type)]
        )

    return read_resource


def on_get_prompt(pipeline: Pipeline) -> Any:
    async def get_prompt(
        ctx: Context, params: types.GetPromptRequestParams
    ) -> types.GetPromptResult | types.InputRequiredResult:
        await pipeline.admit(ctx.request)
        prompt = next((each for each in pipeline.surface.prompts if each.name == params.name), None)
        if prompt is None:
            raise MCPError(types.INVALID_PARAMS, "There is no such prompt.")
        made = prompt.messages(params.arguments or {}, ctx)
        return types.GetPromptResult(messages=made) if isinstance(made, list) else require_offered(ctx, made)

    return get_prompt


def read_uri(surface: Surface, env: Environment, principal: Principal, uri: str) -> tuple[Resource, str | bytes]:
    """The resource's content. Raises `VdwError` (not_found) for any URI outside the grammar, as for one that is not
    there."""
    if len(uri) <= MAX_URI_CHARACTERS:
        for resource in surface.resources:
            match = resource.pattern.fullmatch(uri)
            if match is not None:
                found = {name: value for name, value in match.groupdict().items() if value}
                return resource, resource.read(env, principal, found)
    raise not_found("resource")
