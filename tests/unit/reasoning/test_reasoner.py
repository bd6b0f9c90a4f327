"""The reasoner at work: the caller's event loop goes on, and what did not change is not run again."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.reasoning.engines import EngineInProcess
from tests.unit.reasoning.sketch import Sketch, chain, sound
from vdw.beside import MANY_ELEMENTS
from vdw.domain.ids import ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.engine import Turn
from vdw.reasoning.pool import WorkerPool
from vdw.reasoning.service import Reasoner
from vdw.reasoning.slices import SLICE_SIZE


def large(requirements: int) -> Sketch:
    """Requirements first, so that their numbers follow each other, then the chain of each."""
    sketch = Sketch()
    names = [f"{number:05}" for number in range(1, requirements + 1)]
    sketch.add(*(f"REQ-{name}" for name in names))
    for name in names:
        chain(sketch, name).show(f"EVD-{name}", f"REQ-{name}")
    return sketch


async def test_the_event_loop_goes_on_during_a_verdict_over_10_000_requirements() -> None:
    facts = large(10_000).facts()
    assert facts.size > MANY_ELEMENTS
    reasoner = Reasoner(deadline_s=600)
    beats = 0

    async def heart() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    beating = asyncio.ensure_future(heart())
    try:
        assert (await reasoner.evaluate(facts)).allowed
    finally:
        beating.cancel()
        await reasoner.close()
    # Some two seconds of work. An evaluation or a plan in this thread would leave a handful.
    assert beats > 100


async def test_after_one_change_only_what_it_touches_is_run_again() -> None:
    engine = EngineInProcess()
    reasoner = Reasoner(engine=engine)
    sketch = large(4 * SLICE_SIZE)
    await reasoner.evaluate(sketch.facts())
    programs = len(engine.programs)

    verdict = await reasoner.evaluate(sketch.change("REQ-00007").facts())

    assert len(engine.programs) == programs + 2  # its slice, and what rests on it
    assert {finding.rule for finding in verdict.findings} == {"stale", "stale_basis"}


async def test_whoever_waits_too_long_hears_that_the_reasoner_is_busy() -> None:
    pool = WorkerPool()
    for _ in pool._workers:
        await pool._desk.take(Turn(ProjectId("other"), run_left=60, wait_left=60), rows=1)

    with pytest.raises(VdwError) as refused:
        await Reasoner(engine=pool, wait_s=0.05).evaluate(sound().facts())

    assert refused.value.code is ErrorCode.BUSY


async def test_many_projects_are_judged_at_once() -> None:
    reasoner = Reasoner()
    try:
        facts = [sound().add("REQ-001", acceptance=acceptance, version=1).facts() for acceptance in range(6)]
        verdicts = await asyncio.gather(*(reasoner.evaluate(each) for each in facts))
    finally:
        await reasoner.close()

    assert [verdict.allowed for verdict in verdicts] == [False, True, True, True, True, True]
