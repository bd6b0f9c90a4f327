"""Two people decide, and change who decides, from homes of their own: the whole road through the real command line."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from tests.interaction.cli.conftest import submitted_without_acceptance
from tests.interaction.cli.team import PASSPHRASES, Team, founded
from tests.interaction.cli.terminal import Terminal, as_nobody, home, squeezed, vdw


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Team:
    return founded(tmp_path_factory.mktemp("team") / "origin")


@pytest.fixture
def team(origin: Team, tmp_path: Path) -> Team:
    """A copy that the test may change."""
    return origin.copied(tmp_path / "team")


def test_a_gate_opens_when_two_people_have_approved_each_from_their_own_home(team: Team) -> None:
    project = team.asks_for_review()["project"]

    own, refusal = team.refused("cyd", "gate", "approve", project)
    first, said_first = team.signs("ada", "gate", "approve", project)
    second, said_second = team.signs("bob", "gate", "approve", project)

    assert (own, first, second) == (4, 0, 0)
    assert "another person must decide" in refusal
    assert "counted; 1 more approval needed" in said_first
    assert "approved." in said_second


@pytest.mark.slow
def test_whose_vote_would_not_count_is_told_so_before_the_passphrase(team: Team) -> None:
    project = team.asks_for_review()["project"]
    team.signs("ada", "gate", "approve", project)
    team.joins("dan", root=team.root())
    refusals = {
        "ada": (4, "You have decided in this review already"),
        "cyd": (4, "another person must decide"),
        "dan": (3, "Your key is not enrolled yet"),
    }

    for command, name in (
        ("review", "ada"),
        ("approve", "ada"),
        ("reject", "cyd"),
        ("review", "cyd"),
        ("review", "dan"),
    ):
        exit_code, said = team.refused(name, "gate", command, project)

        assert exit_code == refusals[name][0]
        assert refusals[name][1] in said
        assert "Passphrase" not in said


def test_whose_waiver_would_not_count_is_told_so_before_the_passphrase(team: Team) -> None:
    project = anyio.run(submitted_without_acceptance, team.agent())
    day = datetime.now(UTC).date().isoformat()
    words = ("missing_acceptance:REQ-001", "--until", day, "--reason", "It is plain.", "--project", project)

    exit_code, said = team.refused("cyd", "gate", "waive", *words)

    assert (exit_code, "another person must decide" in said, "Passphrase" in said) == (4, True, False)


def test_a_review_that_ended_while_somebody_read_is_told_before_the_passphrase(team: Team) -> None:
    project = team.asks_for_review()["project"]
    with team.at_terminal("ada", "gate", "review", project) as terminal:
        terminal.expect("words) [s]: ")
        team.signs("bob", "gate", "reject", project)
        terminal.enter("a")
        exit_code = terminal.finish()

    assert exit_code == 5
    assert "That review has ended" in squeezed(terminal.said)
    assert "Passphrase" not in terminal.said


@pytest.mark.slow
def test_a_change_that_needs_two_travels_as_a_file_and_the_second_puts_it_into_force(team: Team) -> None:
    cyd = team.approvers()["Cyd"]["approver"]
    proposing, said = team.signs("ada", "approver", "revoke", cyd)
    (file,) = team.home_of("ada").glob("vdw-revoke-*.json")
    still = team.approvers()["Cyd"]["until"]

    cosigning, _ = team.signs("bob", "approver", "cosign", str(file))

    assert (proposing, still, cosigning) == (0, None, 0)
    assert "1 more signature needed, by: Bob" in said
    assert f"vdw approver cosign {file.name}" in said
    assert team.approvers()["Cyd"]["until"] is not None
    for command in ("cosign", "submit"):
        exit_code, again = team.run("bob", "approver", command, str(file))
        assert (exit_code, "is in the trust log already" in again) == (4, True)
    exit_code, ended = team.run("cyd", "approver", "policy", "--quorum", "1")
    assert (exit_code, "was ended in the trust log" in ended) == (3, True)


def test_what_is_signed_is_shown_to_the_last_field_before_the_passphrase_is_asked_for(team: Team) -> None:
    file = team.proposes("ada", "policy", "--quorum", "1", "--self-approval")
    signed = json.loads(file.read_text("utf-8"))["statement"]

    with team.at_terminal("bob", "approver", "cosign", str(file)) as terminal:
        shown = terminal.expect("Passphrase: ")

    _, _, fields = shown.partition("every field of it:\n")
    assert json.JSONDecoder().raw_decode(fields)[0] == signed
    assert "quorum: 2 -> 1" in shown
    assert "self_approval: false -> true" in shown
    assert "signed by Ada" in shown


@pytest.mark.slow
def test_a_newcomer_is_enrolled_by_two_who_are_shown_the_key_and_then_decides(team: Team) -> None:
    request = team.joins("dan", root=team.root())
    early = team.run("dan", "approver", "policy", "--quorum", "1")
    file = team.proposes("ada", "enrol", str(request))
    _, said = team.signs("bob", "approver", "cosign", str(file))
    project = team.asks_for_review()["project"]

    decided, outcome = team.signs("dan", "gate", "approve", project)

    assert (early[0], "Your key is not enrolled yet" in early[1]) == (3, True)
    assert json.loads(request.read_text("utf-8"))["public_key"] in said
    assert (decided, "counted; 1 more" in outcome) == (0, True)


@pytest.mark.slow
def test_what_cannot_take_effect_is_refused_before_a_passphrase_is_asked_for(team: Team) -> None:
    cyd = team.approvers()["Cyd"]["approver"]
    file = team.proposes("ada", "revoke", cyd)
    again = team.run("ada", "approver", "cosign", str(file))
    too_few = team.run("bob", "approver", "submit", str(file))
    team.signs("bob", "approver", "cosign", str(team.proposes("ada", "policy", "--evidence", "reported")))

    moved_on = team.run("bob", "approver", "cosign", str(file))

    assert (again[0], too_few[0], moved_on[0]) == (4, 4, 6)
    assert "You have signed this already. 1 more signature needed, by: Bob" in again[1]
    assert "1 more signature needed, by: Bob" in too_few[1]
    assert f"propose it again: vdw approver revoke {cyd}" in moved_on[1]


def test_before_the_passphrase_it_says_whose_key_signs(team: Team) -> None:
    with team.at_terminal("bob", "approver", "policy", "--evidence", "reported") as terminal:
        shown = squeezed(terminal.expect("Passphrase: "))

    assert shown.endswith("You sign as Bob. ")


def test_whoever_shares_a_folder_with_another_signs_with_their_own_passphrase(team: Team) -> None:
    for sealed in (team.home_of("bob") / ".config/vdw/approvers").iterdir():
        sealed.rename(team.home_of("ada") / ".config/vdw/approvers" / sealed.name)

    for name in ("ada", "bob"):
        with team.at_terminal("ada", "approver", "policy", "--evidence", "reported") as terminal:
            terminal.answer("Whose key signs? One of Ada, Bob: ", name.capitalize())
            terminal.answer("Passphrase: ", PASSPHRASES[name])
            assert terminal.finish() == 0
        assert f"signed by {name.capitalize()}" in squeezed(terminal.said)


def test_in_a_shared_folder_nobody_signs_with_the_key_of_another_by_the_same_passphrase(team: Team) -> None:
    for sealed in (team.home_of("bob") / ".config/vdw/approvers").iterdir():
        sealed.rename(team.home_of("ada") / ".config/vdw/approvers" / sealed.name)

    with team.at_terminal("ada", "approver", "policy", "--evidence", "reported") as terminal:
        terminal.answer("Whose key signs? One of Ada, Bob: ", "Eve")
        terminal.answer("Whose key signs? One of Ada, Bob: ", "Bob")
        for _ in range(3):
            terminal.answer("Passphrase: ", PASSPHRASES["ada"])
        exit_code = terminal.finish()

    assert exit_code == 4
    assert "signed by" not in terminal.said


@pytest.mark.slow
def test_a_new_key_takes_the_place_of_an_old_one_once_two_have_signed_it(team: Team) -> None:
    old = team.approvers()["Cyd"]["approver"]
    (team.home_of("cyd") / ".config/vdw/approvers").rename(team.home_of("cyd") / "lost")
    with team.at_terminal("cyd", "approver", "join", "Cyd") as terminal:
        terminal.answer("Passphrase: ", PASSPHRASES["cyd"])
        terminal.answer("Once more: ", PASSPHRASES["cyd"])
        assert terminal.finish() == 0
    (new,) = (team.home_of("cyd") / ".config/vdw/approvers").iterdir()
    request = team.home_of("cyd") / f"vdw-join-{new.stem.rpartition('.')[2]}.json"

    file = team.proposes("ada", "replace", old, str(request))
    exit_code, said = team.signs("bob", "approver", "cosign", str(file))

    listed = json.loads(vdw(team.environment_of("ada"), "approver", "list", "--json").stdout)
    assert (exit_code, "Give Cyd a new key" in said) == (0, True)
    assert json.loads(request.read_text("utf-8"))["public_key"] in said
    assert [row["until"] is None for row in listed if row["person"] == "Cyd"] == [False, True]
    assert team.signs("cyd", "approver", "policy", "--evidence", "reported")[0] == 0


def test_an_agent_belongs_to_whom_a_person_names_and_to_nobody_unasked(team: Team) -> None:
    set_up = ("init", "--client", "claude-code", "--yes")
    unasked = [team.run("bob", *command) for command in (("key", "create", "runner"), set_up)]
    made = (team.home_of("bob") / ".mcp.json").exists()
    with team.at_terminal("bob", *set_up) as terminal:
        terminal.answer("One of Ada, Bob, Cyd: ", "Bob")
        asked = terminal.finish()
    named = team.run("bob", "key", "create", "runner", "--kind", "runner", "--owner", "Cyd")

    assert [exit_code for exit_code, _ in unasked] == [2, 2]
    assert all("Name one as --owner: Ada, Bob, Cyd" in said for _, said in unasked)
    assert (made, asked, named[0]) == (False, 0, 0)
    rows = json.loads(vdw(team.environment_of("bob"), "key", "list", "--json").stdout)
    assert [(row["name"], row["owner"]) for row in rows[1:]] == [("claude-code", "Bob"), ("runner", "Cyd")]


def test_a_clients_file_that_holds_the_key_of_one_persons_agent_is_not_taken_for_anothers(team: Team) -> None:
    set_up = ("init", "--client", "claude-code", "--yes")
    first = team.run("bob", *set_up, "--owner", "Bob")
    before = (team.home_of("bob") / ".mcp.json").read_bytes()
    again, others = team.run("bob", *set_up), team.run("bob", *set_up, "--owner", "Cyd")

    assert [exit_code for exit_code, _ in (first, again, others)] == [0, 0, 3]
    assert "claude-code is set up already, for an agent of Bob: " in again[1]
    assert "vdw: The client is set up here already, for an agent of Bob." in others[1]
    assert (team.home_of("bob") / ".mcp.json").read_bytes() == before


def test_nobody_types_a_passphrase_where_nothing_can_be_written(team: Team) -> None:
    locked = team.folder / "locked"
    locked.mkdir(mode=0o500)
    for words in (("approver", "join", "Bob"), ("approver", "policy", "--quorum", "1")):
        with Terminal(team.environment_of("bob"), *words, folder=locked, before=as_nobody()) as terminal:
            exit_code = terminal.finish()
        assert exit_code == 3
        assert squeezed(terminal.said).startswith(f"vdw: {locked} cannot be written")
        assert "Passphrase" not in terminal.said


def test_without_the_root_from_an_approver_nobody_joins_and_nothing_pins_it(origin: Team, tmp_path: Path) -> None:
    environment = home(tmp_path, VDW_DATA=str(origin.folder / "store"))

    without, wrong = (vdw(environment, "approver", "join", "Eve", *more) for more in ((), ("--root", "0" * 64)))
    set_up = [vdw(environment, "init", *more).returncode for more in ((), ("--client", "cursor", "--yes"))]

    assert (without.returncode, wrong.returncode, set_up) == (3, 3, [3, 3])
    assert "join NAME --root ROOT" in squeezed(without.stderr)
    assert "does not rest on the root that you gave" in wrong.stderr
    assert not (tmp_path / ".config").exists()


@pytest.mark.slow
def test_where_a_refounding_leaves_nobody_who_may_approve_it_is_said_with_what_mends_it(team: Team) -> None:
    team.asks_for_review()
    for name in ("ada", "bob", "cyd"):
        shutil.rmtree(team.home_of(name) / ".config" / "vdw" / "approvers", ignore_errors=True)

    with team.at_terminal("cyd", "approver", "refound", "--name", "Cyd") as terminal:
        terminal.answer("Type refound to go on: ", "refound")
        terminal.answer("Passphrase: ", PASSPHRASES["cyd"])
        terminal.answer("Once more: ", PASSPHRASES["cyd"])
        assert terminal.finish() == 0, terminal.said
    told = {"refound": squeezed(terminal.said), "doctor": team.run("cyd", "doctor")[1]}
    told["policy"] = team.run("cyd", "approver", "policy")[1]
    mended = team.signs("cyd", "approver", "policy", "--quorum", "1", "--self-approval")

    assert [
        view for view, said in told.items() if "only others may approve, so it will never get 1 approval" not in said
    ] == []
    assert [view for view, said in told.items() if "approver policy --quorum 1 --self-approval" not in said] == []
    assert mended[0] == 0, mended[1]
    assert "gates: approvers are enough" in team.run("cyd", "doctor")[1]
    with team.at_terminal("cyd", "gate", "review") as review:
        review.answer("words) [s]: ", "a")
        review.answer("Passphrase: ", PASSPHRASES["cyd"])
        review.expect("Signed, log entry")
        assert review.finish() == 0, review.said
