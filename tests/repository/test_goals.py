"""The Makefile is the way in: every goal is in its help, in the README, and needs nothing that is not said."""

from __future__ import annotations

import re
import subprocess

from tests.repository.sources import ROOT
from tests.tools import require_tool

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
PROMISED = ["help", "setup", "demo", "serve", "test", "check", "bench", "clean", "system", "peers", "lock"]
GOAL = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)


def test_the_goals_are_the_promised_ones() -> None:
    assert sorted(GOAL.findall(MAKEFILE)) == sorted(PROMISED)
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert sorted(phony.group(1).split()) == sorted(PROMISED)


def test_make_without_a_goal_lists_every_goal() -> None:
    make = require_tool("make")
    shown = subprocess.run([make, "--silent"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert re.findall(r"^ *make ([a-z]+) +\S", shown, re.MULTILINE) == PROMISED


def test_check_runs_every_tool() -> None:
    make = require_tool("make")
    run = subprocess.run([make, "--dry-run", "check"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    tools = ("ruff format --check .", "ruff check .", "mypy", "lint-imports", "pytest -q tests/repository")
    assert [tool for tool in tools if f".venv/bin/{tool}" not in run and f"-m {tool}" not in run] == []


def test_the_readme_names_every_goal() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [goal for goal in PROMISED if f"`make {goal}" not in readme] == []
