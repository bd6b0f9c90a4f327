"""A set-up that lies where a plain `vdw` does not look: every command that is told finds it."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from mcp import Client

from tests.interaction.cli.conftest import PASSPHRASE, VIBE, asked
from tests.interaction.cli.terminal import Terminal, home, squeezed, vdw
from tests.interaction.servers import Json, error_of, stdio


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A home whose store lies in a folder with a space in its name, and what `vdw init` said."""

    folder: Path
    said: str

    @property
    def data(self) -> Path:
        return self.folder / "my data"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    """`vdw --data FOLDER init --client claude-code`, answered at a terminal."""
    folder = tmp_path_factory.mktemp("elsewhere")
    words = ("--data", str(folder / "my data"), "init", "--client", "claude-code")
    with Terminal(home(folder), *words, folder=folder) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.answer("Once more: ", PASSPHRASE)
        assert terminal.finish() == 0, terminal.said
    return Elsewhere(folder, terminal.said)


def test_init_says_how_the_persons_own_shell_finds_it(elsewhere: Elsewhere) -> None:
    place = shlex.quote(str(elsewhere.data))

    assert f"\n  vdw --data {place} gate review\n" in elsewhere.said
    assert f"\n  export VDW_DATA={place}\n" in elsewhere.said


def test_the_command_that_the_agent_hands_on_approves_in_a_shell_that_knows_nothing_of_it(
    elsewhere: Elsewhere,
) -> None:
    servers = json.loads((elsewhere.folder / ".mcp.json").read_text("utf-8"))["mcpServers"]
    answer = anyio.run(asked, home(elsewhere.folder) | servers["vdw"]["env"], VIBE)
    program, *words = shlex.split(answer["command"])
    with Terminal(home(elsewhere.folder), *words, folder=elsewhere.folder) as terminal:
        terminal.answer("words) [s]: ", "a")
        terminal.answer("Passphrase: ", PASSPHRASE)
        exit_code = terminal.finish()

    assert (program, exit_code) == ("vdw", 0)
    assert "approved." in terminal.said


def test_a_refusal_names_the_command_that_works_in_this_shell(elsewhere: Elsewhere) -> None:
    words = ("approver", "revoke", "nobody")
    named = vdw(home(elsewhere.folder), "--data", str(elsewhere.data), *words)
    exported = vdw(home(elsewhere.folder) | {"VDW_DATA": str(elsewhere.data)}, *words)

    assert squeezed(named.stderr).strip().endswith(f"See vdw --data {shlex.quote(str(elsewhere.data))} approver list.")
    assert squeezed(exported.stderr).strip().endswith("See vdw approver list.")


def test_doctor_names_the_command_that_works_in_this_shell(elsewhere: Elsewhere) -> None:
    place = shlex.quote(str(elsewhere.data))
    pins_elsewhere = home(elsewhere.folder) | {"VDW_TRUST": str(elsewhere.folder / "none.json")}
    examined = vdw(pins_elsewhere, "--data", str(elsewhere.data), "doctor")

    assert f"vdw --data {place} approver join NAME --root ROOT" in examined.stdout


def test_a_refusal_that_an_agent_hands_on_names_the_command_for_any_shell(elsewhere: Elsewhere) -> None:
    servers = json.loads((elsewhere.folder / ".mcp.json").read_text("utf-8"))["mcpServers"]

    refused = anyio.run(_abandoned, home(elsewhere.folder) | servers["vdw"]["env"])

    assert f"vdw --data {shlex.quote(str(elsewhere.data))} project abandon" in refused["next_step"]


async def _abandoned(environment: dict[str, str]) -> Json:
    async with Client(stdio(environment)) as client:
        wanted = {"vibe": "The kettle must boil."}
        begun = (await client.call_tool("create_project", wanted)).structured_content or {}
        wanted = {"project": begun["project"], "action": "abandon", "reason": "Enough."}
        return error_of(await client.call_tool("change_project", wanted))


def test_a_plain_vdw_that_finds_nothing_says_that_it_may_lie_elsewhere(elsewhere: Elsewhere) -> None:
    done = vdw(home(elsewhere.folder), "project", "list")

    assert done.returncode == 3
    assert squeezed(done.stderr).endswith("or name where it was set up: vdw --data FOLDER ")
