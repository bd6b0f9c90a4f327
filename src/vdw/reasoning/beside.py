"""Work over a large project beside the event loop, so that everybody else's calls go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from vdw.reasoning.facts import ProjectFacts

T = TypeVar("T")

LARGE_PROJECT = 10_000
"""Elements from which on work goes into a thread: below that a plan takes less than some 40 ms."""


async def beside(facts: ProjectFacts, work: Callable[[], T]) -> T:
    """What `work` returns; for a large project worked out in a thread."""
    return work() if facts.size < LARGE_PROJECT else await asyncio.to_thread(work)
