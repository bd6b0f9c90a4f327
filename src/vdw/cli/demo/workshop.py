"""The code that the demo builds: a small repository of its own, with real commits and real tests."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

from vdw.errors import ErrorCode, VdwError

REPOSITORY = "demo"
Json = dict[str, Any]
_IDENTITY = ("-c", "user.name=demo agent", "-c", "user.email=agent@demo.invalid", "-c", "commit.gpgsign=false")


class Workshop:
    """A git repository below the demo's folder, where the agent writes its program and the runner runs its tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._git = require_git()

    def found(self) -> None:
        self.folder.mkdir(parents=True)
        self._run("init", "--quiet", "--initial-branch=main")
        (self.folder / ".gitignore").write_text("junit.xml\n__pycache__/\n", "utf-8")
        self._copy("run_tests.py", "run_tests.py")

    def write_pantry(self, *, mended: bool) -> None:
        """The sample's own program; its first form forgets to sort."""
        self._copy("pantry_mended.py" if mended else "pantry_first.py", "pantry.py")
        self._copy("test_pantry.py", "test_pantry.py")

    def write_generated(self, requirements: list[Json], *, missing: str) -> None:
        """For a visitor's own vibe: a module with one function a requirement, but `missing`, and a test for each."""
        names = [str(requirement["id"]) for requirement in requirements]
        functions = [
            f"def {_name(item)}():\n    return {str(requirement['statement'])!r}\n"
            for item, requirement in zip(names, requirements, strict=True)
            if item != missing
        ]
        (self.folder / "product.py").write_text(
            '"""Placeholder product of the demo."""\n\n\n' + "\n\n".join(functions), "utf-8"
        )
        tests = "\n".join(
            f"    def test_{_name(item)}_is_there(self):\n        self.assertTrue(product.{_name(item)}())\n"
            for item in names
        )
        (self.folder / "test_product.py").write_text(
            f"import unittest\n\nimport product\n\n\nclass ProductTest(unittest.TestCase):\n{tests}", "utf-8"
        )

    def commit(self, words: str) -> str:
        """Commits everything and returns the commit."""
        self._run("add", "--all")
        self._run(*_IDENTITY, "commit", "--quiet", "--message", words)
        return self._run("rev-parse", "HEAD")

    def files(self) -> list[Json]:
        """Every tracked file, as a change set lists it."""
        found = []
        for name in self._run("ls-files").splitlines():
            body = (self.folder / name).read_bytes()
            found.append({"path": name, "sha256": hashlib.sha256(body).hexdigest(), "lines": body.count(b"\n")})
        return found

    def _copy(self, sample: str, name: str) -> None:
        (self.folder / name).write_text(sample_text(sample), "utf-8")

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(  # a fixed program, no shell
            [self._git, *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise VdwError(
                ErrorCode.CONFIGURATION,
                "git did not do its part of the demo.",
                "See what it said with VDW_DEBUG=1.",
                reason=done.stderr,
            )
        return done.stdout.strip()


def require_git() -> str:
    """The path of git. Raises `VdwError` (configuration) without it."""
    git = shutil.which("git")
    if git is None:
        raise VdwError(
            ErrorCode.CONFIGURATION, "git is not installed, and the demo makes real commits.", "Install git."
        )
    return git


def sample_text(name: str) -> str:
    return (files("vdw.cli.demo") / "sample" / name).read_text("utf-8")


def _name(requirement: str) -> str:
    return requirement.lower().replace("-", "_")
