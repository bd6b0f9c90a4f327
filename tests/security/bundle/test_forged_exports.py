"""Whoever changes an export after it was signed, without any key: FAIL, by the name of the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.bundle.exports import Export, lay_out
from vdw.bundle.folder import read_folder
from vdw.bundle.layout import FILES, PROJECT, TRUST_LOG
from vdw.bundle.opened import BundleError, OpenedFiles
from vdw.bundle.verify import VerifyReport, verify_folder
from vdw.domain.canonical import JsonObject, JsonValue, canonical_bytes, digest_bytes, parse_object
from vdw.domain.fields import items, mapping, text

MANY = 10**6
LARGE = 20 * 1024**3
"""Bytes of a file with holes, which takes no room on the disk."""


@pytest.fixture(scope="module")
def laid(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the export in `export` and its pin beside it. Whoever changes a file puts it back."""
    folder = tmp_path_factory.mktemp("laid")
    assert export.verify(folder).verdict == "PASS"
    yield folder
    assert verify_folder(folder / "export", folder / "trust.json").verdict == "PASS"


@settings(max_examples=150, deadline=None)
@given(file=st.integers(0, MANY), position=st.integers(0, MANY), flip=st.integers(1, 255))
def test_any_changed_byte_of_any_file_fails_by_the_files_name(
    export: Export, laid: Path, file: int, position: int, flip: int
) -> None:
    path = sorted(export.files)[file % len(export.files)]
    body = bytearray(export.files[path])
    body[position % len(body)] ^= flip

    report = verified_with(export, laid, path, bytes(body))

    assert report.verdict == "FAIL"
    assert report.faults[0].startswith(f"{path}: ")


@pytest.mark.parametrize("name", ["tenant", "project", "source", "last_statement", "title"])
def test_another_word_in_the_project_is_told_of_the_project(export: Export, laid: Path, name: str) -> None:
    word = text(export.content.project[name])
    changed = canonical_bytes({**export.content.project, name: f"{word[:-1]}{'3' if word[-1] == '2' else '2'}"})

    assert verified_with(export, laid, PROJECT, changed).faults[0].startswith(f"{PROJECT}: ")


@pytest.mark.slow
def test_a_changed_bit_anywhere_in_the_project_is_told_of_the_project(export: Export, laid: Path) -> None:
    body = export.files[PROJECT]
    for position in range(len(body)):
        changed = body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]

        assert verified_with(export, laid, PROJECT, changed).faults[0].startswith(f"{PROJECT}: "), position


@pytest.mark.parametrize("path", [PROJECT, TRUST_LOG, FILES])
def test_a_field_of_another_shape_in_what_is_read_first_is_a_fault_and_no_crash(
    export: Export, laid: Path, path: str
) -> None:
    value = parse_object(export.files[path], max_bytes=len(export.files[path]))
    shapes: tuple[JsonValue, ...] = (None, 0, "", "x", [], [1], [{}], {}, {"a": None}, True)
    for name in value:
        for shape in shapes:
            report = verified_with(export, laid, path, canonical_bytes({**value, name: shape}))

            assert report.verdict == "FAIL"
            assert report.faults[0].startswith(f"{path}: ")


def test_any_file_removed_fails_by_its_name(export: Export, laid: Path) -> None:
    for path, body in export.files.items():
        (laid / "export" / path).unlink()
        report = verify_folder(laid / "export", laid / "trust.json")
        (laid / "export" / path).write_bytes(body)

        assert (report.verdict, report.faults) == ("FAIL", (f"{path}: is missing",))


def test_an_empty_folder_added_fails_by_its_name(export: Export, tmp_path: Path) -> None:
    lay_out(tmp_path / "export", export.files)
    (tmp_path / "export" / "more").mkdir()

    report = verify_folder(tmp_path / "export", pin_beside(export, tmp_path))

    assert report.faults == ("more/: is not in the signed list of files",)


@pytest.mark.parametrize("path", ["notes.txt", "artifacts/mood.md.bak", f"objects/{'0' * 64}", ".hidden"])
def test_any_file_added_fails_by_its_name(export: Export, tmp_path: Path, path: str) -> None:
    report = export.verify(tmp_path, {**export.files, path: b"more"})

    assert (report.verdict, report.faults) == ("FAIL", (f"{path}: is not in the signed list of files",))


