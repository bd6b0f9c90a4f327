"""Reading what is submitted: each fault with its path, the rule in words, and what would be right."""

from __future__ import annotations

from functools import partial

import pytest

from tests.unit.artifacts.documents import (
    COMMIT,
    architecture,
    component,
    faults,
    mood,
    paths,
    refusal_of,
    requirement,
)
from vdw.artifacts.examples import example_of
from vdw.artifacts.faults import MAX_FAULTS
from vdw.artifacts.models.fields import MAX_ITEMS, MAX_STATEMENT
from vdw.artifacts.reading import read_artifact
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping
from vdw.domain.stages import Lane, Phase
from vdw.errors import ErrorCode, VdwError


def refused(phase: Phase, draft: JsonObject, lane: Lane = Lane.FULL) -> pytest.ExceptionInfo[VdwError]:
    with pytest.raises(VdwError) as caught:
        read_artifact(phase, draft, lane)
    return caught


def refused_mood(*requirements: JsonObject, **fields: JsonValue) -> pytest.ExceptionInfo[VdwError]:
    return refused(Phase.MOOD, mood(*requirements, **fields))


WRONG: dict[str, tuple[dict[str, JsonValue], str, str]] = {
    "text": ({"statement": 7}, "statement", "must be text"),
    "blank": ({"statement": " \n\t "}, "statement", "must not be blank"),
    "blank criterion": ({"acceptance": ["\u00a0"]}, "acceptance[0]", "must not be blank"),
    "long": ({"statement": "x" * (MAX_STATEMENT + 1)}, "statement", f"has more than {MAX_STATEMENT} characters"),
    "list": ({"acceptance": "one"}, "acceptance", "must be a list"),
    "object": ({"source": "here"}, "source", "must be an object"),
    "whole number": ({"source": {"src": "SRC-1", "start": "0", "end": 4}}, "source.start", "must be a whole number"),
    "negative": ({"source": {"src": "SRC-1", "start": -1, "end": 4}}, "source.start", "must be at least 0"),
    "vibe": (
        {"source": {"src": "SRC-0", "start": 0, "end": 4}},
        "source.src",
        "must be the id of a vibe, such as SRC-1",
    ),
    "choice": ({"priority": "maybe"}, "priority", "must be one of 'must', 'should', 'could' or 'wont'"),
    "wrong prefix": ({"id": "CMP-001"}, "id", "must be an id of the form REQ-001: three to six digits"),
    "short id": ({"id": "REQ-1"}, "id", "must be an id of the form REQ-001: three to six digits"),
    "unknown": ({"colour": "red"}, "colour", "is not a field of this artifact"),
}


