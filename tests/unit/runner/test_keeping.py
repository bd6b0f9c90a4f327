"""Keeping the record of a run: there is a place for it before the tests begin, and none goes over another."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from vdw.errors import ErrorCode, VdwError
from vdw.runner.keeping import keep_record, kept_records, require_place


def nowhere() -> str:
    raise FileNotFoundError("No usable temporary directory found")


def test_a_run_that_could_be_kept_nowhere_does_not_begin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    require_place(tmp_path)

    with pytest.raises(VdwError) as refused:
        require_place(tmp_path / "gone")

    assert refused.value.code is ErrorCode.CONFIGURATION
    assert refused.value.next_step.endswith("nothing was run.")


def test_a_record_is_kept_beside_those_of_before(tmp_path: Path) -> None:
    kept = [keep_record({"project": name}, tmp_path) for name in ("one", "two", "three")]

    assert [path.name for path in kept] == ["vdw-evidence.json", "vdw-evidence-2.json", "vdw-evidence-3.json"]
    assert [json.loads(path.read_text("utf-8"))["project"] for path in kept] == ["one", "two", "three"]
    assert sorted(kept_records(tmp_path)) == sorted(tmp_path.iterdir()) == sorted(kept)


def test_a_record_that_could_not_be_written_leaves_nothing_beside_the_code(tmp_path: Path) -> None:
    (tmp_path / "vdw-evidence.json.new").mkdir()
    kept = keep_record({}, tmp_path)
    folder = kept.parent
    kept.unlink()
    folder.rmdir()

    assert (folder != tmp_path, kept_records(tmp_path)) == (True, [])
