"""From nothing to the first signed decision, at a real terminal, with the real passphrase."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path

from tests.interaction.cli.conftest import PASSPHRASE, VIBE, Settled
from tests.interaction.cli.terminal import Terminal, home, vdw


def test_init_asks_for_the_passphrase_alone_and_says_what_comes_next(settled: Settled) -> None:
    assert settled.exit_code == 0
    assert [settled.said.count(prompt) for prompt in ("Passphrase: ", "Once more: ", "[Y/n]: ")] == [1, 1, 0]
    assert settled.said.rstrip().endswith('say to it: "Start a project with vdw."')


def test_init_shows_neither_the_passphrase_nor_the_key(settled: Settled) -> None:
    assert PASSPHRASE not in settled.said
    assert settled.key not in settled.said
    assert "vdw_…1" in settled.said


def test_what_init_writes_is_for_its_owner_alone(settled: Settled) -> None:
    config = settled.folder / ".config" / "vdw"
    sealed = next((config / "approvers").iterdir())
    private = [settled.code / ".mcp.json", config / "trust.json", sealed]
    private.append(settled.folder / ".local" / "share" / "vdw" / "vdw.db")

    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_init_on_a_store_that_is_set_up_says_one_sentence_and_changes_nothing(settled: Settled) -> None:
    done = vdw(settled.environment, "init")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[0] == "vdw: This store is set up already; nothing was changed."


def test_init_for_a_client_that_is_set_up_makes_no_second_key(settled: Settled) -> None:
    before, keys = (settled.code / ".mcp.json").read_bytes(), _keys(settled)
    done = vdw(settled.environment, "init", "--client", "claude-code", folder=settled.code)

    assert done.returncode == 0
    assert "is set up already" in done.stdout
    assert (settled.code / ".mcp.json").read_bytes() == before
    assert _keys(settled) == keys != []


def test_init_for_a_client_that_is_set_up_keeps_its_file_out_of_a_repository_that_came_later(
    settled: Settled, tmp_path: Path
) -> None:
    code = shutil.copytree(settled.code, tmp_path / "code")
    subprocess.run(["git", "init", "-q", code], check=True)
    done = vdw(settled.environment, "init", "--client", "claude-code", folder=code)
    seen = subprocess.run(
        ["git", "-C", code, "status", "--porcelain", "--", ".mcp.json"], capture_output=True, check=True
    )

    assert ".mcp.json is ignored by git, here: it holds a key." in done.stdout
    assert seen.stdout == b""


def test_a_file_that_cannot_be_written_leaves_no_key_in_force(settled: Settled, tmp_path: Path) -> None:
    environment, code = home(shutil.copytree(settled.untouched, tmp_path / "home")), tmp_path / "code"
    (code / ".mcp.json.vdw-new").mkdir(parents=True)
    done = vdw(environment, "init", "--client", "claude-code", folder=code)
    keys = json.loads(vdw(environment, "key", "list", "--json").stdout)

    assert (done.returncode, (code / ".mcp.json").exists()) == (3, False), done.stderr
    assert sorted(key["state"] for key in keys) == ["in force", "revoked"]


def test_a_no_leaves_a_file_that_was_there_and_makes_no_key(settled: Settled) -> None:
    keys = _keys(settled)
    (settled.code / ".cursor").mkdir()
    (settled.code / ".cursor" / "mcp.json").write_text('{"mcpServers": {}}')
    with settled.at_terminal("init", "--client", "cursor") as terminal:
        terminal.answer("[Y/n]: ", "n")
        exit_code = terminal.finish()

    assert exit_code == 0
    assert "Not written." in terminal.said
    assert (settled.code / ".cursor" / "mcp.json").read_text() == '{"mcpServers": {}}'
    assert _keys(settled) == keys != []


def test_the_passphrase_is_asked_again_after_a_slip_and_once_for_all_gates(settled: Settled) -> None:
    first, second = (settled.asked_for_review(VIBE + f"- It must be {colour}.") for colour in ("red", "blue"))
    with settled.at_terminal("gate", "review") as terminal:
        terminal.answer("words) [s]: ", "REQ-001: how hot?")
        terminal.answer("words) [s]: ", "r")
        terminal.answer("Passphrase: ", "incorrect horse")
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.expect("rejected.")
        terminal.answer("words) [s]: ", "a")
        terminal.expect("approved.")
        exit_code = terminal.finish()

    assert exit_code == 0
    assert terminal.said.count("Passphrase: ") == 2
    assert "The passphrase is not the one of this key." in terminal.said
    assert "how hot?" in json.dumps(_feedback(settled, first, second))


def test_a_decision_for_a_program_is_one_document_and_the_brief_goes_beside_it(
    settled: Settled, tmp_path: Path
) -> None:
    asked = settled.asked_for_review(VIBE + "- It must be green.")
    output = tmp_path / "stdout.json"
    with settled.at_terminal("gate", "approve", asked["project"], "--json", output=output) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        exit_code = terminal.finish()

    assert exit_code == 0
    assert json.loads(output.read_text("utf-8"))["outcome"] == "approved"
    assert asked["brief"] in terminal.said


def test_without_a_terminal_nothing_is_signed_and_a_piped_passphrase_is_not_read(settled: Settled) -> None:
    asked = settled.asked_for_review(VIBE + "- It must be black.")
    done = vdw(settled.environment, "gate", "approve", asked["project"], given=f"{PASSPHRASE}\n")

    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == "vdw: A passphrase is typed at a terminal; there is none."


def test_the_offered_passphrase_is_typed_once_to_show_that_it_was_written_down(tmp_path: Path) -> None:
    with Terminal(home(tmp_path), "init", folder=tmp_path) as terminal:
        terminal.expect("written it down:\n")
        terminal.answer("Passphrase: ", "")
        offered = terminal.said.split("written it down:\n")[1].split()[0]
        terminal.answer("Once more: ", offered)
        exit_code = terminal.finish()

    assert exit_code == 0
    assert len(offered.split("-")) == 6
    assert "Next, in your project's folder: vdw init --client claude-code" in terminal.said


def test_ctrl_d_at_a_prompt_stops_and_makes_nothing(tmp_path: Path) -> None:
    with Terminal(home(tmp_path), "init", folder=tmp_path) as terminal:
        terminal.answer("Passphrase: ", "short")
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.answer("Once more: ", "something else")
        terminal.answer("Passphrase: ", "\x04")
        exit_code = terminal.finish()

    assert exit_code == 130
    assert terminal.said.endswith("Stopped.\n")
    assert "At least 12 characters" in terminal.said
    assert not (tmp_path / ".config" / "vdw" / "trust.json").exists()
    assert vdw(home(tmp_path), "project", "list").returncode == 3


def test_a_client_file_that_cannot_be_extended_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").write_text("{ // mine\n}", "utf-8")
    done = vdw(home(tmp_path), "init", "--client", "claude-code")

    assert done.returncode == 3
    assert "it stays as it is" in done.stderr
    assert not (tmp_path / ".local").exists()


def test_a_lost_pin_is_named_by_every_command_and_by_doctor(settled: Settled, tmp_path: Path) -> None:
    moved = tmp_path / "config"
    shutil.copytree(settled.folder / ".config" / "vdw", moved)
    (moved / "trust.json").unlink()
    environment = settled.environment | {"VDW_CONFIG_DIR": str(moved)}
    listed, examined = vdw(environment, "approver", "list"), vdw(environment, "doctor")

    assert (listed.returncode, examined.returncode) == (3, 3)
    assert "does not pin the root" in listed.stderr
    assert "approver join NAME --root ROOT" in listed.stderr
    assert "!!  trust log: " in examined.stdout


def _feedback(settled: Settled, *asked: dict[str, object]) -> list[object]:
    shown = [vdw(settled.environment, "project", "timeline", str(item["project"]), "--json").stdout for item in asked]
    return [json.loads(text) for text in shown]


def _keys(settled: Settled) -> list[str]:
    """The ids of all keys in the store."""
    return [key["key_id"] for key in json.loads(vdw(settled.environment, "key", "list", "--json").stdout)]
