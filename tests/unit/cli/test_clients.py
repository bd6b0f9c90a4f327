"""What `vdw init` writes into a client's file: our server, and nothing else of it."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from vdw.cli.clients import CLIENTS, apply, plan, present_key, require_client
from vdw.domain.secret import Secret
from vdw.errors import ErrorCode, VdwError

KEY = Secret("vdw_local_id_secretsecret")
OTHER = Secret("vdw_local_id_othersecret")
CLAUDE = CLIENTS["claude-code"]


@pytest.mark.parametrize(
    ("name", "path", "servers"),
    [
        ("claude-code", ".mcp.json", "mcpServers"),
        ("cursor", ".cursor/mcp.json", "mcpServers"),
        ("vscode", ".vscode/mcp.json", "servers"),
    ],
)
def test_each_client_gets_the_server_where_it_looks(name: str, path: str, servers: str, tmp_path: Path) -> None:
    apply(plan(CLIENTS[name], tmp_path, KEY, {"VDW_DATA": "/data"}))

    entry = json.loads((tmp_path / path).read_text("utf-8"))[servers]["vdw"]
    assert entry["env"] == {"VDW_DATA": "/data", "VDW_KEY": KEY.reveal()}
    assert entry["args"][-1] == "mcp"
    assert stat.S_IMODE((tmp_path / path).stat().st_mode) == 0o600


def test_other_servers_and_settings_stay(tmp_path: Path) -> None:
    others = {"mcpServers": {"grep": {"command": "grep"}}, "theme": "d\u00e4mmerig"}
    (tmp_path / ".mcp.json").write_text(json.dumps(others), "utf-8")
    apply(plan(CLAUDE, tmp_path, KEY, {}))

    after = json.loads((tmp_path / ".mcp.json").read_text("utf-8"))
    assert after["theme"] == others["theme"]
    assert after["mcpServers"]["grep"] == {"command": "grep"}


def test_a_file_that_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").write_text("{}", "utf-8")
    (tmp_path / ".mcp.json").chmod(0o644)
    (tmp_path / ".mcp.json.vdw-new").write_text("", "utf-8")
    apply(plan(CLAUDE, tmp_path, KEY, {}))

    assert stat.S_IMODE((tmp_path / ".mcp.json").stat().st_mode) == 0o600


def test_the_same_plan_again_changes_nothing(tmp_path: Path) -> None:
    apply(plan(CLAUDE, tmp_path, KEY, {}))

    assert plan(CLAUDE, tmp_path, present_key(CLAUDE, tmp_path), {}).diff == ""


def test_the_diff_hides_the_new_key_and_the_old_one(tmp_path: Path) -> None:
    apply(plan(CLAUDE, tmp_path, OTHER, {}))
    diff = plan(CLAUDE, tmp_path, KEY, {}).diff

    assert '-        "VDW_KEY": "vdw_…1"' in diff
    assert '+        "VDW_KEY": "vdw_…2"' in diff
    assert "secret" not in diff


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '"text"',
        "// comment\n{}",
        '{"mcpServers": []}',
        '{"mcpServers": null}',
        "\ufeff{}",
        '{"mcpServers": {"grep": {}}, "mcpServers": {}}',
        '{"mcpServers": {"grep": {"env": {"A": "1", "A": "2"}}}}',
        '{"weight": 1e400}',
        '{"weight": NaN}',
        '{"weight": 123456789012345678901}',
        '{"weight": 1.00000000000000000001}',
        '{"theme": "\\ud800"}',
        '{"\\udc00": 1}',
        '{"weight": ' + "9" * 5000 + "}",
        '{"deep": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=lambda text: text[:40],
)
def test_a_file_that_cannot_be_extended_is_refused_and_stays(text: str, tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").write_text(text, "utf-8")
    with pytest.raises(VdwError) as refused:
        plan(CLAUDE, tmp_path, KEY, {})

    assert refused.value.code is ErrorCode.CONFIGURATION
    assert (tmp_path / ".mcp.json").read_text("utf-8") == text


def test_a_file_that_cannot_be_read_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").mkdir()

    with pytest.raises(VdwError, match="cannot be read") as refused:
        plan(CLAUDE, tmp_path, KEY, {})

    assert refused.value.code is ErrorCode.CONFIGURATION


def test_numbers_stay_what_they_were(tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").write_text('{"a": 1, "b": -2.5, "c": 1E3, "d": 1.50}', "utf-8")
    apply(plan(CLAUDE, tmp_path, KEY, {}))

    after = (tmp_path / ".mcp.json").read_text("utf-8")
    assert [line.strip() for line in after.splitlines()[1:5]] == [
        '"a": 1,',
        '"b": -2.5,',
        '"c": 1000.0,',
        '"d": 1.5,',
    ]


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "mcp.json"
    target.parent.mkdir()
    target.write_text('{"theme": "dark"}', "utf-8")
    (tmp_path / ".mcp.json").symlink_to(Path("dotfiles/mcp.json"))
    apply(plan(CLAUDE, tmp_path, KEY, {}))

    assert (tmp_path / ".mcp.json").is_symlink()
    assert set(json.loads(target.read_text("utf-8"))) == {"theme", "mcpServers"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".mcp.json").symlink_to(".mcp.json")

    with pytest.raises(VdwError) as refused:
        plan(CLAUDE, tmp_path, KEY, {})
    assert refused.value.code is ErrorCode.CONFIGURATION


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".cursor").write_text("no folder", "utf-8")
    with pytest.raises(VdwError, match=r"\.cursor/mcp\.json"):
        apply(plan(CLIENTS["cursor"], tmp_path, KEY, {}))


def test_the_client_starts_the_vdw_that_is_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "vdw"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr(sys, "argv", [str(program)])
    apply(plan(CLAUDE, tmp_path, KEY, {}))

    entry = json.loads((tmp_path / ".mcp.json").read_text("utf-8"))["mcpServers"]["vdw"]
    assert (entry["command"], entry["args"]) == (str(program), ["mcp"])


def test_an_unknown_client_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(VdwError, match="claude-code, cursor, vscode"):
        require_client("emacs")