def test_two_files_exchanged_fail(export: Export, tmp_path: Path) -> None:
    one, other = "artifacts/mood.md", "artifacts/validation.md"
    files = {**export.files, one: export.files[other], other: export.files[one]}

    report = export.verify(tmp_path, files)

    assert report.faults == (f"{one}: has other bytes than were exported",)


def log_with(export: Export, entries: list[object]) -> dict[str, bytes]:
    log = parse_object(export.files[TRUST_LOG], max_bytes=len(export.files[TRUST_LOG]))
    return {**export.files, TRUST_LOG: canonical_bytes({**log, "entries": entries})}


def entries_of(export: Export) -> list[JsonObject]:
    log = parse_object(export.files[TRUST_LOG], max_bytes=len(export.files[TRUST_LOG]))
    return [mapping(item) for item in items(log["entries"])]


def test_two_decisions_swapped_in_the_log_fail(export: Export, tmp_path: Path) -> None:
    entries = entries_of(export)
    entries[-1]["envelope"], entries[-2]["envelope"] = entries[-2]["envelope"], entries[-1]["envelope"]

    report = export.verify(tmp_path, log_with(export, [*entries]))

    assert report.verdict == "FAIL"
    assert report.faults[0].startswith(f"{TRUST_LOG}: The trust log does not verify")


def test_a_log_without_its_last_decision_lacks_the_pinned_head(export: Export, tmp_path: Path) -> None:
    report = export.verify(tmp_path, log_with(export, [*entries_of(export)[:-1]]))

    assert report.faults[0].startswith(f"{TRUST_LOG}: ")


def test_an_empty_log_fails(export: Export, tmp_path: Path) -> None:
    assert export.verify(tmp_path, log_with(export, [])).faults[0].startswith(f"{TRUST_LOG}: ")


def test_nothing_at_all_fails(export: Export, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()

    report = verify_folder(tmp_path / "nothing", pin_beside(export, tmp_path))

    assert report.faults == (f"{PROJECT}: is missing",)


def test_names_that_steer_a_terminal_are_shown_and_not_obeyed(export: Export, tmp_path: Path) -> None:
    report = export.verify(tmp_path, {**export.files, "a\x1b[2J\nPASS\u202e": b""})

    assert report.faults == ("a⟨U+001B⟩[2J PASS⟨U+202E⟩: is not in the signed list of files",)


def verified_with(export: Export, laid: Path, path: str, body: bytes) -> VerifyReport:
    """The verdict with one file changed, which is put back."""
    (laid / "export" / path).write_bytes(body)
    try:
        return verify_folder(laid / "export", laid / "trust.json")
    finally:
        (laid / "export" / path).write_bytes(export.files[path])


def pin_beside(export: Export, folder: Path) -> Path:
    (folder / "trust.json").write_bytes(export.pin)
    return folder / "trust.json"


@pytest.mark.parametrize("name", ["report.html", "sparse"])
def test_a_file_larger_than_memory_is_refused_unread(export: Export, tmp_path: Path, name: str) -> None:
    lay_out(tmp_path / "export", export.files)
    (tmp_path / "trust.json").write_bytes(export.pin)
    with (tmp_path / "export" / name).open("ab") as file:
        file.truncate(LARGE)

    (fault,) = verify_folder(tmp_path / "export", tmp_path / "trust.json").faults

    assert f"{name} is larger than a file of an export may be." in fault


def test_what_is_not_in_the_list_is_not_read(export: Export, tmp_path: Path) -> None:
    lay_out(tmp_path / "export", export.files)
    (tmp_path / "export" / "more").write_bytes(b"x" * 10)
    files = read_folder(tmp_path / "export")
    (tmp_path / "export" / "more").unlink()

    with pytest.raises(BundleError) as caught:
        OpenedFiles(files).require_listed({name: digest_bytes(body) for name, body in export.files.items()}, FILES)

    assert str(caught.value) == "more: is not in the signed list of files"


def test_a_file_that_grows_while_it_is_read_fails(export: Export, tmp_path: Path) -> None:
    lay_out(tmp_path / "export", export.files)
    files = read_folder(tmp_path / "export")
    with (tmp_path / "export" / PROJECT).open("ab") as file:
        file.write(b" ")

    with pytest.raises(BundleError) as caught:
        OpenedFiles(files).json(PROJECT)

    assert "changes while it is read" in str(caught.value)
