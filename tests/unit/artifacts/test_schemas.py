"""The published schemas: what agents fill in is what is read."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator

from vdw.artifacts.examples import example_of
from vdw.artifacts.models.fields import PATTERN_RULES, pattern_rule
from vdw.artifacts.reading import read_artifact
from vdw.artifacts.schemas import schema_digest, schema_of
from vdw.domain.canonical import JsonValue, digest_of
from vdw.domain.fields import mapping
from vdw.domain.ids import PREFIXES
from vdw.domain.stages import Lane, Phase

every_phase = pytest.mark.parametrize("phase", Phase)


def nodes(value: JsonValue) -> Iterator[JsonValue]:
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from nodes(child)


@every_phase
def test_the_example_is_valid_by_the_schema_and_is_read(phase: Phase) -> None:
    Draft202012Validator.check_schema(schema_of(phase))
    Draft202012Validator(schema_of(phase)).validate(example_of(phase))

    read = read_artifact(phase, example_of(phase), Lane.FULL)

    assert read["schema"] == f"vdw.{phase.value}/1"
    Draft202012Validator(schema_of(phase)).validate(read)


@every_phase
def test_every_object_of_a_schema_is_closed(phase: Phase) -> None:
    objects = [node for node in nodes(schema_of(phase)) if isinstance(node, dict) and node.get("type") == "object"]

    assert objects
    assert all(node["additionalProperties"] is False for node in objects)


@every_phase
def test_every_text_and_every_list_of_a_schema_is_bounded(phase: Phase) -> None:
    for node in nodes(schema_of(phase)):
        if isinstance(node, dict) and node.get("type") == "array":
            assert "maxItems" in node
        if isinstance(node, dict) and node.get("type") == "string":
            assert node.keys() & {"maxLength", "enum", "const"} or str(node["pattern"]).endswith("$")


@every_phase
def test_no_schema_takes_a_number_with_a_fraction(phase: Phase) -> None:
    kinds = [node.get("type") for node in nodes(schema_of(phase)) if isinstance(node, dict)]

    assert "number" not in kinds


@every_phase
def test_a_schema_is_compact_and_keeps_fields_that_are_called_title(phase: Phase) -> None:
    definitions = mapping(schema_of(phase).get("$defs", {}))
    titled = [name for name, node in definitions.items() if "title" in mapping(mapping(node)["properties"])]

    assert all("title" not in mapping(node) and "description" not in mapping(node) for node in definitions.values())
    assert len(json.dumps(schema_of(phase))) < 8000
    assert ("Task" in titled) == (phase is Phase.SPECIFICATION)


@every_phase
def test_the_digest_of_a_schema_is_of_what_is_published(phase: Phase) -> None:
    assert schema_digest(phase) == digest_of(schema_of(phase))


@every_phase
def test_every_pattern_of_a_schema_is_told_in_words(phase: Phase) -> None:
    found = [node.get("pattern") for node in nodes(schema_of(phase)) if isinstance(node, dict)]
    patterns = {pattern for pattern in found if isinstance(pattern, str)}

    for pattern in patterns - PATTERN_RULES.keys():
        assert pattern == f"^{pattern[1:4]}-[0-9]{{3,6}}$"
        assert pattern[1:4] in PREFIXES.values()
    assert all("[" not in pattern_rule(pattern) for pattern in patterns)
