"""What a run was measured on: the machine, its disk, and the versions of all that took part."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

from bench.load.rows import percentile
from bench.load.servers import PEERS_PYTHON
from vdw.store.sqlite.connection import connect

SYNCS = 200
PAGE_BYTES = 4096
SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}
OURS = ("vdw-orchestrator", "mcp", "uvicorn", "uvloop", "httptools", "starlette", "pydantic", "apsw", "mangle-py")
PEERS = ("fastmcp", "mcp", "pyjwt", "uvicorn", "uvloop", "httptools")
_ASKED = (
    "import importlib.metadata, json, sys; print(json.dumps({n: importlib.metadata.version(n) for n in sys.argv[1:]}))"
)


def describe_machine(folder: Path, store: Path) -> dict[str, str | float | int]:
    """`folder` lies on the disk that is measured; `store` is one that the product has made."""
    connection = connect(store, busy_s=1, read_only=True)
    synchronous = int(connection.pragma("synchronous"))
    connection.close()
    return {
        "cpu": _found(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo")) or platform.processor() or platform.machine(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "fdatasync_p50_ms": round(_fdatasync_p50_ms(folder), 3),
        "synchronous": SYNCHRONOUS[synchronous],
    }


def describe_versions(wrk: str | None) -> dict[str, str]:
    """A package of the peers' environment bears their name where ours has it as well."""
    own = {name: version(name) for name in OURS}
    told = subprocess.run(
        [str(PEERS_PYTHON), "-c", _ASKED, *PEERS], capture_output=True, check=True, text=True, env={}
    ).stdout
    theirs = {f"{name} (peers)" if name in own else name: found for name, found in json.loads(told).items()}
    return {**own, **theirs, **({"wrk": _wrk_version(wrk)} if wrk else {})}


def _wrk_version(wrk: str) -> str:
    """wrk tells it with a wrong exit code."""
    told = subprocess.run([wrk, "--version"], capture_output=True, check=False, text=True).stdout
    return told.removeprefix("wrk ").split(" ")[0]


def _fdatasync_p50_ms(folder: Path) -> float:
    """Of a page appended to a file and synced."""
    taken = []
    path = folder / "sync"
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(PAGE_BYTES))
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return percentile(taken, 50)


def _found(pattern: str, path: Path) -> str:
    found = re.search(pattern, path.read_text("utf-8"), re.MULTILINE) if path.exists() else None
    return found[1].strip() if found else ""
