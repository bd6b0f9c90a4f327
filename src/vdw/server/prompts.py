"""Prompts: one a phase, one to start, one to resume. Constant words; a project's texts never get into them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import mcp_types as types
from mcp.shared.exceptions import MCPError

from vdw.domain.stages import PHASES, Phase
from vdw.server.registry import Prompt

_PROJECT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")

_PROJECT = types.PromptArgument(name="project", description="Id or slug of the project", required=True)
LOOP = (
    "get_brief says what the phase needs; write its artifact by the JSON Schema, submit_artifact, and mend every blocking "
    "finding; then request_review with wait_seconds, give the human the command that it answers, and act on the verdict. "
    "Never claim that something is approved or verified unless get_project says so."
)
"""How a phase is done. What each one asks depends on the lane as well, so the brief alone says it."""

_PHASE = "Do the {phase} phase of project {project}. {loop}"
_START = (
    "Ask the user for their idea in their own words, then call create_project with exactly these words as the vibe. "
    "Go on with the draft it answers."
)
_RESUME = "Call get_project for project {project}, tell the user where it stands, and do what its `next` says."


def _project_of(arguments: Mapping[str, str]) -> str:
    project = arguments.get("project", "")
    if not _PROJECT_NAME.fullmatch(project):
        raise MCPError(types.INVALID_PARAMS, "project must be an id or slug, such as a list_projects row names.")
    return project


def _said(text: str) -> list[types.PromptMessage]:
    return [types.PromptMessage(role="user", content=types.TextContent(type="text", text=text))]


def _of_phase(phase: Phase) -> Prompt:
    return Prompt(
        phase.value,
        f"Do the {phase.value} phase",
        f"Write the {phase.value} artifact, and have it decided",
        (_PROJECT,),
        lambda given, _: _said(_PHASE.format(phase=phase.value, project=_project_of(given), loop=LOOP)),
    )


PROMPTS: tuple[Prompt, ...] = (
    Prompt("start_project", "Start a project", "From an idea to a draft", (), lambda _, __: _said(_START)),
    Prompt(
        "resume_project",
        "Resume a project",
        "Go on",
        (_PROJECT,),
        lambda given, _: _said(_RESUME.format(project=_project_of(given))),
    ),
    *map(_of_phase, PHASES),
)
