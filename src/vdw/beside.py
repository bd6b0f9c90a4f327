"""Work beside the event loop, so that everybody else's calls go on.

Small work runs where it is, large work in a few threads of its own, and work whose size shows only in doing it in many
others: so a small command never stands behind the large ones of others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

MANY_ELEMENTS: Final = 500
"""Elements from which on work goes into a thread, where the interpreter turns to others every 5 ms. Reading, revising
and planning take some 10 to 30 µs an element, changing threads some 100 µs."""

LARGE_THREADS: Final = 2
"""For work that is known to be large. The interpreter runs one thread at a time, so that more at once make all of it
slower; two let a middling piece pass one of the largest."""

UNSIZED_THREADS: Final = 32
"""For work that may be large and mostly is not. More than are called at once on one machine."""

_large = ThreadPoolExecutor(LARGE_THREADS, "vdw-large")
_unsized = ThreadPoolExecutor(UNSIZED_THREADS, "vdw-unsized")


async def beside(elements: int, work: Callable[[], T]) -> T:
    """What `work` over so many elements returns or raises; many are worked over in a thread."""
    if elements < MANY_ELEMENTS:
        return work()
    return await asyncio.get_running_loop().run_in_executor(_large, work)


async def beside_unsized(work: Callable[[], T]) -> T:
    """What `work` returns or raises, always in a thread: for work of which nothing says before how large it is."""
    return await asyncio.get_running_loop().run_in_executor(_unsized, work)
