"""What a person meets when something is wrong: one sentence, what to do, and the documented exit code."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest

from tests.interaction.cli.conftest import PASSPHRASE, VIBE, Settled
from tests.interaction.cli.terminal import CTRL_C, as_nobody, vdw
from tests.interaction.servers import Demo, serving

REPORT = '<testsuite name="kettle"><testcase name="test_req_001"/></testsuite>'
TESTS = ("sh", "-c", f"echo testing; echo '{REPORT}' > junit.xml; exit 3")
NOWHERE = "http://127.0.0.1:9/mcp"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["project", "show", "nosuch"], 5, "There is no such project."),
        (["project", "create", "nosuch.md"], 2, "nosuch.md cannot be read: no such file or directory."),
        (["project", "list", "--stage", "nosuch"], 2, "There is no stage called nosuch."),
        (["artifact", "show", "nosuch"], 2, "There is no phase called nosuch."),
        (["key", "revoke", "nosuch"], 5, "There is no such key."),
        (["project", "list", "--limit", "0"], 2, "--limit takes a whole number from 1 to 1000."),
        (["project", "list", "--limit", "ten"], 2, "--limit takes a whole number from 1 to 1000."),
        (["artifact", "show", "mood", "--revision", "-1"], 2, "--revision takes a whole number from 0 on."),
        (["serve", "--port", "x"], 3, "port (option) is not a whole number from 0 to 65535."),
        (["init", "--client", "emacs"], 2, "client: one of claude-code, cursor, vscode"),
        (["verify", "--", "true"], 4, "No runner's key is set, so nobody vouches for this run."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_failure_is_one_sentence_and_its_exit_code(
    words: list[str], code: int, sentence: str, settled: Settled
) -> None:
    done = vdw(settled.environment, *words)

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.splitlines()[0] == f"vdw: {sentence}"
    assert len(done.stderr.splitlines()) == 2


def test_what_is_not_there_yet_is_told_as_that(settled: Settled, tmp_path: Path) -> None:
    (tmp_path / "vibe.md").write_text("The stove must heat.", "utf-8")
    begun = json.loads(vdw(settled.environment, "project", "create", str(tmp_path / "vibe.md"), "--json").stdout)
    show = ("artifact", "show", "mood", "--project", begun["slug"])
    none, other = (vdw(settled.environment, *show, *more) for more in ((), ("--revision", "7")))
    settled.abandon(begun["project"])

    assert (none.returncode, other.returncode) == (5, 5)
    assert none.stderr.startswith("vdw: Nothing has been submitted in the mood phase yet.\n")
    assert other.stderr.startswith("vdw: The mood phase has no revision 7.\n")


def test_a_failure_for_a_program_is_one_document_on_standard_output(settled: Settled) -> None:
    done = vdw(settled.environment, "project", "show", "nosuch", "--json")

    assert (done.returncode, done.stderr) == (5, "")
    assert json.loads(done.stdout)["error"]["code"] == "not_found"


def test_help_names_every_exit_code_and_cuts_no_line(settled: Settled) -> None:
    done = vdw(settled.environment, "--help")

    assert "0 done, 1 internal error, 2 wrong input, 3 set-up, 4 refused" in done.stdout
    assert "..." not in done.stdout.replace("[ARGS]...", "")


def test_the_version_needs_no_command(settled: Settled) -> None:
    done = vdw(settled.environment, "--version")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)


def test_a_run_that_the_server_cannot_take_is_kept_beside_the_code(settled: Settled, repository: Path) -> None:
    environment = settled.environment | {"VDW_KEY": settled.key, "VDW_URL": NOWHERE}
    done = vdw(environment, "verify", "--json", "--", *TESTS, folder=repository)
    kept = json.loads((repository / "vdw-evidence.json").read_text("utf-8"))

    assert done.returncode == 6
    assert "vdw verify --send vdw-evidence.json" in json.loads(done.stdout)["error"]["next_step"]
    assert "testing" in done.stderr
    assert (kept["run"]["exit_code"], kept["run"]["dirty"], kept["report"]) == (3, False, f"{REPORT}\n")
    assert settled.key not in json.dumps(kept)


@pytest.mark.parametrize("wrong", ["the key", "the path"])
def test_a_run_is_kept_where_the_address_or_the_key_is_wrong(
    wrong: str, settled: Settled, repository: Path, demo: Demo
) -> None:
    with serving(demo) as served:
        url = served.url if wrong == "the key" else served.url.replace("/mcp", "/elsewhere")
        key = settled.key if wrong == "the key" else demo.founded.runner_key.reveal()
        environment = settled.environment | {"VDW_KEY": key, "VDW_URL": url}
        done = vdw(environment, "verify", "--", *TESTS, folder=repository)

    assert done.returncode == 4
    assert f"The server at {url} did not take the call." in done.stderr
    assert (repository / "vdw-evidence.json").exists()


def test_an_address_that_is_none_is_refused_before_the_tests_run(settled: Settled, repository: Path) -> None:
    environment = settled.environment | {"VDW_KEY": settled.key, "VDW_URL": "http://[::1"}
    done = vdw(environment, "verify", "--", *TESTS, folder=repository)
    examined = vdw(environment, "doctor")

    assert (done.returncode, examined.returncode) == (3, 3)
    assert done.stderr.startswith("vdw: url (environment) is no address of a server")
    assert "!!  settings: url (environment) is no address of a server" in examined.stdout
    assert not (repository / "junit.xml").exists()


def test_a_run_without_a_report_is_not_recorded(settled: Settled, repository: Path) -> None:
    environment = settled.environment | {"VDW_KEY": settled.key}
    done = vdw(environment, "verify", "--", "true", folder=repository)

    assert done.returncode == 2
    assert "The command wrote no junit.xml." in done.stderr
    assert not (repository / "vdw-evidence.json").exists()


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        (lambda config: (config / "trust.json").write_text("{", "utf-8"), "trust log"),
        (lambda config: (config / "trust.json").chmod(0o644), "privacy"),
        (lambda config: shutil.rmtree(config / "approvers"), "approver key"),
        (lambda config: sealed_key(config).write_text("{}", "utf-8"), "approver key"),
        (lambda config: sealed_key(config).chmod(0), "approver key"),
        (lambda config: (config / "config.toml").write_text("nonsense = 1", "utf-8"), "settings"),
    ],
    ids=["damaged pin", "open pin", "lost key", "damaged key", "unreadable key", "wrong file"],
)
def test_doctor_names_what_is_wrong_and_how_to_mend_it(
    harm: object, check: str, settled: Settled, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(settled.folder / ".config" / "vdw", config)
    assert callable(harm)
    harm(config)
    environment = settled.environment | {"VDW_CONFIG_DIR": str(config)}
    checks = json.loads(vdw(environment, "doctor", "--json", before=as_nobody()).stdout)

    wrong = [line for line in checks["checks"] if line["state"] == "wrong"]
    assert [line["check"] for line in wrong] == [check]
    assert all(line["mend"] for line in wrong)


def test_doctor_says_who_a_key_speaks_for_and_that_a_port_is_taken(settled: Settled) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = vdw(settled.environment | {"VDW_KEY": settled.key, "VDW_PORT": port}, "doctor")

    assert done.returncode == 0
    assert "ok  agent key: VDW_KEY speaks for an agent\n" in done.stdout
    assert f"--  port: Port {port} on 127.0.0.1 cannot be used" in done.stdout


def sealed_key(config: Path) -> Path:
    return next((config / "approvers").iterdir())


def test_what_is_watched_is_a_line_of_json_for_each_file_until_it_is_stopped(settled: Settled) -> None:
    project = str(settled.asked_for_review(f"{VIBE}- It must be ivory.\n")["project"])
    with settled.at_terminal("gate", "approve", project) as deciding:
        deciding.answer("Passphrase: ", PASSPHRASE)
        assert deciding.finish() == 0
    with settled.at_terminal("export", project, "--watch", "kept", "--json") as terminal:
        terminal.expect("mood.md")
        terminal.expect("mood.json")
        terminal.press(CTRL_C)
        exit_code = terminal.finish()
    lines = [json.loads(line) for line in terminal.said.splitlines() if line.startswith("{")]

    assert exit_code == 130
    assert {line["written"] for line in lines} == {"kept/mood.md", "kept/mood.json"}
    assert json.loads((settled.code / "kept" / "mood.json").read_text("utf-8"))["requirements"]
