"""Programs that a test needs and that no wheel brings. `make system` installs them."""

from __future__ import annotations

import shutil

import pytest


def require_tool(name: str) -> str:
    """The path of the program. Skips the test, naming what is missing, where there is none (see conftest)."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(name)
    return path
