"""Workers are given out in turn: project by project, and small programs never behind large ones alone."""

from __future__ import annotations

import asyncio

import pytest

from vdw.domain.ids import ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.desk import Desk
from vdw.reasoning.engine import SMALL_ROWS, Turn
from vdw.reasoning.worker import Worker

SMALL, LARGE = Worker(small_only=True), Worker(small_only=False)


def turn(project: str, *, wait_left: float = 60) -> Turn:
    return Turn(ProjectId(project), run_left=60, wait_left=wait_left)


async def settle() -> None:
    """Lets every task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_small_program_takes_the_small_worker_first_and_the_other_if_it_is_free() -> None:
    desk = Desk((SMALL, LARGE))

    assert await desk.take(turn("a"), SMALL_ROWS) is SMALL
    assert await desk.take(turn("a"), SMALL_ROWS) is LARGE


async def test_a_large_program_never_takes_the_small_worker() -> None:
    desk = Desk((SMALL, LARGE))
    assert await desk.take(turn("a"), SMALL_ROWS + 1) is LARGE

    with pytest.raises(VdwError) as refused:
        await desk.take(turn("b", wait_left=0), SMALL_ROWS + 1)

    assert refused.value.code is ErrorCode.BUSY
    assert await desk.take(turn("c"), SMALL_ROWS) is SMALL


async def test_projects_take_turns_however_much_one_of_them_asks() -> None:
    desk = Desk((LARGE,))
    served: list[str] = []

    async def one_program(project: str) -> None:
        worker = await desk.take(turn(project), SMALL_ROWS)
        served.append(project)
        await asyncio.sleep(0)
        desk.give_back(worker)

    first = await desk.take(turn("x"), SMALL_ROWS)
    jobs = [asyncio.ensure_future(one_program(project)) for project in "aaabbc"]
    await settle()
    desk.give_back(first)
    await asyncio.gather(*jobs)

    assert "".join(served) == "abcaba"


async def test_a_worker_goes_to_whom_it_may_serve_though_others_wait_longer() -> None:
    desk = Desk((SMALL, LARGE))
    small, _ = await desk.take(turn("x"), SMALL_ROWS), await desk.take(turn("x"), SMALL_ROWS)
    waiting_large = asyncio.ensure_future(desk.take(turn("a"), SMALL_ROWS + 1))
    await settle()
    waiting_small = asyncio.ensure_future(desk.take(turn("b"), SMALL_ROWS))
    await settle()

    desk.give_back(small)

    assert await waiting_small is SMALL
    assert not waiting_large.done()
    desk.give_back(LARGE)
    assert await waiting_large is LARGE


async def test_who_gives_up_loses_the_place_and_no_worker() -> None:
    desk = Desk((LARGE,))
    worker = await desk.take(turn("x"), SMALL_ROWS)
    impatient = asyncio.ensure_future(desk.take(turn("a"), SMALL_ROWS))
    patient = asyncio.ensure_future(desk.take(turn("b"), SMALL_ROWS))
    await settle()

    impatient.cancel()
    desk.give_back(worker)

    assert await patient is LARGE
    desk.give_back(LARGE)
    assert await desk.take(turn("c"), SMALL_ROWS) is LARGE


async def test_who_gives_up_in_the_moment_of_being_served_hands_the_worker_on() -> None:
    desk = Desk((LARGE,))
    worker = await desk.take(turn("x"), SMALL_ROWS)
    impatient = asyncio.ensure_future(desk.take(turn("a"), SMALL_ROWS))
    patient = asyncio.ensure_future(desk.take(turn("b"), SMALL_ROWS))
    await settle()

    desk.give_back(worker)
    impatient.cancel()

    assert await patient is LARGE
    assert impatient.cancelled()


async def test_waiting_is_counted_over_the_whole_turn() -> None:
    desk = Desk((LARGE,))
    worker = await desk.take(turn("x"), SMALL_ROWS)
    its_turn = turn("a")
    waiting = asyncio.ensure_future(desk.take(its_turn, SMALL_ROWS))
    await settle()
    desk.give_back(worker)
    await waiting

    assert its_turn.wait_left < 60
