"""What a running server's process grows by: Linux tells it in /proc."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.interaction.servers import Served

MAX_GROWTH_KIB = 4 * 1024
"""What some thousands of requests may add to the process's memory: a kilobyte for each of 5,000 would be seen.
Measured: 60 KiB at most."""


def growth(served: Served, before: Callable[[], None], measured: Callable[[], None]) -> int:
    """KiB that the process has grown by while it was measured."""
    before()
    began = resident(served)
    measured()
    return resident(served) - began


def resident(served: Served) -> int:
    status = Path(f"/proc/{served.process.pid}/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
