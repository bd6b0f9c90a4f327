"""The servers that a load runs against, each a child process that is stopped at the end, and the memory they take."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEERS_PYTHON = ROOT / ".peers" / "bin" / "python"
STOP_S = 20
_VARIABLES = {"data_dir": "VDW_DATA", "config_dir": "VDW_CONFIG_DIR", "trust_file": "VDW_TRUST"}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its `host` with its port, and what a caller has to bring."""

    host: str
    process: subprocess.Popen[str]
    token: str = ""

    def rss_mb(self) -> float:
        """Resident memory of the process and its children, in MB; pages that they share count once for each."""
        return sum(map(_rss_kb, _family(self.process.pid))) / 1000


@contextlib.contextmanager
def ours(places: Mapping[str, str | None], token: str, log: Path) -> Iterator[Server]:
    """`vdw serve` over a demo's store."""
    settings = {_VARIABLES[name]: place for name, place in places.items() if place}
    command = [sys.executable, "-m", "vdw", "serve", "--demo", "--port", "0"]
    with _running(command, settings, log) as (process, told):
        found = re.search(r"http://([\w.]+:\d+)", told)
        assert found, f"vdw serve said {told!r}; see {log}"
        yield Server(found[1], process, token)


@contextlib.contextmanager
def contender(
    module: str, *arguments: str, log: Path, python: Path = Path(sys.executable), token: str = ""
) -> Iterator[Server]:
    """One of `bench.load.contenders`."""
    command = [str(python), "-m", f"bench.load.contenders.{module}", *arguments]
    with _running(command, {}, log) as (process, told):
        assert told.strip().isdigit(), f"{module} said {told!r}; see {log}"
        yield Server(f"127.0.0.1:{told.strip()}", process, token)


@contextlib.contextmanager
def _running(
    command: Sequence[str], settings: Mapping[str, str], log: Path
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VDW_", "PYTHON"))}
    environment = {**kept, **settings, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    with log.open("ab") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.terminate()
        try:
            process.communicate(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    below = children.read_text("ascii").split() if children.exists() else []
    return [pid, *(each for child in below for each in _family(int(child)))]


def _rss_kb(pid: int) -> int:
    try:
        found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"), re.MULTILINE)
    except FileNotFoundError:  # it has just ended
        return 0
    return int(found[1]) if found else 0
