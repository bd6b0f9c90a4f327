"""Large work waits for large work alone; small work waits for nobody."""

from __future__ import annotations

import asyncio
import threading

from vdw.beside import LARGE_THREADS, MANY_ELEMENTS, UNSIZED_THREADS, beside, beside_unsized

WAIT_S = 20.0
"""Longest wait for another thread; only a test that fails waits so long."""


async def test_small_work_runs_where_it_is_and_large_work_in_a_thread() -> None:
    here = threading.get_ident()

    assert await beside(MANY_ELEMENTS - 1, threading.get_ident) == here
    assert await beside(MANY_ELEMENTS, threading.get_ident) != here
    assert await beside_unsized(threading.get_ident) != here


async def test_no_small_command_stands_behind_the_large_ones_of_others() -> None:
    begun, end = threading.Semaphore(0), threading.Event()

    def large() -> bool:
        begun.release()
        return end.wait(WAIT_S)

    works = [asyncio.create_task(beside(MANY_ELEMENTS, large)) for _ in range(LARGE_THREADS + UNSIZED_THREADS)]
    try:
        for _ in range(LARGE_THREADS):
            assert await asyncio.to_thread(begun.acquire, timeout=WAIT_S)
        answered = await asyncio.wait_for(beside_unsized(lambda: "a small answer"), WAIT_S)
    finally:
        end.set()

    assert answered == "a small answer"
    assert all(await asyncio.gather(*works))
