"""Keeping the record of a run: there is a place for it before the tests begin."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from vdw.errors import ErrorCode, VdwError
from vdw.runner.keeping import require_place


def nowhere() -> str:
    raise FileNotFoundError("No usable temporary directory found")


def test_a_run_that_could_be_kept_nowhere_does_not_begin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    require_place(tmp_path)

    with pytest.raises(VdwError) as refused:
        require_place(tmp_path / "gone")

    assert refused.value.code is ErrorCode.CONFIGURATION
    assert refused.value.next_step.endswith("nothing was run.")
