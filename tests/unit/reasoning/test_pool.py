"""Workers: what ends them, what they hold, and that the next job never notices."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.reasoning.sketch import sound
from vdw.domain.ids import ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.reasoning.engine import Turn
from vdw.reasoning.pool import WorkerPool
from vdw.reasoning.program import Program
from vdw.reasoning.service import Reasoner

GOOD = Program("p(1). p(2). q(X) :- p(X). canary(7, 2). checked(7, 1).", 7, {"q": 1}, {"p": 2})
ENDLESS = Program("n(1). n(Y) :- n(X), Y = fn:plus(X, 1).", 7, {}, {})
REFUSED = Program("p(1) q(", 7, {}, {})
PANICKING = Program('p("größe\\nx").', 7, {"p": 1}, {})
GREEDY = Program("\n".join(f"p_{n % 100}({n},{n},{n},{n})." for n in range(100_000)), 7, {}, {})
"""Some 150 MB: 1.3 kB and more a fact."""


def turn(*, run_left: float = 60, wait_left: float = 60, retries_left: int = 0) -> Turn:
    return Turn(ProjectId("prj_example"), run_left, wait_left, retries_left)


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool()
    yield pool
    await pool.close()


def pids(pool: WorkerPool) -> list[int]:
    return [worker._running.process.pid for worker in pool._workers if worker._running]


async def require_works(pool: WorkerPool) -> None:
    answer = await pool.run(GOOD, turn())
    assert answer.rows["q"] == [[1], [2]]
    assert answer.counts == {"p": 2}


async def refusal(pool: WorkerPool, program: Program, its_turn: Turn) -> VdwError:
    with pytest.raises(VdwError) as refused:
        await pool.run(program, its_turn)
    assert refused.value.code is ErrorCode.NO_VERDICT
    return refused.value


async def test_a_program_that_never_ends_is_killed_at_its_deadline_and_the_next_one_works(pool: WorkerPool) -> None:
    await refusal(pool, ENDLESS, turn(run_left=0.2))

    assert pids(pool) == []
    await require_works(pool)


async def test_a_killed_workers_program_is_tried_once_more(pool: WorkerPool) -> None:
    its_turn = turn(run_left=0.2, retries_left=1)
    await refusal(pool, ENDLESS, its_turn)

    assert its_turn.retries_left == 0
    await require_works(pool)


async def test_a_worker_that_died_in_between_is_replaced_without_a_word(pool: WorkerPool) -> None:
    await require_works(pool)
    os.kill(pids(pool)[0], signal.SIGKILL)

    answer = await pool.run(GOOD, turn(retries_left=1))

    assert answer.rows["q"] == [[1], [2]]


async def test_a_program_that_the_engine_refuses_is_no_verdict_and_its_words_stay_inside(pool: WorkerPool) -> None:
    refused = await refusal(pool, REFUSED, turn(retries_left=1))

    assert "expected" in refused.reason
    assert "expected" not in refused.public
    await require_works(pool)


async def test_a_panic_of_the_engine_ends_the_worker_and_is_no_verdict(pool: WorkerPool) -> None:
    await refusal(pool, PANICKING, turn())

    assert pids(pool) == []
    await require_works(pool)


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of address space")
async def test_a_program_that_takes_too_much_memory_ends_its_worker_alone() -> None:
    pool = WorkerPool(memory_bytes=100 * 1024 * 1024)
    try:
        await refusal(pool, GREEDY, turn())
        await require_works(pool)
    finally:
        await pool.close()


async def test_the_kernel_ends_a_worker_that_nobody_kills() -> None:
    pool = WorkerPool(cpu_seconds=1)
    try:
        await refusal(pool, ENDLESS, turn(run_left=600))
        await require_works(pool)
    finally:
        await pool.close()


async def test_a_caller_that_gives_up_takes_its_worker_with_it(pool: WorkerPool) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await pool.run(ENDLESS, turn())

    assert pids(pool) == []
    await require_works(pool)


async def test_a_pool_that_was_closed_starts_again(pool: WorkerPool) -> None:
    await require_works(pool)
    await pool.close()
    await pool.close()

    assert pids(pool) == []
    await require_works(pool)


async def test_closing_ends_what_runs_and_what_waits_and_starts_nothing_again(pool: WorkerPool) -> None:
    jobs = [asyncio.ensure_future(refusal(pool, ENDLESS, turn(run_left=600, retries_left=1))) for _ in range(3)]
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(pids(pool)) == 2

    await pool.close()

    await asyncio.gather(*jobs)
    assert pids(pool) == []
    await require_works(pool)


def test_nothing_is_started_before_the_first_verdict_and_then_only_what_it_needs() -> None:
    pool = WorkerPool()
    reasoner = Reasoner(engine=pool)
    assert pids(pool) == []

    async def verdict() -> None:
        await reasoner.evaluate(sound().facts())
        assert len(pids(pool)) == 1
        await reasoner.close()

    asyncio.run(verdict())


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_one_reasoner_serves_one_event_loop_after_another(loop: str) -> None:
    reasoner = Reasoner()
    factory = None if loop == "asyncio" else pytest.importorskip("uvloop").new_event_loop
    for version in (1, 2):
        with asyncio.Runner(loop_factory=factory) as runner:
            facts = sound().add("REQ-001", version=version).facts()
            assert runner.run(reasoner.evaluate(facts)).allowed is (version == 1)
    asyncio.run(reasoner.close())


def held_by(pid: int) -> tuple[list[str], bytes, str]:
    """What the process has open, its environment, its folder."""
    process = Path(f"/proc/{pid}")
    held = sorted(str(entry.readlink()).partition(":")[0] for entry in (process / "fd").iterdir())
    return held, (process / "environ").read_bytes(), str((process / "cwd").readlink())


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="/proc")
async def test_a_worker_holds_nothing_of_its_parent(pool: WorkerPool, tmp_path: Path) -> None:
    ours = os.open(tmp_path / "store.db", os.O_CREAT | os.O_RDWR)
    os.set_inheritable(ours, True)
    await require_works(pool)
    (pid,) = pids(pool)

    assert held_by(pid) == (["/dev/null"] * 3 + ["pipe", "socket"], b"", "/")
    assert os.getsid(pid) == pid != os.getsid(0)
    os.close(ours)


ORPHAN = """
import asyncio
from tests.unit.reasoning.test_pool import ENDLESS, GOOD, WorkerPool, pids, turn

async def main() -> None:
    pool = WorkerPool()
    await pool.run(GOOD, turn())
    job = asyncio.ensure_future(pool.run(ENDLESS, turn()))
    await asyncio.sleep(0)
    print(pids(pool)[0], flush=True)
    await job

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="pidfd")
def test_a_worker_in_the_midst_of_a_program_ends_with_its_parent_even_by_kill_9() -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, env={"PYTHONPATH": path}, text=True
    ) as parent:
        assert parent.stdout is not None
        worker = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()

        assert parent.stdout.read() == ""
        ended, _, _ = select.select([worker], [], [], 30)
        os.close(worker)
        assert ended
