"""The only approver's key is lost: a new root, said aloud, and nothing approved before opens a gate."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from tests.interaction.cli.conftest import PASSPHRASE, VIBE, Settled
from tests.interaction.cli.terminal import squeezed, vdw
from tests.interaction.servers import Json

WARNING = "No approval or waiver signed so far opens a gate any more"


@pytest.fixture
def copied(settled: Settled, tmp_path: Path) -> Settled:
    """The home without what other tests left open in it."""
    folder = tmp_path / "home"
    shutil.copytree(settled.untouched, folder)
    return Settled(folder, settled.said, settled.exit_code)


@pytest.fixture
def bereft(copied: Settled) -> Settled:
    """A copy of the home in which the sealed key is gone."""
    lose_key(copied)
    return copied


def lose_key(home: Settled) -> None:
    shutil.rmtree(home.folder / ".config" / "vdw" / "approvers")


def pin_file(home: Settled) -> Path:
    return home.folder / ".config" / "vdw" / "trust.json"


def pin_of(home: Settled) -> Json:
    tenants = json.loads(pin_file(home).read_text("utf-8"))["tenants"]
    return dict(next(iter(tenants.values())))


def root_of(home: Settled) -> str:
    return str(pin_of(home)["root"])


def refound(home: Settled) -> str:
    """What `vdw approver refound` says to somebody who goes through with it."""
    with home.at_terminal("approver", "refound") as terminal:
        terminal.answer("Type refound to go on: ", "refound")
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.answer("Once more: ", PASSPHRASE)
        assert terminal.finish() == 0, terminal.said
        return terminal.said


def approve(home: Settled, gates: int, project: str = "") -> str:
    """What `vdw gate review` says to somebody who approves so many gates in one sitting; the passphrase is asked
    once."""
    with home.at_terminal("gate", "review", *filter(None, [project])) as terminal:
        for gate in range(gates):
            terminal.answer("words) [s]: ", "a")
            if not gate:
                terminal.answer("Passphrase: ", PASSPHRASE)
            terminal.expect("Signed, log entry")
        assert terminal.finish() == 0, terminal.said
        return terminal.said


def waive(home: Settled, project: str, finding: str) -> None:
    day = datetime.now(UTC).date().isoformat()
    told = ("--until", day, "--reason", "It is plain.", "--project", project)
    with home.at_terminal("gate", "waive", finding, *told) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        assert terminal.finish() == 0, terminal.said


def shown(home: Settled, project: str) -> dict[str, object]:
    return dict(json.loads(vdw(home.environment, "project", "show", project, "--json").stdout))


def test_without_the_word_nothing_changes(bereft: Settled) -> None:
    before = root_of(bereft)
    with bereft.at_terminal("approver", "refound") as terminal:
        terminal.answer("Type refound to go on: ", "yes")
        exit_code = terminal.finish()

    assert exit_code == 3
    assert WARNING in terminal.said
    assert root_of(bereft) == before
    assert not (bereft.folder / ".config" / "vdw" / "approvers").exists()


def test_a_refounding_that_is_refused_leaves_no_key(bereft: Settled) -> None:
    store = apsw.Connection(str(bereft.folder / ".local" / "share" / "vdw" / "vdw.db"))
    store.execute("DELETE FROM setting WHERE name = 'server_key'")
    store.close()
    with bereft.at_terminal("approver", "refound") as terminal:
        terminal.answer("Type refound to go on: ", "refound")
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.answer("Once more: ", PASSPHRASE)
        exit_code = terminal.finish()

    assert (exit_code, "The server's key is missing from the store." in squeezed(terminal.said)) == (3, True)
    assert list((bereft.folder / ".config" / "vdw" / "approvers").iterdir()) == []


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


@pytest.mark.slow
def test_open_projects_go_back_and_are_signed_again_in_one_sitting_without_their_agent(copied: Settled) -> None:
    first = copied.asked_for_review(VIBE + "- It must be copper.")["project"]
    second = copied.asked_for_review(VIBE + "- It must be brass.")["project"]
    approve(copied, 1, first)
    approve(copied, 1, second)
    copied.asked_for_next(first)
    lose_key(copied)

    said = refound(copied)
    moods = [shown(copied, project)["phase"] for project in (first, second)]
    sitting = approve(copied, 3)

    assert "Back at their first gate: 2 open projects." in said
    assert moods == ["mood", "mood"]
    assert sitting.count("Passphrase: ") == 1
    assert [shown(copied, project)["phase"] for project in (first, second)] == ["specification", "architecture"]
    assert vdw(copied.environment, "doctor").returncode == 0


@pytest.mark.slow
def test_what_blocks_a_kept_revision_is_told_and_the_sitting_goes_on(copied: Settled) -> None:
    waived = copied.submitted_without_acceptance()
    waive(copied, waived, "missing_acceptance:REQ-001")
    copied.asked_again(waived)
    other = copied.asked_for_review(VIBE + "- It must be steel.")["project"]
    approve(copied, 2)
    lose_key(copied)
    refound(copied)

    sitting = approve(copied, 1)

    told = "is kept as it was when the root was replaced; its gate is to be signed again. No review can open: 1 blocking finding."
    assert f"{waived} {told}" in squeezed(sitting)
    assert [shown(copied, project)["phase"] for project in (waived, other)] == ["mood", "architecture"]


@pytest.mark.slow
def test_what_was_completed_is_exported_and_verified_under_the_new_root_and_marked(
    copied: Settled, tmp_path: Path
) -> None:
    project = copied.begun_in_the_light_lane("The kettle must boil water.")
    for _ in ("mood", "implementation"):
        copied.asked_for_next(project)
        approve(copied, 1, project)
    copied.tested(project)
    copied.asked_for_next(project)
    approve(copied, 1, project)
    old_pin = shutil.copy(pin_file(copied), tmp_path / "old.json")
    lose_key(copied)
    said = refound(copied)

    view, out = shown(copied, project), str(tmp_path / "export")
    exported = vdw(copied.environment, "export", project, "--out", out)
    passed = vdw(copied.environment, "verify-export", out, "--trust", str(pin_file(copied)))
    late = vdw(copied.environment, "verify-export", out, "--trust", str(old_pin))

    mark = f"under a root that was replaced at entry {pin_of(copied)['position'] - 1}"
    assert "No open project had anything approved or in review under the old root, so none goes back" in squeezed(said)
    assert "gate review" not in said
    assert (view["status"], view["verified"]) == ("completed", f"yes, as approved {mark}")
    assert (exported.returncode, passed.returncode, late.returncode) == (0, 0, 7), exported.stderr
    assert f"every phase here was approved {mark}" in passed.stdout
    assert "not checked: Whether the replaced root" in passed.stdout
    assert "founded anew after this pin was made" in late.stdout


def test_a_refounding_that_died_before_the_pin_moved_is_finished_by_the_next_command(bereft: Settled) -> None:
    before = pin_of(bereft)
    refound(bereft)
    after = pin_of(bereft)
    leave_as_a_death_before_the_pin_leaves_it(bereft, before, after)

    done = vdw(bereft.environment, "project", "list")

    assert done.returncode == 0, done.stderr
    assert pin_of(bereft) == after


def test_refound_itself_finishes_one_that_died_and_begins_no_other(bereft: Settled) -> None:
    before = pin_of(bereft)
    refound(bereft)
    after = pin_of(bereft)
    leave_as_a_death_before_the_pin_leaves_it(bereft, before, after)

    done = vdw(bereft.environment, "approver", "refound")

    assert (done.returncode, done.stderr) == (0, "")
    assert "A refounding that was interrupted is finished now; no other was begun." in done.stdout
    assert pin_of(bereft) == after


def test_a_store_that_was_refounded_beside_this_pin_is_refused_until_somebody_brings_the_new_root(
    bereft: Settled,
) -> None:
    before = pin_file(bereft).read_bytes()
    refound(bereft)
    pin_file(bereft).write_bytes(before)

    refused = vdw(bereft.environment, "project", "list")

    assert refused.returncode == 3
    assert "founded anew after this pin was made" in refused.stderr
    assert "Get the new root from the approvers, on another way than this store" in refused.stderr
    assert pin_file(bereft).read_bytes() == before


def leave_as_a_death_before_the_pin_leaves_it(
    home: Settled, before: dict[str, object], after: dict[str, object]
) -> None:
    """The entries are in the store, and the pin is where it was, with what was announced beside it."""
    file = json.loads(pin_file(home).read_text("utf-8"))
    (tenant,) = file["tenants"]
    file["tenants"][tenant] = {**before, "refounding": after}
    pin_file(home).write_text(json.dumps(file), "utf-8")
