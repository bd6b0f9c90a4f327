"""How fairly processes share the store's write lock: one writes without pause, others now and then.

Prints, for a busy process with one command under way and with many, what each process got and how long its slowest write
took, also as a multiple of the busy process's own median commit (reach: at most 20, beyond what the disk itself stalls: the
first table is one bare connection, alone). At the end every acknowledged write is looked up again.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import multiprocessing.synchronize
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


@dataclass(frozen=True, slots=True)
class Got:
    """`times`: seconds of each commit as its caller saw it. `counts`: commits of each of the role's workers."""

    name: str
    times: list[float]
    counts: list[int]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=4.0)
    options.add_argument("--others", type=int, default=3)
    options.add_argument("--folder", type=Path, help="on the disk to measure; the temporary folder if left out")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        print(f"{multiprocessing.cpu_count()} cores, {chosen.seconds:g} s each\n\none bare connection, alone")
        _print_times([Got("bare", _bare(Path(folder) / "bare.db", chosen.seconds), [])], "bare")
        for under_way in (1, 16, 256):
            others = [Role(f"other {number}", 1, PAUSE_S) for number in range(1, chosen.others + 1)]
            path = Path(folder) / f"{under_way}.db"
            print(f"\nbusy process with {under_way} command(s) under way")
            _print_table(_run(path, [Role("busy", under_way, 0.0), *others], chosen.seconds), path)


def _run(path: Path, roles: list[Role], seconds: float) -> list[Got]:
    open_store(path, create=True).close()
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Got] = context.Queue()
    start = context.Barrier(len(roles))
    processes = [context.Process(target=_process, args=(path, role, seconds, start, results)) for role in roles]
    for process in processes:
        process.start()
    found = sorted((results.get() for _ in roles), key=lambda got: got.name)
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
    store = open_store(path, create=False)
    start.wait()
    results.put(asyncio.run(_write(store, role, time.monotonic() + seconds)))
    store.close()


async def _write(store: SqliteStore, role: Role, end: float) -> Got:
    times: list[float] = []

    async def worker(number: int) -> int:
        count = 0
        while time.monotonic() < end:
            count += 1
            begun = time.perf_counter()
            await store.commit(partial(_put, _name(role.name, number), count))
            times.append(time.perf_counter() - begun)
            await asyncio.sleep(role.pause_s)
        return count

    counts = await asyncio.gather(*(worker(number) for number in range(role.under_way)))
    return Got(role.name, times, list(counts))


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
    own_median = statistics.median(next(got for got in found if got.name == measure).times)
    print(
        f"{'process':10} {'commits':>8} {'median ms':>10} {'p99 ms':>8} {'slowest ms':>11} {f'x {measure} median':>14}"
    )
    for got in found:
        ordered = sorted(got.times)
        median, p99, slowest = statistics.median(ordered), ordered[int(len(ordered) * 0.99)], ordered[-1]
        print(
            f"{got.name:10} {len(ordered):8} {median * 1e3:10.2f} {p99 * 1e3:8.2f} {slowest * 1e3:11.2f}"
            f" {slowest / own_median:14.1f}"
        )


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


def _bare(path: Path, seconds: float) -> list[float]:
    """Seconds of the same durable commit through SQLite alone: what the disk takes, and how long it stalls at times."""
    open_store(path, create=True).close()
    connection = connect(path, busy_s=0)
    times: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        SqliteUnitOfWork(connection).put_setting("bare", str(len(times)).encode() + PADDING)
        connection.execute("COMMIT")
        times.append(time.perf_counter() - begun)
    connection.close()
    return times


if __name__ == "__main__":
    main()
