"""Three people on one store, each with a home of their own, as they would get there: init, join, enrol, policy."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import anyio

from tests.interaction.cli.conftest import VIBE, asked
from tests.interaction.cli.terminal import Terminal, home, squeezed, vdw
from tests.interaction.servers import Json

PASSPHRASES = {name: f"{name}'s horse battery staple" for name in ("ada", "bob", "cyd", "dan")}


@dataclass(frozen=True, slots=True)
class Team:
    """`folder` holds the store and a home for each; a copy of it is another team with the same keys."""

    folder: Path

    def home_of(self, name: str) -> Path:
        return self.folder / name

    def environment_of(self, name: str) -> dict[str, str]:
        return home(self.home_of(name), VDW_DATA=str(self.folder / "store"))

    def run(self, name: str, *arguments: str) -> tuple[int, str]:
        """A command without a terminal; exit code and all that was said, white space squeezed."""
        done = vdw(self.environment_of(name), *arguments)
        return done.returncode, squeezed(done.stdout + done.stderr)

    def at_terminal(self, name: str, *arguments: str) -> Terminal:
        return Terminal(self.environment_of(name), *arguments, folder=self.home_of(name))

    def signs(self, name: str, *arguments: str) -> tuple[int, str]:
        """A command that asks for the person's passphrase once; what `run` answers."""
        with self.at_terminal(name, *arguments) as terminal:
            terminal.answer("Passphrase: ", PASSPHRASES[name])
            return terminal.finish(), squeezed(terminal.said)

    def refused(self, name: str, *arguments: str) -> tuple[int, str]:
        """A command that ends, at a terminal, without asking for anything; what `run` answers."""
        with self.at_terminal(name, *arguments) as terminal:
            return terminal.finish(), squeezed(terminal.said)

    def joins(self, name: str, *, root: str) -> Path:
        """The file that asks to enrol the person."""
        self.home_of(name).mkdir()
        with self.at_terminal(name, "approver", "join", name.capitalize(), "--root", root) as terminal:
            terminal.answer("Passphrase: ", PASSPHRASES[name])
            terminal.answer("Once more: ", PASSPHRASES[name])
            exit_code = terminal.finish()
        assert exit_code == 0, terminal.said
        return next(self.home_of(name).glob("vdw-join-*.json"))

    def proposes(self, name: str, *arguments: str) -> Path:
        """The file of a change that needs more than this signature."""
        before = set(self.home_of(name).glob("vdw-*.json"))
        exit_code, said = self.signs(name, "approver", *arguments)
        assert exit_code == 0, said
        (file,) = set(self.home_of(name).glob("vdw-*.json")) - before
        return file

    def approvers(self) -> dict[str, Json]:
        """Name → row of `vdw approver list`, the newest key of each."""
        done = vdw(self.environment_of("ada"), "approver", "list", "--json")
        return {row["person"]: row for row in json.loads(done.stdout)}

    def root(self) -> str:
        """As Ada reads it out."""
        _, said = self.run("ada", "doctor")
        found = re.search(r"pinned root ([0-9a-f]{64})", said)
        assert found, said
        return found.group(1)

    def agent(self) -> dict[str, str]:
        """The environment of Cyd's agent."""
        key = (self.home_of("cyd") / "agent.key").read_text("utf-8").strip()
        return self.environment_of("cyd") | {"VDW_KEY": key}

    def asks_for_review(self, vibe: str = VIBE) -> Json:
        """What Cyd's agent gets when it asks for the review of a new project's first gate."""
        return anyio.run(asked, self.agent(), vibe)

    def copied(self, to: Path) -> Team:
        shutil.copytree(self.folder, to)
        return Team(to)


def founded(folder: Path) -> Team:
    """Ada, Bob and Cyd; each gate asks two of them, and never the one whose agent made the work. The agent is Cyd's."""
    team = Team(folder)
    team.home_of("ada").mkdir(parents=True)
    with team.at_terminal("ada", "init", "--name", "Ada") as terminal:
        terminal.answer("Passphrase: ", PASSPHRASES["ada"])
        terminal.answer("Once more: ", PASSPHRASES["ada"])
        assert terminal.finish() == 0, terminal.said
    root = team.root()
    for name in ("bob", "cyd"):
        exit_code, said = team.signs("ada", "approver", "enrol", str(team.joins(name, root=root)))
        assert exit_code == 0, said
    made = vdw(team.environment_of("cyd"), "key", "create", "agent", "--owner", "Cyd")
    (team.home_of("cyd") / "agent.key").write_text(made.stdout, "utf-8")
    exit_code, said = team.signs("ada", "approver", "policy", "--quorum", "2", "--separation")
    assert exit_code == 0, said
    return team
