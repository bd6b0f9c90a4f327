"""Every view is readable in a terminal of any width, and plain where there is no terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.interaction.cli.conftest import VIBE, Settled
from tests.interaction.cli.terminal import vdw
from tests.interaction.servers import Json

IN_COLOUR = "\x1b[3"
IN_ONE_PIECE = re.compile(r"\s*(vdw .+|\S+)")
"""What is never cut, so that it can be copied: a command, and a path, an id, a digest."""
VIEWS = (
    ("project", "list"),
    ("project", "show", "PROJECT"),
    ("project", "timeline", "PROJECT"),
    ("gate", "show", "PROJECT"),
    ("artifact", "show", "mood", "--project", "PROJECT"),
    ("approver", "list"),
    ("approver", "policy"),
    ("key", "list"),
    ("config", "show", "--origin"),
    ("doctor",),
    ("gate", "--help"),
    ("project", "show", "nosuch"),
)


def viewed(view: Sequence[str], waiting: Json) -> list[str]:
    return [str(waiting["project"]) if word == "PROJECT" else word for word in view]


@pytest.mark.parametrize("columns", [40, 200])
@pytest.mark.parametrize("view", VIEWS, ids=" ".join)
def test_a_view_fits_the_terminal(view: Sequence[str], columns: int, settled: Settled, waiting: Json) -> None:
    with settled.at_terminal(*viewed(view, waiting), columns=columns) as terminal:
        terminal.finish()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", terminal.said).splitlines()

    assert lines
    assert [line for line in lines if len(line) > columns and not IN_ONE_PIECE.fullmatch(line)] == []


@pytest.mark.parametrize("columns", [40, 80])
def test_ids_and_digests_are_shown_whole(columns: int, settled: Settled, waiting: Json) -> None:
    with settled.at_terminal("gate", "show", waiting["project"], columns=columns) as terminal:
        terminal.finish()

    shown = terminal.said.split()
    assert {waiting["project"], waiting["review"], waiting["digest"], waiting["brief"]} <= set(shown)


def test_without_a_terminal_a_row_is_a_line_without_colour(settled: Settled, waiting: Json) -> None:
    project = json.loads(vdw(settled.environment, "project", "show", waiting["project"], "--json").stdout)
    shown = vdw(settled.environment | {"COLUMNS": "40"}, "project", "list").stdout
    (row,) = (line for line in shown.splitlines() if line.startswith(project["slug"]))

    assert re.split(r"\s{2,}", row)[2:4] == ["mood", "review"]
    assert "\x1b" not in shown


def test_colour_is_for_terminals_whose_owner_has_not_refused_it(settled: Settled, waiting: Json) -> None:
    with settled.at_terminal("project", "list") as coloured:
        coloured.finish()
    with settled.at_terminal("project", "list", NO_COLOR="1") as plain:
        plain.finish()

    assert IN_COLOUR in coloured.said
    assert IN_COLOUR not in plain.said
    assert waiting["project"]


def test_the_timeline_says_who_did_what_and_why(settled: Settled) -> None:
    project = str(settled.asked_for_review(VIBE)["project"])
    settled.abandon(project, "A kettle will do.")
    shown = vdw(settled.environment, "project", "timeline", project).stdout.splitlines()

    assert shown[1].endswith("Z  mood: submitted by claude-code (full)")
    assert shown[-1].strip() == "A kettle will do."


def test_a_closed_pipe_ends_a_table_quietly(settled: Settled, nobody_reads: int) -> None:
    assert vdw(settled.environment, "project", "list", output=nobody_reads).returncode == 141


def test_a_list_that_was_cut_says_how_it_goes_on(settled: Settled, waiting: Json, tmp_path: Path) -> None:
    (tmp_path / "vibe.md").write_text("The lamp must glow.", "utf-8")
    created = json.loads(vdw(settled.environment, "project", "create", str(tmp_path / "vibe.md"), "--json").stdout)

    first, last = vdw(settled.environment, "project", "list", "--limit", "1").stdout.splitlines()[1:]
    rest = vdw(settled.environment, "project", "list", *last.split()[-2:]).stdout
    settled.abandon(created["project"])

    assert first.startswith("the-lamp-must-glow")
    assert "the-lamp-must-glow" not in rest
    assert waiting["command"].split()[-1] in rest
