"""Completion of the arguments of prompts and resource templates: names of projects, phases, revisions, rules.

What it offers, the caller may read; an argument that takes any value is completed with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError

from vdw.domain.principal import Principal
from vdw.domain.stages import PHASES, Phase
from vdw.server.pipeline import Pipeline
from vdw.server.registry import Context
from vdw.service.environment import Environment


def on_complete(pipeline: Pipeline) -> Any:
    async def complete(ctx: Context, params: types.CompleteRequestParams) -> types.CompleteResult:
        from vdw.service.completing import MAX_COMPLETIONS

        env, principal = await pipeline.admit(ctx.request)
        name, begun = params.argument.name, params.argument.value
        _require_argument(pipeline.surface.arguments_of(params.ref), name)
        given = params.context.arguments if params.context else None
        found = [value for value in _values(env, principal, name, begun, given or {}) if value.startswith(begun)]
        return types.CompleteResult(
            completion=types.Completion(values=found[:MAX_COMPLETIONS], has_more=len(found) > MAX_COMPLETIONS)
        )

    return complete


def _require_argument(arguments: frozenset[str] | None, name: str) -> None:
    """Raises `MCPError` (invalid params) where there is no such prompt or resource, or it has no such argument."""
    if arguments is None:
        raise MCPError(types.INVALID_PARAMS, "There is no such prompt or resource template.")
    if name not in arguments:
        raise MCPError(types.INVALID_PARAMS, "It has no such argument.")


def _values(env: Environment, principal: Principal, name: str, begun: str, given: Mapping[str, str]) -> Iterable[str]:
    """All that the argument may be, in the order of an answer."""
    from vdw.service import completing

    match name:
        case "project":
            return completing.project_names(env, principal, begun)
        case "phase":
            return PHASES
        case "revision" if given.get("project") and given.get("phase") in PHASES:
            return completing.revision_numbers(env, principal, given["project"], Phase(given["phase"]))
        case "rule":
            from vdw.reasoning.rulebook import load_rulebook

            return load_rulebook().rules
        case _:
            return ()
