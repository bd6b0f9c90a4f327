"""One home that somebody set up at a real terminal, and the agent that it was set up for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from mcp import Client

from tests.interaction.cli.terminal import COLUMNS, VDW, Terminal, home, vdw
from tests.interaction.servers import Json, answer_of, stdio

COMMIT = "a" * 40
PASSPHRASE = "correct horse battery"
VIBE = "# Kettle\n\n- The kettle must boil water.\n- The kettle should whistle when the water boils.\n"


@dataclass(frozen=True, slots=True)
class Settled:
    """A person's home after `vdw init`, what was said on the way, and their project's folder."""

    folder: Path
    said: str
    exit_code: int

    @property
    def untouched(self) -> Path:
        """A copy of the home from before any test."""
        return self.folder.with_name(f"{self.folder.name}-untouched")

    @property
    def code(self) -> Path:
        return self.folder / "code"

    @property
    def environment(self) -> dict[str, str]:
        return home(self.folder)

    @property
    def key(self) -> str:
        servers = json.loads((self.code / ".mcp.json").read_text("utf-8"))["mcpServers"]
        return str(servers["vdw"]["env"]["VDW_KEY"])

    def at_terminal(
        self,
        *arguments: str,
        output: Path | None = None,
        columns: int = COLUMNS,
        program: Sequence[str] = VDW,
        **more: str,
    ) -> Terminal:
        environment = self.environment | more
        return Terminal(environment, *arguments, folder=self.code, output=output, columns=columns, program=program)

    def asked_for_review(self, vibe: str) -> Json:
        """The agent's steps to the first gate; the answer of request_review."""
        return anyio.run(asked, self.environment | {"VDW_KEY": self.key}, vibe)

    def abandon(self, project: str, reason: str = "The test is over.") -> None:
        done = vdw(self.environment, "project", "abandon", project, "--reason", reason)
        assert done.returncode == 0, done.stderr

    def submitted_without_acceptance(self) -> str:
        """A project whose mood lacks the acceptance criteria of one requirement; its id."""
        return anyio.run(submitted_without_acceptance, self.environment | {"VDW_KEY": self.key})

    def begun_in_the_light_lane(self, vibe: str) -> str:
        """A project of small work; its id."""
        return anyio.run(_begun, self.environment | {"VDW_KEY": self.key}, vibe)

    def tested(self, project: str) -> None:
        """A runner that this person made a key for has run the tests."""
        made = vdw(self.environment, "key", "create", "ci", "--kind", "runner", "--json")
        anyio.run(_tested, self.environment | {"VDW_KEY": json.loads(made.stdout)["key"]}, project)

    def asked_again(self, project: str) -> Json:
        """The agent asks for the review of what it submitted before."""
        return anyio.run(_requested, self.environment | {"VDW_KEY": self.key}, project)

    def asked_for_next(self, project: str) -> Json:
        """The agent's steps to the project's present gate."""
        return anyio.run(_asked_next, self.environment | {"VDW_KEY": self.key}, project)


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """`vdw init --client claude-code`, answered at a terminal."""
    folder = tmp_path_factory.mktemp("home")
    code = folder / "code"
    code.mkdir()
    with Terminal(home(folder), "init", "--client", "claude-code", folder=code) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        terminal.answer("Once more: ", PASSPHRASE)
        exit_code = terminal.finish()
        said = terminal.said
    made = Settled(folder, said, exit_code)
    shutil.copytree(folder, made.untouched)
    return made


@pytest.fixture(scope="module")
def waiting(settled: Settled) -> Iterator[Json]:
    """A project whose gate waits, until the module's tests are through."""
    answer = settled.asked_for_review(f"# Teapot with a long name for one that only pours\n\n{VIBE}")
    yield answer
    settled.abandon(answer["project"])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with one commit."""
    folder = tmp_path / "kettle"
    folder.mkdir()
    (folder / "kettle.py").write_text("BOILS = True\n", "utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "A kettle")
    return folder


@pytest.fixture
def nobody_reads() -> Iterator[int]:
    """The writing end of a pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def git(folder: Path, *arguments: str) -> None:
    named = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True)


async def asked(environment: dict[str, str], vibe: str) -> Json:
    async with Client(stdio(environment)) as client:
        project, artifact = await drafted(client, vibe)
        await client.call_tool("submit_artifact", {"project": project, "phase": "mood", "artifact": artifact})
        return answer_of(await client.call_tool("request_review", {"project": project}))


async def _requested(environment: dict[str, str], project: str) -> Json:
    async with Client(stdio(environment)) as client:
        return answer_of(await client.call_tool("request_review", {"project": project}))


async def submitted_without_acceptance(environment: dict[str, str]) -> str:
    async with Client(stdio(environment)) as client:
        project, artifact = await drafted(client, "# Urn\n\n- The urn must boil water.\n")
        artifact["requirements"][0]["acceptance"] = []
        submitted = {"project": project, "phase": "mood", "artifact": artifact}
        answer_of(await client.call_tool("submit_artifact", submitted))
        return project


async def drafted(client: Client, vibe: str, lane: str = "full") -> tuple[str, Json]:
    """A new project and the template of its mood, as if the agent had written it."""
    project = str(answer_of(await client.call_tool("create_project", {"vibe": vibe, "lane": lane}))["project"])
    brief = answer_of(await client.call_tool("get_brief", {"project": project, "skeleton": True}))
    return project, {**brief["skeleton"], "drafted_by": "agent"}


async def _asked_next(environment: dict[str, str], project: str) -> Json:
    async with Client(stdio(environment)) as client:
        return await _submitted(client, project)


async def _begun(environment: dict[str, str], vibe: str) -> str:
    async with Client(stdio(environment)) as client:
        return str(answer_of(await client.call_tool("create_project", {"vibe": vibe, "lane": "light"}))["project"])


async def _tested(environment: dict[str, str], project: str) -> None:
    """A runner hands in a green run of the test of the first requirement."""
    times = {"started_at": "2026-11-24T10:00:00Z", "ended_at": "2026-11-24T10:00:01Z"}
    run = {
        "project": project,
        "kind": "junit",
        "report": '<testsuite name="kettle"><testcase name="test_req_001"/></testsuite>',
        "run": {"command": "pytest", "exit_code": 0, "dirty": False, **times},
        "repository": "kettle",
        "commit": COMMIT,
    }
    async with Client(stdio(environment)) as client:
        answer_of(await client.call_tool("submit_evidence", run))


async def _submitted(client: Client, project: str) -> Json:
    brief = answer_of(await client.call_tool("get_brief", {"project": project, "skeleton": True}))
    artifact = {**brief["skeleton"], "drafted_by": "agent"}
    if brief["phase"] == "implementation":
        changes = [{**change, "repository": "kettle", "commit": COMMIT} for change in artifact["changes"]]
        artifact |= {"heads": [{"repository": "kettle", "commit": COMMIT}], "changes": changes}
    if brief["phase"] == "validation":
        artifact |= {"evidence": [record["id"] for record in brief["basis"]["evidence"]]}
    await client.call_tool("submit_artifact", {"project": project, "phase": brief["phase"], "artifact": artifact})
    return answer_of(await client.call_tool("request_review", {"project": project}))
