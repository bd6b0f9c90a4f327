"""What starts quickly stays quick: the modules that a command must not load before it needs them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.interaction.cli.terminal import home
from tests.interaction.lines import HELLO, request
from tests.interaction.servers import Demo

HEAVY_FOR_HELP = {
    *("mcp", "pydantic", "rich", "cryptography", "apsw", "mangle", "starlette", "uvicorn", "asyncio"),
    "tomllib",  # only for whoever has a config.toml
}
HEAVY_FOR_COMMAND_HELP = HEAVY_FOR_HELP - {"pydantic"}
"""Typer itself reads options with pydantic, before it sees a command's `--help`."""
HEAVY_FOR_STDIO = {
    *("sqlalchemy", "mangle", "rich", "rfc8785", "defusedxml", "xkcdpass", "jinja2"),
    *("vdw.artifacts", "vdw.lifecycle", "vdw.reasoning", "vdw.trust"),
}
"""Without uvicorn and cryptography, which the SDK brings in with any import of it."""
BEGINNING = request("legacy", 1, "initialize", HELLO)
_STATE_AT_THE_END = """
import gc, json, sys
from vdw.app import main
try:
    main()
finally:
    state = {"modules": sorted(sys.modules), "collects": gc.isenabled(), "set_apart": gc.get_freeze_count()}
    print(json.dumps(state), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A child process when its command has ended. `set_apart`: objects that its collector leaves alone."""

    answer: bytes
    modules: frozenset[str]
    collects: bool
    set_apart: int


def ended(environment: Mapping[str, str], *arguments: str, given: bytes = b"") -> Ended:
    """What the command had loaded when it ended, `given` being all that came in on standard input."""
    done = subprocess.run(
        [sys.executable, "-c", _STATE_AT_THE_END, *arguments],
        env=environment,
        input=given,
        capture_output=True,
        check=True,
    )
    state = json.loads(done.stderr)
    return Ended(done.stdout, frozenset(state["modules"]), state["collects"], state["set_apart"])


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    assert ended(home(tmp_path), "--help").modules & HEAVY_FOR_HELP == set()


def test_the_help_of_a_command_loads_nothing_heavy(tmp_path: Path) -> None:
    assert ended(home(tmp_path), "gate", "approve", "--help").modules & HEAVY_FOR_COMMAND_HELP == set()


def test_stdio_loads_nothing_that_its_first_answer_does_not_need(demo: Demo) -> None:
    server = ended(demo.environment(demo.founded.agent_key), "mcp", "--demo", given=BEGINNING + b"\n")

    assert json.loads(server.answer)["result"]["serverInfo"]["name"] == "vdw"
    assert {"mcp", "apsw"} <= server.modules
    assert server.modules & HEAVY_FOR_STDIO == set()


def test_what_a_server_starts_with_is_not_looked_through_by_its_collector(demo: Demo) -> None:
    server = ended(demo.environment(demo.founded.agent_key), "mcp", "--demo")

    assert server.collects
    assert server.set_apart > len(server.modules)
