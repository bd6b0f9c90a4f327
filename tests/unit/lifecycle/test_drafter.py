"""The template drafter: complete, deterministic, labelled, and nothing but rearrangement of what is approved."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from vdw.artifacts.parts import split
from vdw.artifacts.reading import read_artifact
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping, text
from vdw.domain.stages import LANE_PHASES, Lane, Phase
from vdw.lifecycle.drafter import GROUP, skeleton
from vdw.lifecycle.mood_drafter import MAX_LISTED

VIBES = {
    "obliging": "The helper must add an item. " * 2 + "The helper should list them.",
    "listing": "# Pantry\n\n- calm\n- quick\n",
    "one line": "A calm list of what is in my pantry.",
    "German": "Der Helfer muss leise sein. Keine Konten.",
    "many": "\n".join(f"- It must do number {number}." for number in range(GROUP * 2 + 1)),
    "right to left": "יש לי רשימה",
    "long": "calm " * 1000,
}


def drafts(lane: Lane, vibe: str) -> dict[Phase, JsonObject]:
    """Every phase's skeleton, each read as it would be submitted, made from those before it."""
    made: dict[Phase, JsonObject] = {}
    for phase in LANE_PHASES[lane]:
        made[phase] = read_artifact(phase, skeleton(phase, lane, vibe, "SRC-1", made), lane)
    return made


def ids(document: JsonObject, section: str) -> list[str]:
    return [text(mapping(item)["id"]) for item in items(document[section])]


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("vibe", VIBES.values(), ids=VIBES.keys())
def test_a_skeleton_is_complete_down_to_the_changes(lane: Lane, vibe: str) -> None:
    made = drafts(lane, vibe)

    requirements = set(ids(made[Phase.MOOD], "requirements"))
    linked: set[str] = set()
    for phase, document in made.items():
        parts = split(phase, document)
        linked |= {link.target for link in parts.links}
        known = {name for other in made for name in split(other, made[other]).ids()}
        assert {link.target for link in parts.links} <= known
    assert requirements
    assert requirements <= linked
    assert all(items(mapping(item)["acceptance"]) for item in items(made[Phase.MOOD]["requirements"]))


@pytest.mark.parametrize("lane", Lane)
def test_a_skeleton_says_that_the_template_made_it(lane: Lane) -> None:
    assert {document["drafted_by"] for document in drafts(lane, VIBES["obliging"]).values()} == {"template"}


@pytest.mark.parametrize("vibe", VIBES.values(), ids=VIBES.keys())
def test_the_same_vibe_gives_the_same_skeletons(vibe: str) -> None:
    assert drafts(Lane.FULL, vibe) == drafts(Lane.FULL, vibe)


def test_an_acceptance_criterion_names_its_requirement() -> None:
    mood = drafts(Lane.FULL, VIBES["obliging"])[Phase.MOOD]

    assert [mapping(item)["acceptance"] for item in items(mood["requirements"])] == [
        [f"A test that names {name} passes."] for name in ids(mood, "requirements")
    ]


def test_a_vibe_that_obliges_nobody_is_taken_by_what_it_lists() -> None:
    mood = drafts(Lane.FULL, VIBES["listing"])[Phase.MOOD]

    assert [(mapping(item)["statement"], mapping(item)["pattern"]) for item in items(mood["requirements"])] == [
        ("calm", "free"),
        ("quick", "free"),
    ]


def test_a_vibe_that_lists_nothing_is_one_requirement_word_for_word() -> None:
    vibe = VIBES["one line"]
    requirements = [mapping(item) for item in items(drafts(Lane.FULL, vibe)[Phase.MOOD]["requirements"])]

    assert [item["statement"] for item in requirements] == [vibe]
    assert requirements[0]["source"] == {"src": "SRC-1", "start": 0, "end": len(vibe.encode())}


@pytest.mark.parametrize(
    "vibe",
    [
        "The app must never:\n\n- sell my data\n- show ads\n",
        "Die App darf nie:\n- Daten verkaufen\n",
        "# Never\n\n- sell my data\n",
        "What should it do?",
        "The system must not delete files.",
        "The user does not have to log in.",
        "What could go wrong?\n- data loss\n",
    ],
)
def test_what_is_forbidden_asked_or_not_needed_is_never_taken_for_wanted(vibe: str) -> None:
    assert skeleton(Phase.MOOD, Lane.FULL, vibe, "SRC-1", {})["requirements"] == []


