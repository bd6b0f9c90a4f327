"""The four lists of the protocol, from the rows of the surface, each in a fixed order.

Tools are those that the caller may call. Prompts and resource templates are the same for everybody. Resources are the
schemas and then the caller's projects, newest first, a page at a time.
"""

from __future__ import annotations

from typing import Any

import mcp_types as types

from vdw.domain.stages import PHASES, Phase
from vdw.errors import ErrorCode, VdwError, invalid
from vdw.server.pipeline import Pipeline
from vdw.server.registry import AnyTool, Context
from vdw.server.resources import JSON_TYPE, schema_text

Params = types.PaginatedRequestParams | None

PROJECTS_A_PAGE = 50
"""Projects that one page of resources/list names; a client that wants one of many completes its name instead."""


def on_list_tools(pipeline: Pipeline) -> Any:
    async def list_tools(ctx: Context, params: Params) -> types.ListToolsResult:
        _require_first_page(params)
        try:
            _, principal = await pipeline.admit(ctx.request)
        except VdwError as error:
            if error.code is not ErrorCode.NOT_INITIALISED:
                raise
            principal = None
        return types.ListToolsResult(tools=[_tool(tool) for tool in pipeline.surface.visible_tools(principal)])

    return list_tools


def on_list_prompts(pipeline: Pipeline) -> Any:
    async def list_prompts(_: Context, params: Params) -> types.ListPromptsResult:
        _require_first_page(params)
        listed = [
            types.Prompt(
                name=prompt.name,
                title=prompt.title,
                description=prompt.description,
                arguments=list(prompt.arguments) or None,
            )
            for prompt in pipeline.surface.prompts
        ]
        return types.ListPromptsResult(prompts=listed)

    return list_prompts


def on_list_templates(pipeline: Pipeline) -> Any:
    async def list_templates(_: Context, params: Params) -> types.ListResourceTemplatesResult:
        _require_first_page(params)
        listed = [
            types.ResourceTemplate(
                uri_template=resource.uri,
                name=resource.name,
                title=resource.title,
                description=resource.description,
                mime_type=resource.mime_type,
            )
            for resource in pipeline.surface.resources
        ]
        return types.ListResourceTemplatesResult(resource_templates=listed)

    return list_templates


def on_list_resources(pipeline: Pipeline) -> Any:
    async def list_resources(ctx: Context, params: Params) -> types.ListResourcesResult:
        from vdw.service.project_views import list_projects

        env, principal = await pipeline.admit(ctx.request)
        cursor = (params.cursor if params else None) or ""
        page = list_projects(env, principal, limit=PROJECTS_A_PAGE, cursor=cursor)
        listed = [] if cursor else [_schema(phase) for phase in PHASES]
        listed += [
            types.Resource(
                uri=f"vdw://projects/{project.project}",
                name=project.slug,
                title=project.title,
                description=f"{project.phase}, {project.stage}",
                mime_type=JSON_TYPE,
            )
            for project in page.projects
        ]
        return types.ListResourcesResult(resources=listed, next_cursor=page.cursor or None)

    return list_resources


def _tool(tool: AnyTool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=types.ToolAnnotations(
            read_only_hint=tool.read_only,
            destructive_hint=False,
            idempotent_hint=tool.idempotent,
            open_world_hint=False,
        ),
    )


def _schema(phase: Phase) -> types.Resource:
    return types.Resource(
        uri=f"vdw://schemas/{phase}",
        name=f"{phase}-schema",
        title=f"Schema of {phase}",
        description=f"JSON Schema of the artifact of {phase}",
        mime_type=JSON_TYPE,
        size=len(schema_text(phase).encode()),
    )


def _require_first_page(params: Params) -> None:
    """Lists of one page give out no cursor. Raises `VdwError` (invalid_input) for one all the same."""
    if params is not None and params.cursor is not None:
        raise invalid("cursor", "this list has one page", next_step="Ask without a cursor.")
