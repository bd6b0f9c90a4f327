"""Prompts: one a phase, one to start, one to resume. Constant words; a project's texts never get into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError

from vdw.domain.stages import PHASES
from vdw.server.pipeline import Pipeline

Context = ServerRequestContext[Any, Any]
_PROJECT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")

_PROJECT = types.PromptArgument(name="project", description="Id or slug of the project", required=True)
LOOP = (
    "get_brief says what the phase needs; write its artifact by the JSON Schema, submit_artifact, and mend every blocking "
    "finding; then request_review with wait_seconds, give the human the command that it answers, and act on the verdict. "
    "Never claim that something is approved or verified unless get_project says so."
)
"""How a phase is done. What each one asks depends on the lane as well, so the brief alone says it."""

ARGUMENTS: Mapping[str, frozenset[str]] = {
    "start_project": frozenset(),
    **{name: frozenset({_PROJECT.name}) for name in ("resume_project", *PHASES)},
}
"""Prompt → names of its arguments."""

_PHASE = "Do the {phase} phase of project {project}. {loop}"
_START = (
    "Ask the user for their idea in their own words, then call create_project with exactly these words as the vibe. "
    "Go on with the draft it answers."
)
_RESUME = "Call get_project for project {project}, tell the user where it stands, and do what its `next` says."


def on_list() -> Any:
    async def list_prompts(_: Context, __: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        listed = [types.Prompt(name="start_project", title="Start a project", description="From an idea to a draft")]
        listed.append(
            types.Prompt(name="resume_project", title="Resume a project", description="Go on", arguments=[_PROJECT])
        )
        listed += [
            types.Prompt(
                name=phase.value,
                title=f"Do the {phase.value} phase",
                description=f"Write the {phase.value} artifact, and have it decided",
                arguments=[_PROJECT],
            )
            for phase in PHASES
        ]
        return types.ListPromptsResult(prompts=listed)

    return list_prompts


def on_get(pipeline: Pipeline) -> Any:
    async def get_prompt(ctx: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        await pipeline.admit(ctx.request)
        text = prompt_text(params.name, params.arguments or {})
        message = types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))
        return types.GetPromptResult(messages=[message])

    return get_prompt


def prompt_text(name: str, arguments: dict[str, str]) -> str:
    """The prompt's words. Raises `MCPError` (invalid params) for an unknown prompt or a project that is no project
    name."""
    if name == "start_project":
        return _START
    if name != "resume_project" and name not in PHASES:
        raise MCPError(types.INVALID_PARAMS, "There is no such prompt.")
    project = arguments.get("project", "")
    if not _PROJECT_NAME.fullmatch(project):
        raise MCPError(types.INVALID_PARAMS, "project must be an id or slug, such as a list_projects row names.")
    if name == "resume_project":
        return _RESUME.format(project=project)
    return _PHASE.format(phase=name, project=project, loop=LOOP)
