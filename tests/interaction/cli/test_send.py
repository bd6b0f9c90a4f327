"""A test run that no server could take is kept beside the code, and handed over once there is one."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp import Client

from tests.interaction.cli.conftest import PASSPHRASE, Settled, drafted
from tests.interaction.cli.terminal import CTRL_C, Terminal, as_nobody, squeezed, vdw
from tests.interaction.servers import answer_of, stdio

NOWHERE = "http://127.0.0.1:9/mcp"
VIBE = "# Whistle\n\n- The whistle must sound.\n"
REPORT = '<testsuite name="whistle"><testcase name="test_req_001"/></testsuite>'
TESTS = ("sh", "-c", f"echo '{REPORT}' > junit.xml")
KEPT = "vdw-evidence.json"


@pytest.fixture
def project(settled: Settled) -> Iterator[str]:
    """A project in its implementation phase."""
    found = anyio.run(_asked_in_the_light_lane, settled.environment | {"VDW_KEY": settled.key})
    with settled.at_terminal("gate", "approve", found) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        assert terminal.finish() == 0, terminal.said
    yield found
    settled.abandon(found)


@pytest.fixture
def runner(settled: Settled) -> dict[str, str]:
    """The environment of a runner."""
    made = vdw(settled.environment, "key", "create", "ci", "--kind", "runner", "--json")
    return settled.environment | {"VDW_KEY": json.loads(made.stdout)["key"]}


def test_a_kept_run_is_handed_over_once(project: str, runner: dict[str, str], repository: Path) -> None:
    words = ("verify", "--project", project, "--repository", "whistle", "--", *TESTS)
    kept = vdw(runner | {"VDW_URL": NOWHERE}, *words, folder=repository)
    still = vdw(runner | {"VDW_URL": NOWHERE}, "verify", "--send", KEPT, folder=repository)
    record_was_kept = (repository / KEPT).exists()
    sent = vdw(runner, "verify", "--send", KEPT, "--json", folder=repository)
    again = vdw(runner, "verify", "--send", KEPT, folder=repository)

    assert (kept.returncode, still.returncode, sent.returncode, again.returncode) == (6, 6, 0, 2)
    assert record_was_kept
    assert not (repository / KEPT).exists()
    recorded = json.loads(sent.stdout)
    assert (recorded["outcome"], recorded["trust"]) == ("passed", "run")
    assert f"{KEPT} cannot be read: no such file or directory." in again.stderr


def test_a_record_from_a_pipe_is_handed_over(project: str, runner: dict[str, str], repository: Path) -> None:
    words = ("verify", "--project", project, "--repository", "whistle", "--", *TESTS)
    vdw(runner | {"VDW_URL": NOWHERE}, *words, folder=repository)
    record = (repository / KEPT).read_text("utf-8")
    piped = vdw(runner, "verify", "--send", "-", "--json", folder=repository, given=record)

    assert (piped.returncode, piped.stderr) == (0, "")
    assert json.loads(piped.stdout)["trust"] == "run"
    assert (repository / KEPT).exists()


def test_a_run_whose_project_nobody_named_is_kept_until_somebody_does(
    project: str, settled: Settled, runner: dict[str, str], repository: Path
) -> None:
    other = settled.begun_in_the_light_lane("The bell must ring.")
    kept = vdw(runner, "verify", "--repository", "whistle", "--", *TESTS, folder=repository)
    sent = vdw(runner, "verify", "--send", KEPT, "--project", project, folder=repository)
    settled.abandon(other)

    assert (kept.returncode, sent.returncode) == (2, 0), sent.stderr
    assert f"The record is kept: vdw verify --send {KEPT} --project PROJECT" in kept.stderr


@pytest.mark.slow
def test_a_run_that_came_before_its_phase_is_kept_until_the_phase_takes_evidence(
    settled: Settled, runner: dict[str, str], repository: Path
) -> None:
    project = settled.begun_in_the_light_lane(VIBE)
    words = ("verify", "--project", project, "--repository", "whistle", "--", *TESTS)
    early = vdw(runner, *words, folder=repository)
    settled.asked_for_next(project)
    with settled.at_terminal("gate", "approve", project) as terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        assert terminal.finish() == 0, terminal.said
    sent = vdw(runner, "verify", "--send", KEPT, folder=repository)
    settled.abandon(project)

    assert (early.returncode, sent.returncode) == (4, 0), sent.stderr
    assert f"The record is kept: vdw verify --send {KEPT}" in early.stderr


def test_a_record_and_a_command_are_not_taken_together(runner: dict[str, str], repository: Path) -> None:
    done = vdw(runner, "verify", "--send", KEPT, "--", *TESTS, folder=repository)

    assert (done.returncode, (repository / "junit.xml").exists()) == (2, False)
    assert done.stderr.startswith("vdw: A kept record is handed over without running anything.")


def test_where_nothing_can_be_written_beside_the_code_the_record_is_kept_elsewhere(
    project: str, runner: dict[str, str], repository: Path, tmp_path: Path
) -> None:
    words = ("verify", "--project", project, "--repository", "whistle", "--report", f"{tmp_path}/junit.xml")
    tests = ("--", "sh", "-c", f"echo '{REPORT}' > {tmp_path}/junit.xml")
    elsewhere = runner | {"VDW_URL": NOWHERE, "TMPDIR": str(tmp_path)}
    repository.chmod(0o500)
    try:
        kept = vdw(elsewhere, *words, *tests, folder=repository, before=as_nobody())
    finally:
        repository.chmod(0o700)
    (record,) = tmp_path.glob(f"vdw-evidence-*/{KEPT}")
    sent = vdw(runner, "verify", "--send", str(record), "--json", folder=repository)

    assert (kept.returncode, sent.returncode) == (6, 0), kept.stderr
    assert f"The record is kept: vdw verify --send {record}" in kept.stderr
    assert json.loads(sent.stdout)["trust"] == "run"


def test_whoever_stops_the_handing_over_keeps_the_record(
    project: str, settled: Settled, repository: Path, tmp_path: Path
) -> None:
    named = ("--data", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/mcp"
        environment = settled.environment | {"VDW_KEY": settled.key, "VDW_URL": url}
        words = (*named, "verify", "--project", project, "--", *TESTS)
        with Terminal(environment, *words, folder=repository) as terminal:
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                terminal.press(CTRL_C)
                exit_code = terminal.finish()

    assert exit_code == 130
    assert "raceback" not in terminal.said
    assert f"The record is kept: vdw {' '.join(named)} verify --send {KEPT}" in squeezed(terminal.said)
    assert json.loads((repository / KEPT).read_text("utf-8"))["project"] == project


async def _asked_in_the_light_lane(environment: dict[str, str]) -> str:
    async with Client(stdio(environment)) as client:
        project, artifact = await drafted(client, VIBE, lane="light")
        await client.call_tool("submit_artifact", {"project": project, "phase": "mood", "artifact": artifact})
        return str(answer_of(await client.call_tool("request_review", {"project": project}))["project"])
