"""Work over many elements beside the event loop, so that everybody else's calls go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

MANY_ELEMENTS = 500
"""Elements from which on work goes into a thread, where the interpreter turns to others every 5 ms. Reading, revising and
planning take some 10 to 30 µs an element, changing threads some 100 µs."""


async def beside(elements: int, work: Callable[[], T]) -> T:
    """What `work` over so many elements returns or raises; many are worked over in a thread."""
    return work() if elements < MANY_ELEMENTS else await asyncio.to_thread(work)
