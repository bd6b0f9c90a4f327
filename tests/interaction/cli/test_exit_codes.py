"""Every command ends with a documented exit code and, where it failed, one sentence: never with a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interaction.cli.conftest import Settled
from tests.interaction.cli.terminal import CTRL_C, Terminal, as_nobody, home, vdw
from vdw.cli.exit_codes import MEANINGS

NOWHERE = "http://127.0.0.1:9/mcp"
PRINTING = (
    ["--help"],
    ["project", "--help"],
    ["project", "list"],
    ["config", "show", "--origin"],
    ["config", "show", "--json"],
    ["doctor"],
    ["approver", "list"],
    ["key", "list", "--json"],
)
FAULTY = """
import sys
from vdw.cli.outermost import run_command_line
from vdw.config import load_settings


class Faulty:
    def __init__(self, options):
        self.settings = load_settings(options)

    def environment(self):
        raise LookupError("the words of a library")

    async def close(self):
        pass


sys.exit(run_command_line(Faulty, sys.argv[1:]))
"""
"""The command line over a composition that has a fault in it."""


@pytest.fixture
def full() -> Iterator[int]:
    """A device without room."""
    with Path("/dev/full").open("wb") as device:
        yield device.fileno()


def faulty(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FAULTY, *arguments],
        env=home(folder, **more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, ["config", "show"]),
        (2, ["gate", "nosuch"]),
        (3, ["--data", "nosuch", "project", "list"]),
        (4, ["verify", "--", "true"]),
        (5, ["project", "show", "nosuch"]),
    ],
    ids=lambda value: MEANINGS.get(value, "") if isinstance(value, int) else "",
)
def test_each_way_to_end_has_its_code(code: int, words: list[str], settled: Settled) -> None:
    done = vdw(settled.environment, *words)

    assert done.returncode == code
    assert len(done.stderr.splitlines()) == (2 if code else 0)


def test_a_server_that_cannot_be_reached_is_to_be_tried_again(settled: Settled, repository: Path) -> None:
    environment = settled.environment | {"VDW_KEY": settled.key, "VDW_URL": NOWHERE}
    report = "echo '<testsuite/>' > junit.xml"

    assert vdw(environment, "verify", "--", "sh", "-c", report, folder=repository).returncode == 6


def test_only_an_export_that_was_looked_at_fails_verification(settled: Settled, tmp_path: Path) -> None:
    pin = str(settled.folder / ".config" / "vdw" / "trust.json")
    ended = {
        name: vdw(settled.environment, "verify-export", folder, "--trust", trust)
        for name, folder, trust in (
            ("empty", str(tmp_path), pin),
            ("no folder", str(tmp_path / "nosuch"), pin),
            ("no pin", str(tmp_path), str(tmp_path / "nosuch.json")),
        )
    }

    assert {name: done.returncode for name, done in ended.items()} == {"empty": 7, "no folder": 2, "no pin": 2}
    assert "so nothing was verified." in ended["no folder"].stderr
    assert "FAIL" not in ended["no folder"].stdout + ended["no pin"].stdout


def test_ctrl_c_stops(tmp_path: Path) -> None:
    with Terminal(home(tmp_path), "init", folder=tmp_path) as terminal:
        terminal.expect("Passphrase: ")
        terminal.press(CTRL_C)
        exit_code = terminal.finish()

    assert exit_code == 130
    assert terminal.said.endswith("Stopped.\n")


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_a_closed_pipe_ends_a_command_quietly(words: list[str], settled: Settled, nobody_reads: int) -> None:
    done = vdw(settled.environment, *words, output=nobody_reads)

    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("words", PRINTING, ids=" ".join)
def test_a_full_device_is_one_sentence(words: list[str], settled: Settled, full: int) -> None:
    done = vdw(settled.environment, *words, output=full)

    assert done.returncode == 3
    assert done.stderr == "vdw: There is no room left to write the output.\n  Free some space and run it again.\n"


def test_a_fault_of_ours_is_one_sentence_without_a_librarys_words(tmp_path: Path) -> None:
    done = faulty(tmp_path, "project", "list")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == "vdw: Something went wrong inside vdw (LookupError)."
    assert "VDW_DEBUG=1" in done.stderr
    assert "library" not in done.stderr


def test_a_fault_of_ours_is_a_document_for_a_program(tmp_path: Path) -> None:
    done = faulty(tmp_path, "project", "list", "--json")

    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["error"]["code"] == "internal"


@pytest.mark.parametrize("told", ["variable", "file"])
def test_the_debug_setting_shows_where(told: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "config.toml").write_text("debug = true\n" if told == "file" else "", "utf-8")
    more = {"VDW_DEBUG": "1"} if told == "variable" else {}
    done = faulty(tmp_path, "--config-dir", str(tmp_path / "mine"), "project", "list", **more)

    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "the words of a library" in done.stderr


def test_wrong_words_are_a_document_for_a_program(settled: Settled) -> None:
    done = vdw(settled.environment, "gate", "waive", "--json")

    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["error"] == {
        "code": "invalid_input",
        "message": "Missing argument 'FINDING'.",
        "next_step": "See: vdw gate waive --help",
    }


def test_a_number_out_of_range_is_told_with_one_that_is_not(settled: Settled) -> None:
    done = vdw(settled.environment, "key", "create", "ci", "--days", "3651", "--json")

    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["error"] == {
        "code": "invalid_input",
        "message": "--days takes a whole number from 0 to 3650.",
        "next_step": "For example: --days 0. See: vdw key create --help",
    }


def test_what_a_command_hands_on_does_not_make_it_speak_json(settled: Settled) -> None:
    done = vdw(settled.environment, "verify", "--", "true", "--json")

    assert (done.returncode, done.stdout) == (4, "")


def test_a_store_that_is_read_only_is_a_matter_of_set_up_for_every_command(settled: Settled) -> None:
    store = settled.folder / ".local" / "share" / "vdw" / "vdw.db"
    store.chmod(0o400)
    try:
        made = vdw(settled.environment, "key", "create", "ci", before=as_nobody())
        examined = vdw(settled.environment, "doctor", before=as_nobody())
    finally:
        store.chmod(0o600)

    assert (made.returncode, examined.returncode) == (3, 3)
    assert "cannot be written" in made.stderr
    assert f"!!  store: {store} cannot be written by this user." in examined.stdout


@pytest.mark.parametrize("words", [["config", "show"], ["config", "show", "--json"]], ids=" ".join)
def test_with_standard_output_closed_nothing_is_done_in_vain(words: list[str], settled: Settled) -> None:
    done = vdw(settled.environment, *words, before=("sh", "-c", 'exec "$@" >&-', "sh"))

    assert done.returncode == 3
    assert done.stderr.startswith("vdw: Standard output is closed")
