"""A demo that cannot be played says so in one sentence before it begins, and touches nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.interaction.cli.terminal import as_nobody, home, vdw


def entries(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_without_git_it_does_not_begin(tmp_path: Path) -> None:
    done = vdw(home(tmp_path, PATH=str(tmp_path)), "demo")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "vdw: git is not installed, and the demo makes real commits.\n  Install git.\n"
    assert entries(tmp_path) == []


@pytest.mark.parametrize("hindrance", ["file", "read-only", "somebody's"])
def test_a_folder_that_it_cannot_have_is_named_and_left_alone(hindrance: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if hindrance == "file":
        out.write_text("mine", "utf-8")
    else:
        out.mkdir()
        (out / "mine.txt").write_text("mine", "utf-8")
        out = out / "demo-out" if hindrance == "read-only" else out
        (tmp_path / "out").chmod(0o500)
    before = entries(tmp_path)
    done = vdw(home(tmp_path), "demo", "--out", str(out), before=as_nobody())
    sentence, next_step = done.stderr.splitlines()

    assert (done.returncode, done.stdout) == (3, "")
    assert sentence.startswith(f"vdw: {out} ")
    assert "make demo OUT=FOLDER" in next_step
    assert entries(tmp_path) == before


def test_a_visitor_who_cannot_be_asked_decides_nothing(tmp_path: Path) -> None:
    done = vdw(home(tmp_path), "demo", "--interactive")

    assert done.returncode == 3
    assert "You decide the gates at a terminal; there is none." in done.stderr
    assert entries(tmp_path) == []


def test_an_earlier_demo_that_cannot_be_removed_is_named(tmp_path: Path) -> None:
    earlier = tmp_path / "demo-out"
    (earlier / "kept").mkdir(parents=True)
    (earlier / "kept" / "file").write_text("", "utf-8")
    (earlier / ".vdw-demo").write_text("", "utf-8")
    (earlier / "kept").chmod(0o500)
    done = vdw(home(tmp_path), "demo", before=as_nobody())
    shutil.rmtree(earlier)

    assert done.returncode == 3
    assert done.stderr.startswith(f"vdw: {earlier} cannot be written: permission denied.")