@pytest.mark.parametrize(("fields", "place", "rule"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_value_is_told_by_its_place_and_rule(fields: dict[str, JsonValue], place: str, rule: str) -> None:
    caught = refused_mood(requirement(1), requirement(2, **fields))

    assert [(fault["path"], fault["rule"]) for fault in faults(caught)] == [(f"requirements[1].{place}", rule)]
    assert caught.value.public == f"mood.requirements[1].{place}: {rule}"


def test_a_missing_field_is_told_with_an_example_of_what_would_be_right() -> None:
    item = requirement()
    del item["statement"]

    fault = faults(refused_mood(item))[0]

    assert fault["path"] == "requirements[0].statement"
    assert fault["rule"] == "is missing"
    assert fault["example"] == mapping(items(example_of(Phase.MOOD)["requirements"])[0])["statement"]


def test_many_faults_come_at_once_and_are_bounded() -> None:
    caught = refused_mood(*(requirement(number, statement="") for number in range(1, 101)))

    assert len(faults(caught)) == MAX_FAULTS
    assert caught.value.public.endswith("(and 99 more faults)")
    assert len(str(caught.value.as_json())) < 8000


@pytest.mark.parametrize("value", [None, 7, True, "x", [], {}, [None], ["x"], {"id": 1}], ids=repr)
@pytest.mark.parametrize("phase", Phase)
def test_no_fault_of_a_model_is_told_without_a_rule_in_words(phase: Phase, value: JsonValue) -> None:
    for name in example_of(phase):
        error = refusal_of(partial(read_artifact, phase, {**example_of(phase), name: value}, Lane.FULL))
        assert error is None or (error.code is ErrorCode.INVALID_INPUT and "is not right" not in str(error.details))


def test_an_unknown_fields_name_is_shown_escaped_and_cut() -> None:
    caught = refused_mood(requirement(), **{"\u202e\x1b[31m" + "x" * 10_000: 1})

    path = str(paths(caught)[0])
    assert path.startswith("⟨U+202E⟩⟨U+001B⟩[31mxxx")
    assert len(path) < 120


CONTROLS = ["REQ-001\x00", "REQ-001\n", "\x1b[31mREQ-001", "REQ\u202e-001", "REQ-００１", " REQ-001", "req-001"]


@pytest.mark.parametrize("name", CONTROLS)
def test_an_id_holds_nothing_but_its_letters_and_digits(name: str) -> None:
    assert paths(refused_mood(requirement(id=name))) == ["requirements[0].id"]


@pytest.mark.parametrize("name", CONTROLS)
def test_an_id_in_a_link_holds_nothing_but_its_letters_and_digits(name: str) -> None:
    assert paths(refused(Phase.ARCHITECTURE, architecture(component(1, name)))) == ["components[0].satisfies[0]"]


def test_text_may_hold_control_and_direction_marks() -> None:
    words = "The system shall show \u202eabc\u202c and \x07."

    read = read_artifact(Phase.MOOD, mood(requirement(statement=words)), Lane.FULL)

    assert mapping(items(read["requirements"])[0])["statement"] == words


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, "\ud800", b"x"], ids=repr)
def test_what_canonical_json_cannot_hold_is_refused_with_its_path(value: object) -> None:
    draft: JsonObject = mood(requirement(), core_aesthetic=value)  # type: ignore[arg-type]  # that is the point

    with pytest.raises(VdwError) as caught:
        read_artifact(Phase.MOOD, draft, Lane.FULL)

    assert caught.value.details["path"] == "$.core_aesthetic"


def test_an_id_that_stands_twice_is_refused_where_it_stands_again() -> None:
    caught = refused_mood(requirement(1), requirement(2), requirement(1))

    assert paths(caught) == ["requirements[2].id"]
    assert "requirements[0]" in str(faults(caught)[0]["rule"])


def test_a_link_that_stands_twice_is_refused() -> None:
    assert paths(refused(Phase.ARCHITECTURE, architecture(component(1, "REQ-001", "REQ-001")))) == [
        "components[0].satisfies"
    ]


def test_evidence_that_is_listed_twice_is_refused() -> None:
    caught = refused(Phase.VALIDATION, {"schema": "vdw.validation/1", "evidence": ["EVD-001", "EVD-001"]})

    assert paths(caught) == ["evidence"]


@pytest.mark.parametrize("section", ["requirements", "constraints", "anti_goals", "questions"])
def test_a_span_begins_before_it_ends(section: str) -> None:
    item = mapping(items(example_of(Phase.MOOD)[section])[0])
    nowhere: JsonObject = {**item, "source": {"src": "SRC-1", "start": 4, "end": 4}}

    assert paths(refused(Phase.MOOD, {**example_of(Phase.MOOD), section: [nowhere]})) == [f"{section}[0].source"]


def test_more_elements_than_a_person_can_approve_are_refused() -> None:
    caught = refused_mood(*(requirement(number) for number in range(1, MAX_ITEMS + 2)))

    assert faults(caught)[0]["rule"] == f"has more than {MAX_ITEMS} items"


