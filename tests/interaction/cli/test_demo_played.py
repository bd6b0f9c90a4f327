"""The demo, played whole: what it shows comes true, and what it leaves behind proves itself to a stranger."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.interaction.cli.terminal import home, vdw

STORY = [
    "agent create_project: read in the vibe: 4 requirements",
    "request_review refused: No review can open: 4 blocking findings.",
    "human approves mood",
    "human approves architecture",
    "human approves specification",
    "server EVD-001: failed, trust run",
    "server EVD-002: passed, trust run",
    "human approves implementation",
    "server blocks: EVD-001 failed for REQ-002.",
    "human approves validation",
    "server the project is completed, verified: yes",
    "agent iteration 2: REQ-001 is changed",
    "server stale now, until somebody says that they are still right: CMP-001",
    "demo vdw verify-export: PASS",
    "demo vdw verify-export: FAIL: artifacts/mood.md: has other bytes than were exported",
    "demo the bit is put back: PASS",
]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demo of the sample, and what it said."""
    folder = tmp_path_factory.mktemp("played")
    tools = folder / "bin"  # a shell that does not find `vdw`, as after a clone
    tools.mkdir()
    for tool in ("git", "python3"):
        (tools / tool).symlink_to(str(shutil.which(tool)))
    done = vdw(home(folder, PATH=str(tools), COLUMNS="200"), "demo", "--out", "out", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


def test_it_tells_the_story_in_order(played: tuple[Path, str]) -> None:
    at = 0
    for line in STORY:
        found = " ".join(played[1].split()).find(line, at)
        assert found >= at, line
        at = found


def test_it_ends_with_commands_that_the_visitors_shell_finds(played: tuple[Path, str]) -> None:
    folder, said = played
    *_, begin, look = said.strip().splitlines()
    (program, *started), (same, *looked) = begin.split(), look.split()

    assert started[:3] == ["init", "--client", "claude-code"]
    assert looked[:4] == ["serve", "--demo", "--data", "out/store"]
    assert program == same
    assert shutil.which(program, path=str(folder)) or (folder / program).exists()


def test_a_stranger_verifies_its_export_with_the_pinned_root_alone(played: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = played
    shutil.copytree(folder / "out/export", tmp_path / "export")
    trust = str(folder / "out/trust.json")

    sound = vdw(home(tmp_path), "verify-export", str(tmp_path / "export"), "--trust", trust)
    (tmp_path / "export/vibe.md").write_bytes(b"something else")
    forged = vdw(home(tmp_path), "verify-export", str(tmp_path / "export"), "--trust", trust)

    assert (sound.returncode, forged.returncode) == (0, 7)
    assert "PASS" in sound.stdout
    assert "FAIL" in forged.stdout


@pytest.mark.slow
def test_a_text_of_ones_own_is_taken_through_the_light_lane(tmp_path: Path) -> None:
    (tmp_path / "vibe.md").write_text("A calm list. It must show what expires. It must never send mail.", "utf-8")

    done = vdw(home(tmp_path), "demo", "--out", "out", "--vibe", "vibe.md", "--lane", "light", folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "REQ-001  It must show what expires." in done.stdout
    assert "server the project is completed, verified: yes" in done.stdout
    assert "PASS" in done.stdout
