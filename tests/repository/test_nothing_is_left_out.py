"""The rule of `tests/conftest.py`, tried on a suite of its own: what is left out is named, or fails the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.sources import ROOT

SUITE = """
import pytest

def test_that_passes() -> None:
    pass

def test_that_lacks_something() -> None:
    pytest.skip("flux-capacitor")

@pytest.mark.slow
def test_that_takes_long() -> None:
    pass
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    (tmp_path / "test_suite.py").write_text(SUITE)
    return tmp_path


def test_what_was_skipped_is_named_at_the_end(suite: Path) -> None:
    run = _pytest(suite)
    assert run.returncode == 0
    assert "not verified here: flux-capacitor" in run.stdout.splitlines()


def test_what_was_skipped_fails_the_run_where_all_is_required(suite: Path) -> None:
    run = _pytest(suite, VDW_REQUIRE_ALL="1")
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "not verified here: flux-capacitor" in run.stdout.splitlines()


def test_a_slow_test_runs_only_when_asked_for(suite: Path) -> None:
    assert "1 passed, 1 skipped, 1 deselected" in _pytest(suite).stdout
    assert "2 passed, 1 skipped" in _pytest(suite, "--slow").stdout


def _pytest(suite: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "VDW_REQUIRE_ALL"} | variables
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=suite, env=environment, capture_output=True, check=False, text=True)
