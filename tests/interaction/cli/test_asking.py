"""Whoever cannot be asked is told so before anything is done, and nobody types a passphrase for nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.interaction.cli.conftest import PASSPHRASE, VIBE, Settled
from tests.interaction.cli.terminal import CTRL_D, Terminal, as_nobody, home, squeezed, vdw
from tests.interaction.servers import Json

LAST_DAY = "2999-12-31"


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        (["gate", "review", "PROJECT"], "Read what waits with: vdw gate show PROJECT"),
        (["gate", "approve", "PROJECT"], "Run it in a terminal."),
        (["gate", "reject", "PROJECT"], "Run it in a terminal."),
        (["approver", "refound"], "Run it in a terminal."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_without_a_terminal_a_command_that_asks_says_what_is_missing(
    words: Sequence[str], instead: str, settled: Settled, waiting: Json
) -> None:
    named = [str(waiting["project"]) if word == "PROJECT" else word for word in words]
    done = vdw(settled.environment, *named, folder=settled.code, given="y\ny\ny\n")
    sentence, next_step = done.stderr.splitlines()

    assert (done.returncode, done.stdout) == (3, "")
    assert sentence.endswith(" at a terminal; there is none.")
    assert next_step.strip() == instead


def test_a_clients_file_that_is_there_is_left_alone_where_nobody_can_be_asked(settled: Settled, tmp_path: Path) -> None:
    there = tmp_path / ".cursor" / "mcp.json"
    there.parent.mkdir()
    there.write_text("{}")
    done = vdw(settled.environment, "init", "--client", "cursor", folder=tmp_path, given="y\n")

    assert (done.returncode, there.read_text()) == (3, "{}")
    assert done.stderr.splitlines()[1].strip() == "Add --yes to write it without being asked."


@pytest.mark.parametrize("words", [["init"], ["init", "--client", "claude-code", "--yes"]], ids=" ".join)
def test_init_without_a_terminal_leaves_nothing_behind(words: Sequence[str], tmp_path: Path) -> None:
    done = vdw(home(tmp_path), *words, given=f"{PASSPHRASE}\n{PASSPHRASE}\n")

    assert done.returncode == 3
    assert list(tmp_path.iterdir()) == []


def test_init_that_is_stopped_at_the_passphrase_leaves_nothing_behind(tmp_path: Path) -> None:
    with Terminal(home(tmp_path), "init", folder=tmp_path) as terminal:
        terminal.expect("Passphrase: ")
        terminal.press(CTRL_D)
        exit_code = terminal.finish()

    assert exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_init_that_cannot_pin_the_root_leaves_no_key_and_founds_once_it_can(tmp_path: Path) -> None:
    lock = tmp_path / ".config" / "vdw" / "trust.json.lock"
    lock.mkdir(parents=True)
    refused, said = _set_up(tmp_path)
    left = list((lock.parent / "approvers").iterdir())
    lock.rmdir()

    founded, _ = _set_up(tmp_path)

    assert (refused, left, founded) == (3, [], 0)
    assert "trust.json cannot be written, so the trust log's head cannot be pinned." in said
    assert len(list((lock.parent / "approvers").iterdir())) == 1


def _set_up(folder: Path) -> tuple[int, str]:
    with Terminal(home(folder), "init", folder=folder) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.answer("Once more: ", PASSPHRASE)
        return terminal.finish(), squeezed(terminal.said)


@pytest.mark.parametrize("hindrance", ["read-only", "a file"])
def test_init_that_cannot_write_says_so_before_it_asks(hindrance: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.write_text("", "utf-8") if hindrance == "a file" else place.mkdir(mode=0o500)
    with Terminal(home(tmp_path), "--data", str(place), "init", folder=tmp_path, before=as_nobody()) as terminal:
        exit_code = terminal.finish()

    assert exit_code == 3
    assert squeezed(terminal.said).startswith(f"vdw: {place} ")
    assert "Passphrase" not in terminal.said


@pytest.mark.parametrize(
    ("finding", "until", "reason", "code"),
    [
        ("nosuch:REQ-001", LAST_DAY, "Later.", 5),
        ("missing_acceptance:REQ-001", "tomorrow", "Later.", 2),
        ("missing_acceptance:REQ-001", "2020-01-01", "Later.", 2),
        ("missing_acceptance:REQ-001", LAST_DAY, " ", 2),
    ],
    ids=["no such finding", "no day", "a day that is past", "no reason"],
)
def test_a_waiver_that_cannot_be_is_refused_before_the_passphrase_is_asked_for(
    finding: str, until: str, reason: str, code: int, settled: Settled, waiting: Json
) -> None:
    words = ["gate", "waive", finding, "--until", until, "--reason", reason, "--project", str(waiting["project"])]
    with settled.at_terminal(*words) as terminal:
        exit_code = terminal.finish()

    assert exit_code == code
    assert "Passphrase" not in terminal.said


def test_a_waiver_is_signed_at_a_terminal_and_lifts_its_finding(settled: Settled) -> None:
    project = settled.submitted_without_acceptance()
    findings = json.loads(vdw(settled.environment, "project", "show", project, "--json").stdout)["findings"]
    (key,) = (finding["key"] for finding in findings if finding["severity"] == "blocking")
    words = ["gate", "waive", key, "--until", LAST_DAY, "--reason", "It boils or not.", "--project", project]
    with settled.at_terminal(*words) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        exit_code = terminal.finish()
    shown = vdw(settled.environment, "project", "show", project).stdout
    told = vdw(settled.environment, "project", "timeline", project).stdout

    assert exit_code == 0
    assert "waived" in terminal.said
    assert f"\nw {key}  " in shown
    assert told.splitlines()[-1].strip() == "It boils or not."


def test_only_the_word_itself_decides_and_a_comment_that_is_too_long_costs_no_other(settled: Settled) -> None:
    asked = settled.asked_for_review(f"{VIBE}- It must be brass.\n")
    with settled.at_terminal("gate", "review", asked["project"]) as terminal:
        terminal.answer("words) [s]: ", "how hot?")
        terminal.answer("words) [s]: ", "really?")
        terminal.answer("Please type a, r or s", "reject")
        terminal.answer("Passphrase: ", PASSPHRASE)
        exit_code = terminal.finish()

    assert exit_code == 0
    assert "rejected" in terminal.said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (["policy", "--quorum", "2"], "The policy asks more approvals than there are approvers who could give them."),
        (["policy", "--self-approval"], "That is the policy in force already."),
        (["policy", "--evidence", "nosuch"], "There is no evidence called nosuch."),
        (["revoke", "ONLY"], "This is the only key in force"),
        (["revoke", "nosuch"], "There is no such approver."),
        (["enrol", "nosuch.json"], "nosuch.json cannot be read: no such file or directory."),
        (["cosign", "nosuch.json"], "nosuch.json cannot be read: no such file or directory."),
        (["submit", "/dev/null"], "/dev/null: line 1, column 1: not valid JSON"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_change_that_cannot_be_is_refused_before_the_passphrase_is_asked_for(
    change: Sequence[str], sentence: str, settled: Settled
) -> None:
    (only,) = json.loads(vdw(settled.environment, "approver", "list", "--json").stdout)
    words = [only["approver"] if word == "ONLY" else word for word in change]
    with settled.at_terminal("approver", *words) as terminal:
        exit_code = terminal.finish()

    assert exit_code in (2, 4, 5)
    assert squeezed(terminal.said).startswith(f"vdw: {sentence}")
    assert "Passphrase" not in terminal.said
