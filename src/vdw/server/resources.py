"""Resources: what a project holds, by URI. A URI is matched whole against a strict grammar; what does not match is not
there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext

from vdw.domain.canonical import JsonObject
from vdw.domain.principal import Principal
from vdw.domain.stages import PHASES, Phase
from vdw.errors import not_found
from vdw.server.pipeline import Pipeline
from vdw.service.environment import Environment

MAX_URI_CHARACTERS = 300
LISTED_PROJECTS = 50
"""Projects that resources/list names; the rest are found with list_projects."""
JSON_TYPE = "application/json"
RULE_TYPE = "text/plain"

Context = ServerRequestContext[Any, Any]
PROJECT = r"(?P<project>[a-z0-9][a-z0-9_-]{0,79})"
_PHASE = r"(?P<phase>" + "|".join(PHASES) + ")"


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of resource: its URI template, the grammar that matches it, and what reads it."""

    uri: str
    name: str
    description: str
    mime_type: str
    pattern: re.Pattern[str]
    read: Callable[[Environment, Principal, dict[str, str]], str]


def _project(env: Environment, principal: Principal, found: dict[str, str]) -> str:
    from vdw.service.project_views import get_project

    return get_project(env, principal, found["project"]).model_dump_json()


def _artifact(env: Environment, principal: Principal, found: dict[str, str]) -> str:
    from vdw.service.documents import artifact_document

    revision = found.get("revision")
    document = artifact_document(
        env, principal, found["project"], Phase(found["phase"]), int(revision) if revision else None
    )
    return _text(document)


def _skeleton(env: Environment, principal: Principal, found: dict[str, str]) -> str:
    from vdw.service.briefing import skeleton_document

    return _text(skeleton_document(env, principal, found["project"]))


def _timeline(env: Environment, principal: Principal, found: dict[str, str]) -> str:
    from vdw.service.timeline import timeline

    return _text(timeline(env, principal, found["project"], after=int(found.get("after", "0"))))


def _trace(env: Environment, principal: Principal, found: dict[str, str]) -> str:
    from vdw.service.tracing import trace_matrix

    return _text(trace_matrix(env, principal, found["project"]))


def _schema(_: Environment, __: Principal, found: dict[str, str]) -> str:
    from vdw.service.documents import schema_document

    return _text(schema_document(Phase(found["phase"])))


def _rule(_: Environment, __: Principal, found: dict[str, str]) -> str:
    from vdw.service.documents import rule_text

    return rule_text(found["rule"])


TEMPLATES: tuple[Template, ...] = tuple(
    Template(uri, name, description, mime_type, re.compile(pattern), read)
    for uri, name, description, mime_type, pattern, read in (
        (
            "vdw://projects/{project}",
            "project",
            "State, findings, next step",
            JSON_TYPE,
            f"vdw://projects/{PROJECT}",
            _project,
        ),
        (
            "vdw://projects/{project}/artifacts/{phase}",
            "artifact",
            "Current revision of a phase",
            JSON_TYPE,
            f"vdw://projects/{PROJECT}/artifacts/{_PHASE}",
            _artifact,
        ),
        (
            "vdw://projects/{project}/artifacts/{phase}/{revision}",
            "revision",
            "One revision of a phase",
            JSON_TYPE,
            f"vdw://projects/{PROJECT}/artifacts/{_PHASE}/(?P<revision>[1-9][0-9]{{0,5}})",
            _artifact,
        ),
        (
            "vdw://projects/{project}/skeleton",
            "skeleton",
            "Template draft of the current phase",
            JSON_TYPE,
            f"vdw://projects/{PROJECT}/skeleton",
            _skeleton,
        ),
        (
            "vdw://projects/{project}/timeline{?after}",
            "timeline",
            "All that happened, oldest first; next_after of one answer is after of the next",
            JSON_TYPE,
            f"vdw://projects/{PROJECT}/timeline" + r"(\?after=(?P<after>[0-9]{1,9}))?",
            _timeline,
        ),
        (
            "vdw://projects/{project}/trace",
            "trace",
            "Requirement to evidence, as a matrix",
            JSON_TYPE,
            f"vdw://projects/{PROJECT}/trace",
            _trace,
        ),
        (
            "vdw://schemas/{phase}",
            "schema",
            "JSON Schema of a phase's artifact",
            JSON_TYPE,
            f"vdw://schemas/{_PHASE}",
            _schema,
        ),
        (
            "vdw://rules/{rule}",
            "rule",
            "A rule of the reasoner, as it runs",
            RULE_TYPE,
            "vdw://rules/(?P<rule>[a-z][a-z_]{0,60})",
            _rule,
        ),
    )
)


def on_list_templates() -> Any:
    async def list_templates(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(
            resource_templates=[
                types.ResourceTemplate(
                    uri_template=template.uri,
                    name=template.name,
                    description=template.description,
                    mime_type=template.mime_type,
                )
                for template in TEMPLATES
            ]
        )

    return list_templates


def on_list(pipeline: Pipeline) -> Any:
    async def list_resources(ctx: Context, _: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        from vdw.service.project_views import list_projects

        env, principal = await pipeline.admit(ctx.request)
        projects = list_projects(env, principal, limit=LISTED_PROJECTS).projects
        listed = [
            types.Resource(uri=f"vdw://projects/{project.project}", name=project.slug, mime_type=JSON_TYPE)
            for project in projects
        ]
        listed += [
            types.Resource(uri=f"vdw://schemas/{phase}", name=f"{phase} schema", mime_type=JSON_TYPE)
            for phase in PHASES
        ]
        return types.ListResourcesResult(resources=listed)

    return list_resources


def on_read(pipeline: Pipeline) -> Any:
    async def read_resource(ctx: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        uri = str(params.uri)
        env, principal = await pipeline.admit(ctx.request)
        template, text = read_uri(env, principal, uri)
        contents = types.TextResourceContents(uri=uri, text=text, mime_type=template.mime_type)
        return types.ReadResourceResult(contents=[contents])

    return read_resource


def read_uri(env: Environment, principal: Principal, uri: str) -> tuple[Template, str]:
    """The resource's text. Raises `VdwError` (not_found) for any URI outside the grammar, as for one that is not
    there."""
    if len(uri) <= MAX_URI_CHARACTERS:
        for template in TEMPLATES:
            match = template.pattern.fullmatch(uri)
            if match is not None:
                return template, template.read(env, principal, {k: v for k, v in match.groupdict().items() if v})
    raise not_found("resource")


def _text(value: JsonObject) -> str:
    return json.dumps(value, ensure_ascii=False)