def test_only_what_could_not_be_placed_is_taken_for_wanted() -> None:
    mood = skeleton(Phase.MOOD, Lane.FULL, "- No ads\n- Should it be dark?\n- a list\n", "SRC-1", {})

    assert [mapping(item)["statement"] for item in items(mood["requirements"])] == ["a list"]


def test_sentences_are_taken_for_wanted_up_to_what_is_placed() -> None:
    vibe = "A pantry app. It lists food. It must never ring. It shows dates."
    requirements = [mapping(item) for item in items(skeleton(Phase.MOOD, Lane.FULL, vibe, "SRC-1", {})["requirements"])]

    assert [item["statement"] for item in requirements] == ["A pantry app. It lists food.", "It shows dates."]
    assert requirements[0]["source"] == {"src": "SRC-1", "start": 0, "end": 28}


def test_a_long_list_is_cut() -> None:
    mood = skeleton(Phase.MOOD, Lane.FULL, "\n".join("- calm" for _ in range(MAX_LISTED + 5)), "SRC-1", {})

    assert len(items(mood["requirements"])) == MAX_LISTED


def test_requirements_are_shared_out_over_components() -> None:
    made = drafts(Lane.FULL, VIBES["many"])

    assert ids(made[Phase.ARCHITECTURE], "components") == ["CMP-001", "CMP-002", "CMP-003"]
    assert len(ids(made[Phase.SPECIFICATION], "contracts")) == len(ids(made[Phase.MOOD], "requirements"))


def test_in_the_light_lane_changes_implement_requirements() -> None:
    made = drafts(Lane.LIGHT, VIBES["obliging"])

    assert [mapping(item)["implements"] for item in items(made[Phase.IMPLEMENTATION]["changes"])] == [
        ids(made[Phase.MOOD], "requirements")
    ]


def test_evidence_is_not_made_up() -> None:
    validation = drafts(Lane.FULL, VIBES["obliging"])[Phase.VALIDATION]

    assert (validation["evidence"], validation["outcomes"]) == ([], [])


def test_a_next_vibe_draws_behind_what_stands_and_takes_no_id_again() -> None:
    first = made(Phase.MOOD, "The tool must sort.\n\nThe tool must list.\n", "SRC-1", {}, ())
    bound = {"REQ-001", "REQ-002", "REQ-003"}  # the third was approved and removed since

    second = made(Phase.MOOD, "The tool must sort.\n\nThe tool must sing.\n", "SRC-2", {Phase.MOOD: first}, bound)

    told = [(item["id"], item["statement"], item["source"]["src"]) for item in second["requirements"]]
    assert told == [
        ("REQ-001", "The tool must sort.", "SRC-1"),
        ("REQ-002", "The tool must list.", "SRC-1"),
        ("REQ-004", "The tool must sing.", "SRC-2"),
    ]


def test_the_same_vibe_again_draws_what_stands_as_it_stands() -> None:
    first = made(Phase.MOOD, "The tool must sort.\n\nMust it sing?\n", "SRC-1", {}, ())
    first["requirements"][0]["acceptance"] = ["It sorts."]

    assert (
        made(Phase.MOOD, "The tool must sort.\n\nMust it sing?\n", "SRC-1", {Phase.MOOD: first}, {"REQ-001"}) == first
    )


def made(
    phase: Phase, vibe: str, source: str, documents: dict[Phase, JsonObject], reserved: Collection[str]
) -> dict[str, Any]:
    return dict(read_artifact(phase, skeleton(phase, Lane.FULL, vibe, source, documents, reserved), Lane.FULL))


@pytest.mark.parametrize(
    ("phase", "section", "bound", "free"),
    [
        (Phase.ARCHITECTURE, "components", "CMP-001", "CMP-002"),
        (Phase.SPECIFICATION, "contracts", "SPC-001", "SPC-002"),
        (Phase.SPECIFICATION, "tasks", "TSK-001", "TSK-002"),
        (Phase.IMPLEMENTATION, "changes", "CHG-001", "CHG-002"),
    ],
)
def test_no_phase_draws_an_id_that_was_bound_and_stands_no_more(
    phase: Phase, section: str, bound: str, free: str
) -> None:
    before = drafts(Lane.FULL, VIBES["one line"])
    standing = {other: document for other, document in before.items() if other is not phase}

    assert ids(made(phase, "", "SRC-1", standing, {bound}), section)[0] == free
    assert ids(made(phase, "", "SRC-1", before, {bound}), section)[0] == bound
