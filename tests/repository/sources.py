"""The repository as the tests of its own rules see it: tracked files, and the product's modules as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.tools import require_tool

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "src/vdw/cli/demo/sample/"
"""The demo's small software: what a visitor's agent would write, not the product."""


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the product. `path` is relative to the repository."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")


def tracked_files() -> list[Path]:
    """Every file that git tracks and that is there."""
    git = require_tool("git")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@cache
def modules() -> tuple[Module, ...]:
    """The product's modules, by path."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(SAMPLE):
            text = path.read_text("utf-8")
            found.append(Module(name, text, ast.parse(text)))
    return tuple(found)
