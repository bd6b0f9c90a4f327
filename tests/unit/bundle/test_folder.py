"""The folder of an export: read within bounds and without ways out, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vdw.bundle.folder import MAX_DEPTH, read_folder, write_changed, write_folder
from vdw.bundle.layout import FILES, REPORT
from vdw.errors import ErrorCode, VdwError

EARLIER = {FILES: b"{}", REPORT: b"old", f"objects/{'a' * 64}": b"a"}
NEWER = {FILES: b"{}", REPORT: b"new"}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_folder(tmp_path / "export", EARLIER)

    assert read_folder(tmp_path / "export") == EARLIER


def test_an_earlier_export_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_folder(tmp_path / "export", EARLIER)

    write_folder(tmp_path / "export", NEWER)

    assert read_folder(tmp_path / "export") == NEWER
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


@pytest.mark.parametrize("foreign", ["notes.txt", ".git", "artifacts/notes.md", "objects/mine", "artifacts/mood.md/x"])
def test_a_folder_with_anything_of_anybody_elses_is_left_alone(tmp_path: Path, foreign: str) -> None:
    write_folder(tmp_path, EARLIER)
    (tmp_path / foreign).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / foreign).write_bytes(b"mine")

    with pytest.raises(VdwError) as caught:
        write_folder(tmp_path, NEWER)

    assert caught.value.code is ErrorCode.CONFIGURATION
    assert read_folder(tmp_path) == {**EARLIER, foreign: b"mine"}


def test_a_folder_that_is_no_export_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / REPORT).write_bytes(b"mine")

    with pytest.raises(VdwError):
        write_folder(tmp_path, NEWER)

    assert read_folder(tmp_path) == {REPORT: b"mine"}


def test_a_failed_write_leaves_the_earlier_export_as_it_was(tmp_path: Path) -> None:
    write_folder(tmp_path / "export", EARLIER)

    with pytest.raises(VdwError) as caught:
        write_folder(tmp_path / "export", {**NEWER, f"{REPORT}/below": b"a file is no folder"})

    assert caught.value.code is ErrorCode.CONFIGURATION
    assert read_folder(tmp_path / "export") == EARLIER
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_an_export_may_go_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write_folder(tmp_path / "link", NEWER)

    assert read_folder(tmp_path / "real") == NEWER
    assert (tmp_path / "link").is_symlink()


def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    (tmp_path / "inside").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "inside")

    assert "link is a link" in refusal(tmp_path)


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "up").symlink_to(tmp_path.parent, target_is_directory=True)

    assert "up is a link" in refusal(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "pipe is no regular file" in refusal(tmp_path)


def test_an_empty_folder_is_read_as_something_that_no_export_has(tmp_path: Path) -> None:
    write_folder(tmp_path / "export", NEWER)
    (tmp_path / "export" / "objects").mkdir()

    assert read_folder(tmp_path / "export") == {**NEWER, "objects/": b""}


def test_folders_in_folders_without_end_are_refused(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*("d" for _ in range(MAX_DEPTH + 1)))
    deep.mkdir(parents=True)
    (deep / "file").write_bytes(b"x")

    assert "deeper than an export goes" in refusal(tmp_path)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert "is not a folder" in refusal(tmp_path / "nothing")


def test_more_bytes_than_an_export_may_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "export", EARLIER)
    monkeypatch.setattr("vdw.bundle.folder.MAX_TOTAL_BYTES", 5)

    assert "more bytes" in refusal(tmp_path / "export")


def test_more_files_than_an_export_may_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "export", EARLIER)
    monkeypatch.setattr("vdw.bundle.folder.MAX_ENTRIES", 2)

    assert "more files" in refusal(tmp_path / "export")


def test_only_what_changed_is_written_and_all_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_bytes(b"mine")
    first = write_changed(tmp_path, {"mood.md": b"a", "mood.json": b"{}"})

    second = write_changed(tmp_path, {"mood.md": b"b", "mood.json": b"{}"})

    assert (first, second) == (("mood.md", "mood.json"), ("mood.md",))
    assert read_folder(tmp_path) == {"code.py": b"mine", "mood.md": b"b", "mood.json": b"{}"}


def refusal(folder: Path) -> str:
    with pytest.raises(VdwError) as caught:
        read_folder(folder)
    assert caught.value.code is ErrorCode.INVALID_INPUT
    return caught.value.public
