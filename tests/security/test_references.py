"""A reference is followed nowhere: schemas that we serve point inside themselves, and what is sent to us is data."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import jsonschema
import pytest

from tests.interaction.servers import Demo, Json, error_of
from tests.security.test_reach import app, client
from vdw.app import App
from vdw.domain.canonical import MAX_DEPTH
from vdw.domain.stages import PHASES, Phase
from vdw.server.resources import schema_text
from vdw.server.tools import TOOLS

__all__ = ["app"]
"""A fixture."""

ELSEWHERE = (
    "http://127.0.0.1:1/x.json",
    "https://example.org/x.json",
    "file:///etc/passwd",
    "//example.org/x",
    "x.json",
)
KEYWORDS = ("$ref", "$dynamicRef", "$schema", "$id", "$recursiveRef")


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("$ref", "$dynamicRef", "$recursiveRef") and isinstance(value, str):
                yield value
            yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def depth(node: object) -> int:
    if isinstance(node, dict | list):
        inner = node.values() if isinstance(node, dict) else node
        return 1 + max(map(depth, inner), default=0)
    return 0


@pytest.mark.row(id="F6")
def test_no_schema_of_ours_points_outside_itself_or_nests_without_end() -> None:
    schemas: list[Json] = [json.loads(schema_text(Phase(phase))) for phase in PHASES]
    schemas += [schema for tool in TOOLS for schema in (tool.input_schema, tool.output_schema) if schema is not None]

    for schema in schemas:
        jsonschema.Draft202012Validator.check_schema(schema)
    found = {reference for schema in schemas for reference in references(schema)}
    assert [reference for reference in found if not reference.startswith("#/")] == []
    assert max(map(depth, schemas)) <= MAX_DEPTH


@pytest.mark.row(id="F6")
@pytest.mark.parametrize("target", ELSEWHERE)
async def test_a_reference_in_what_is_sent_is_looked_up_nowhere(
    target: str, app: App, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[object] = []

    def refused(*arguments: object, **_: object) -> None:
        looked_up.append(arguments)
        raise OSError("no network")

    pointing: Json = dict.fromkeys(KEYWORDS, target)
    async with client(app, demo.founded.agent_key) as caller:
        made = await caller.call_tool("create_project", {"vibe": "It must point nowhere."})
        assert made.structured_content is not None
        project = made.structured_content["project"]
        monkeypatch.setattr(socket.socket, "connect", refused)
        monkeypatch.setattr(socket, "getaddrinfo", refused)
        mood = {"schema": "vdw.mood/1", "requirements": [pointing], **pointing}
        offers: dict[str, Json] = {
            "submit_artifact": {"project": project, "phase": "mood", "artifact": mood},
            "submit_evidence": {"project": project, "kind": "claim", "claim": pointing},
            "submit_statement": {"envelope": pointing},
        }
        codes = {name: error_of(await caller.call_tool(name, given))["code"] for name, given in offers.items()}

    assert looked_up == []
    assert set(codes.values()) == {"invalid_input"}
