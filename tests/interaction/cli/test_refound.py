"""The only approver's key is lost: a new root, said aloud, and nothing approved before opens a gate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.interaction.cli.conftest import PASSPHRASE, VIBE, Settled
from tests.interaction.cli.terminal import vdw

WARNING = "No approval or waiver signed so far opens a gate any more"


@pytest.fixture
def bereft(settled: Settled, tmp_path: Path) -> Settled:
    """A copy of the home in which the sealed key is gone."""
    folder = tmp_path / "home"
    shutil.copytree(settled.folder, folder)
    shutil.rmtree(folder / ".config" / "vdw" / "approvers")
    return Settled(folder, settled.said, settled.exit_code)


def root_of(home: Settled) -> str:
    tenants = json.loads((home.folder / ".config" / "vdw" / "trust.json").read_text("utf-8"))["tenants"]
    return str(next(iter(tenants.values()))["root"])


def test_without_the_word_nothing_changes(bereft: Settled) -> None:
    before = root_of(bereft)
    with bereft.at_terminal("approver", "refound") as terminal:
        terminal.answer("Type refound to go on: ", "yes")
        exit_code = terminal.finish()

    assert exit_code == 3
    assert WARNING in terminal.said
    assert root_of(bereft) == before
    assert not (bereft.folder / ".config" / "vdw" / "approvers").exists()


def test_a_new_root_is_pinned_and_its_key_decides(bereft: Settled, tmp_path: Path) -> None:
    before = root_of(bereft)
    asked = bereft.asked_for_review(VIBE + "- It must be gold.")
    output = tmp_path / "refounded.json"
    with bereft.at_terminal("approver", "refound", "--json", output=output) as terminal:
        terminal.answer("Type refound to go on: ", "refound")
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.answer("Once more: ", PASSPHRASE)
        exit_code = terminal.finish()
    listed = json.loads(vdw(bereft.environment, "approver", "list", "--json").stdout)
    shown = vdw(bereft.environment, "gate", "show", asked["project"])
    again = bereft.asked_for_review(VIBE + "- It must be silver.")
    with bereft.at_terminal("gate", "approve", again["project"]) as deciding:
        deciding.answer("Passphrase: ", PASSPHRASE)
        decided = deciding.finish()

    assert (exit_code, decided) == (0, 0), shown.stderr
    assert WARNING in terminal.said
    assert root_of(bereft) == json.loads(output.read_text("utf-8"))["root"] != before
    assert [row["until"] is None for row in listed] == [False, True]
