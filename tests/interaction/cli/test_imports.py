"""What starts quickly stays quick: the modules that a command must not load before it needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.interaction.cli.terminal import home

HEAVY_FOR_HELP = {"mcp", "pydantic", "rich", "cryptography", "apsw", "mangle", "starlette", "uvicorn", "asyncio"}
HEAVY_FOR_COMMAND_HELP = HEAVY_FOR_HELP - {"pydantic"}
"""Typer itself reads options with pydantic, before it sees a command's `--help`."""
HEAVY_FOR_STDIO = {"sqlalchemy", "mangle", "rich", "rfc8785", "defusedxml", "xkcdpass", "jinja2"}
"""Without uvicorn and cryptography, which the SDK brings in with any import of it."""
_AFTER_HELP = """
import sys
from vdw.app import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """Top-level modules in a child process when the command has ended; nothing comes in on standard input."""
    done = subprocess.run(
        [sys.executable, "-c", _AFTER_HELP, *arguments],
        env=home(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded(tmp_path, "--help") & HEAVY_FOR_HELP == set()


def test_the_help_of_a_command_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded(tmp_path, "gate", "approve", "--help") & HEAVY_FOR_COMMAND_HELP == set()


def test_stdio_loads_nothing_that_its_first_answer_does_not_need(tmp_path: Path) -> None:
    modules = loaded(tmp_path, "mcp")

    assert "mcp" in modules
    assert modules & HEAVY_FOR_STDIO == set()
