"""What a newcomer may meet in `make setup` is told in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.sources import ROOT

CLOSED_PORT = "http://127.0.0.1:9/simple"
"""The discard port: nothing listens there."""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What setup needs of a fresh checkout."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_python_that_is_too_old_is_named(checkout: Path) -> None:
    old = _python(checkout, "exit 1")  # as every Python before 3.11 does when it is asked for its version
    assert _complaint(checkout, PYTHON=old) == f"vdw setup: PYTHON={old} is not a Python 3.11 or newer."
    assert not (checkout / ".venv").exists()


def test_a_debian_python_without_venv_names_the_one_package_to_install(checkout: Path) -> None:
    (checkout / "sitecustomize.py").write_text(
        "import sys\nsys.modules['ensurepip'] = sys.modules['virtualenv'] = None\n"
    )
    bare = _python(checkout, f'PYTHONPATH="{checkout}" exec "{sys.executable}" "$@"')
    major, minor = sys.version_info[:2]
    assert _complaint(checkout, PYTHON=bare) == (
        f"vdw setup: {bare} cannot make virtual environments; on Debian: apt-get install python{major}.{minor}-venv"
    )


def test_a_package_index_out_of_reach_is_said_in_one_sentence(checkout: Path) -> None:
    complaint = _complaint(
        checkout, PYTHON=sys.executable, PIP_INDEX_URL=CLOSED_PORT, PIP_RETRIES="1", PIP_CONFIG_FILE=os.devnull
    )
    assert complaint == (
        "vdw setup: the package index cannot be reached; check network and proxy, then run it again "
        "(see .venv/setup.log)."
    )


def _python(folder: Path, script: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def _complaint(checkout: Path, **variables: str) -> str:
    """The last line of standard error of a setup that has to fail."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")} | variables
    run = subprocess.run(
        ["scripts/setup", "core"], cwd=checkout, env=environment, capture_output=True, check=False, text=True
    )
    assert run.returncode == 1
    return run.stderr.splitlines()[-1]
