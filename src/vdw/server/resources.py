"""Resources: what a project holds, by URI. A URI is matched whole against a strict grammar; what does not match is not
there."""

from __future__ import annotations

import json
import re

from vdw.domain.canonical import JsonObject
from vdw.domain.principal import Principal
from vdw.domain.stages import PHASES, Phase
from vdw.server.registry import Resource
from vdw.service.environment import Environment

MAX_URI_CHARACTERS = 300
JSON_TYPE = "application/json"
RULE_TYPE = "text/plain"

PROJECT = r"(?P<project>[a-z0-9][a-z0-9_-]{0,79})"
_PHASE = r"(?P<phase>" + "|".join(PHASES) + ")"


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


def schema_text(phase: Phase) -> str:
    """The JSON Schema of the phase's artifact."""
    from vdw.service.documents import schema_document

    return _text(schema_document(phase))


def _schema(_: Environment, __: Principal, found: dict[str, str]) -> str:
    return schema_text(Phase(found["phase"]))


def _rule(_: Environment, __: Principal, found: dict[str, str]) -> str:
    from vdw.service.documents import rule_text

    return rule_text(found["rule"])


RESOURCES: tuple[Resource, ...] = (
    Resource(
        "vdw://projects/{project}",
        "project",
        "A project",
        "State, findings, next step",
        JSON_TYPE,
        re.compile(f"vdw://projects/{PROJECT}"),
        _project,
    ),
    Resource(
        "vdw://projects/{project}/artifacts/{phase}",
        "artifact",
        "An artifact",
        "Current revision of a phase",
        JSON_TYPE,
        re.compile(f"vdw://projects/{PROJECT}/artifacts/{_PHASE}"),
        _artifact,
    ),
    Resource(
        "vdw://projects/{project}/artifacts/{phase}/{revision}",
        "revision",
        "A revision",
        "One revision of a phase",
        JSON_TYPE,
        re.compile(f"vdw://projects/{PROJECT}/artifacts/{_PHASE}/(?P<revision>[1-9][0-9]{{0,5}})"),
        _artifact,
    ),
    Resource(
        "vdw://projects/{project}/skeleton",
        "skeleton",
        "A template draft",
        "Template draft of the current phase",
        JSON_TYPE,
        re.compile(f"vdw://projects/{PROJECT}/skeleton"),
        _skeleton,
    ),
    Resource(
        "vdw://projects/{project}/timeline{?after}",
        "timeline",
        "A timeline",
        "All that happened, oldest first; next_after of one answer is after of the next",
        JSON_TYPE,
        re.compile(f"vdw://projects/{PROJECT}/timeline" + r"(\?after=(?P<after>[0-9]{1,9}))?"),
        _timeline,
    ),
    Resource(
        "vdw://projects/{project}/trace",
        "trace",
        "A trace matrix",
        "Requirement to evidence, as a matrix",
        JSON_TYPE,
        re.compile(f"vdw://projects/{PROJECT}/trace"),
        _trace,
    ),
    Resource(
        "vdw://schemas/{phase}",
        "schema",
        "A schema",
        "JSON Schema of a phase's artifact",
        JSON_TYPE,
        re.compile(f"vdw://schemas/{_PHASE}"),
        _schema,
    ),
    Resource(
        "vdw://rules/{rule}",
        "rule",
        "A rule",
        "A rule of the reasoner, as it runs",
        RULE_TYPE,
        re.compile("vdw://rules/(?P<rule>[a-z][a-z_]{0,60})"),
        _rule,
    ),
)


def _text(value: JsonObject) -> str:
    return json.dumps(value, ensure_ascii=False)
