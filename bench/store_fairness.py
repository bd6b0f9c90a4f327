"""How fairly processes share the store's write lock: one writes without pause, others now and then.

Prints, for a busy process with one command under way and with many, what each process got and how long its slowest
write took, also as a multiple of the busy process's own median commit (reach: at most 20, beyond what the disk itself
stalls). Of the slowest write it says how much passed while some process was in its COMMIT, which is the disk's time;
and how slow the slowest is without that, which is the lock's. `disk` is a file of its own that a process syncs now and
then beside them, and the first table one bare connection, alone. At the end every acknowledged write is looked up
again.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import itertools
import multiprocessing
import multiprocessing.synchronize
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vdw.store.interface import Reader, UnitOfWork
from vdw.store.sqlite.connection import connect
from vdw.store.sqlite.store import SqliteStore, open_store
from vdw.store.sqlite.unit_of_work import SqliteUnitOfWork

PADDING = b" " * 2048
PAUSE_S = 0.02
"""Between two writes of a process that writes now and then."""


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    under_way: int
    pause_s: float


Span = tuple[float, float]
"""Begin and end by the clock that all processes share, in seconds."""


@dataclass(frozen=True, slots=True)
class Got:
    """`writes`: each as its caller saw it. `commits`: each COMMIT, with its checkpoint. `counts`: of the role's
    workers."""

    name: str
    writes: list[Span]
    commits: list[Span]
    counts: list[int]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=4.0)
    options.add_argument("--others", type=int, default=3)
    options.add_argument("--folder", type=Path, help="on the disk to measure; the temporary folder if left out")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        print(f"{multiprocessing.cpu_count()} cores, {chosen.seconds:g} s each\n\none bare connection, alone")
        _print_times([Got("bare", _bare(Path(folder) / "bare.db", chosen.seconds), [], [])], "bare")
        for under_way in (1, 16, 256):
            others = [Role(f"other {number}", 1, PAUSE_S) for number in range(1, chosen.others + 1)]
            path = Path(folder) / f"{under_way}.db"
            print(f"\nbusy process with {under_way} command(s) under way")
            _print_table(_run(path, [Role("busy", under_way, 0.0), *others], chosen.seconds), path)


def _run(path: Path, roles: list[Role], seconds: float) -> list[Got]:
    open_store(path, create=True).close()
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Got] = context.Queue()
    start = context.Barrier(len(roles) + 1)
    processes = [context.Process(target=_process, args=(path, role, seconds, start, results)) for role in roles]
    processes.append(context.Process(target=_disk, args=(path, seconds, start, results)))
    for process in processes:
        process.start()
    found = sorted((results.get() for _ in processes), key=lambda got: got.name)
    for process in processes:
        process.join()
    return found


def _process(
    path: Path,
    role: Role,
    seconds: float,
    start: multiprocessing.synchronize.Barrier,
    results: multiprocessing.Queue[Got],
) -> None:
    commits: list[Span] = []
    begun = 0.0

    def on_point(point: str) -> None:
        nonlocal begun
        if point == "before_commit":
            begun = time.monotonic()
        elif point == "after_commit":
            commits.append((begun, time.monotonic()))

    store = open_store(path, create=False, on_point=on_point)
    start.wait()
    writes, counts = asyncio.run(_write(store, role, time.monotonic() + seconds))
    store.close()
    results.put(Got(role.name, writes, commits, counts))


async def _write(store: SqliteStore, role: Role, end: float) -> tuple[list[Span], list[int]]:
    writes: list[Span] = []

    async def worker(number: int) -> int:
        count = 0
        while time.monotonic() < end:
            count += 1
            begun = time.monotonic()
            await store.commit(partial(_put, _name(role.name, number), count))
            writes.append((begun, time.monotonic()))
            await asyncio.sleep(role.pause_s)
        return count

    counts = await asyncio.gather(*(worker(number) for number in range(role.under_way)))
    return writes, list(counts)


def _disk(
    path: Path, seconds: float, start: multiprocessing.synchronize.Barrier, results: multiprocessing.Queue[Got]
) -> None:
    """What the disk does meanwhile to somebody who waits for nobody else."""
    writes: list[Span] = []
    with path.with_suffix(".disk").open("wb", buffering=0) as file:
        start.wait()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            file.write(PADDING)
            os.fdatasync(file.fileno())
            writes.append((begun, time.monotonic()))
            time.sleep(PAUSE_S)
    results.put(Got("disk", writes, [], []))


def _put(name: str, count: int, uow: UnitOfWork) -> None:
    uow.put_setting(name, str(count).encode() + PADDING)


def _get(name: str, reader: Reader) -> bytes | None:
    return reader.setting(name)


def _name(role: str, worker: int) -> str:
    return f"{role}/{worker}"


def _print_table(found: list[Got], path: Path) -> None:
    _print_times(found, "busy")
    log = path.with_name(path.name + "-wal").stat().st_size / 2**20
    print(f"acknowledged and not found: {_lost(found, path)}; write-ahead log {log:.1f} MiB")


def _print_times(found: list[Got], measure: str) -> None:
    own_median = statistics.median(map(_length, next(got for got in found if got.name == measure).writes))
    commits = sorted(commit for got in found for commit in got.commits)
    print(
        f"{'process':10} {'writes':>8} {'median ms':>10} {'p99 ms':>8} {'slowest ms':>11} {f'x {measure} median':>14}"
        f" {'in COMMIT':>10} {'slowest without':>16}"
    )
    for got in found:
        times = sorted(map(_length, got.writes))
        slowest = max(got.writes, key=_length)
        without = max(_length(write) - _shared(write, commits) for write in got.writes)
        print(
            f"{got.name:10} {len(times):8} {statistics.median(times) * 1e3:10.2f} {times[int(len(times) * 0.99)] * 1e3:8.2f}"
            f" {times[-1] * 1e3:11.2f} {times[-1] / own_median:14.1f}"
            + (f" {_shared(slowest, commits) * 1e3:10.2f} {without * 1e3:16.2f}" if got.counts else "")
        )


def _length(span: Span) -> float:
    return span[1] - span[0]


def _shared(write: Span, commits: list[Span]) -> float:
    """Seconds of the write in which some process was in its COMMIT; no two are at once."""
    first = max(0, bisect.bisect_left(commits, write) - 1)
    shared = 0.0
    for begun, ended in itertools.islice(commits, first, None):
        if begun >= write[1]:
            break
        shared += max(0.0, min(ended, write[1]) - max(begun, write[0]))
    return shared


def _lost(found: list[Got], path: Path) -> int:
    store = open_store(path, create=False)
    lost = 0
    for got in found:
        for worker, count in enumerate(got.counts):
            name = _name(got.name, worker)
            body = store.read(partial(_get, name))
            lost += count - int((body or b"0").split(b" ")[0])
    store.close()
    return lost


def _bare(path: Path, seconds: float) -> list[Span]:
    """The same durable commit through SQLite alone: what the disk takes, and how long it stalls at times."""
    open_store(path, create=True).close()
    connection = connect(path, busy_s=0)
    writes: list[Span] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        connection.execute("BEGIN IMMEDIATE")
        SqliteUnitOfWork(connection).put_setting("bare", str(len(writes)).encode() + PADDING)
        connection.execute("COMMIT")
        writes.append((begun, time.monotonic()))
    connection.close()
    return writes


if __name__ == "__main__":
    main()