def test_the_trust_of_evidence_is_not_taken_from_outside() -> None:
    claimed: JsonObject = {"id": "EVD-001", "trust": "attested"}

    caught = refused(Phase.VALIDATION, {"schema": "vdw.validation/1", "evidence": [claimed]})

    assert faults(caught)[0]["path"] == "evidence[0]"


@pytest.mark.parametrize("schema", ["vdw.mood/2", "vdw.architecture/1", "", None])
def test_another_schema_is_refused(schema: JsonValue) -> None:
    assert paths(refused(Phase.MOOD, {**mood(requirement()), "schema": schema})) == ["schema"]


def test_a_free_statement_needs_an_acceptance_criterion() -> None:
    free = requirement(statement="Calm.", pattern="free")

    assert paths(refused_mood(free)) == ["requirements[0].acceptance"]
    assert read_artifact(Phase.MOOD, mood({**free, "acceptance": ["Ada says it is calm."]}), Lane.FULL)


def test_a_wrong_pattern_is_told_with_an_example_sentence() -> None:
    fault = faults(refused_mood(requirement(pattern="event")))[0]

    assert fault["path"] == "requirements[0].pattern"
    assert fault["rule"] == "does not begin like event; it looks like ubiquitous"
    assert str(fault["example"]).startswith("When ")


@pytest.mark.parametrize("number", ["1e3", "1,5", ".5", "5.", "+1", "1.5\n", "NaN", "٣", 1])
def test_a_metric_is_a_decimal_text(number: JsonValue) -> None:
    metric = {**mapping(items(example_of(Phase.MOOD)["metrics"])[0]), "target": number}

    assert paths(refused(Phase.MOOD, {**example_of(Phase.MOOD), "metrics": [metric]})) == ["metrics[0].target"]


def implementation(**fields: JsonValue) -> JsonObject:
    return {**example_of(Phase.IMPLEMENTATION), **fields}


def test_a_repository_has_one_head() -> None:
    heads: list[JsonValue] = [{"repository": "demo", "commit": COMMIT}, {"repository": "demo", "commit": "b" * 64}]

    assert paths(refused(Phase.IMPLEMENTATION, implementation(heads=heads))) == ["heads"]


def test_a_change_is_made_in_a_repository_whose_head_is_named() -> None:
    caught = refused(Phase.IMPLEMENTATION, implementation(heads=[{"repository": "other", "commit": COMMIT}]))

    assert paths(caught) == ["changes[0].repository"]
    assert faults(caught)[0]["example"] == "other"


@pytest.mark.parametrize(("lane", "target"), [(Lane.FULL, "REQ-001"), (Lane.LIGHT, "TSK-001")])
def test_a_lane_says_what_a_change_implements(lane: Lane, target: str) -> None:
    change: JsonObject = {**mapping(items(example_of(Phase.IMPLEMENTATION)["changes"])[0]), "implements": [target]}

    assert paths(refused(Phase.IMPLEMENTATION, implementation(changes=[change]), lane)) == ["changes[0].implements"]
    other = Lane.LIGHT if lane is Lane.FULL else Lane.FULL
    assert read_artifact(Phase.IMPLEMENTATION, implementation(changes=[change]), other)


@pytest.mark.parametrize("commit", ["a" * 39, "a" * 41, "A" * 40, "HEAD", "a" * 63])
def test_a_commit_is_named_whole(commit: str) -> None:
    heads: list[JsonValue] = [{"repository": "demo", "commit": commit}]

    assert "heads[0].commit" in paths(refused(Phase.IMPLEMENTATION, implementation(heads=heads)))


def test_who_drafted_is_agent_unless_the_template_says_so() -> None:
    assert read_artifact(Phase.MOOD, mood(), Lane.FULL)["drafted_by"] == "agent"
    assert read_artifact(Phase.MOOD, mood(drafted_by="template"), Lane.FULL)["drafted_by"] == "template"
    assert paths(refused_mood(drafted_by="human")) == ["drafted_by"]
