"""A process that is killed at any point of a commit loses nothing it acknowledged and leaves nothing half done."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from pathlib import Path

import pytest

from tests.unit.store.children import put_pair
from tests.unit.store.conftest import StartChild
from vdw.store.interface import Reader
from vdw.store.sqlite.store import open_store

POINTS = ["before_begin", "before_commit", "after_commit", "before_reply"]
TIMES = 20


def _crashed(start_child: StartChild, path: Path, point: str, workers: int) -> set[int]:
    """The numbers that the killed process had acknowledged."""
    open_store(path, create=True).close()
    child = start_child("crash", path, point, str(TIMES), str(workers))
    printed, _ = child.communicate(timeout=30)
    assert child.returncode == -signal.SIGKILL
    return {int(line) for line in printed.splitlines()}


def _stored(path: Path) -> tuple[set[int], set[int]]:
    """Numbers of the first and of the second halves that the next process finds."""

    def read(reader: Reader) -> tuple[set[int], set[int]]:
        first, second = ({n for n in range(10_000) if reader.setting(f"{half}/{n}")} for half in "ab")
        return first, second

    store = open_store(path, create=False)
    try:
        return store.read(read)
    finally:
        store.close()


@pytest.mark.parametrize("point", POINTS)
def test_many_commands_under_way_are_there_whole_or_not_at_all(start_child: StartChild, path: Path, point: str) -> None:
    acknowledged = _crashed(start_child, path, point, workers=8)

    first_halves, second_halves = _stored(path)

    assert acknowledged
    assert acknowledged <= first_halves
    assert first_halves == second_halves


@pytest.mark.parametrize(("point", "stored_beyond"), [*zip(POINTS, [0, 0, 1, 1], strict=True)])
def test_what_is_stored_beyond_the_acknowledged_is_the_commit_that_was_done(
    start_child: StartChild, path: Path, point: str, stored_beyond: int
) -> None:
    acknowledged = _crashed(start_child, path, point, workers=1)

    stored, _ = _stored(path)

    assert acknowledged == set(range(TIMES - 1))
    assert stored == set(range(TIMES - 1 + stored_beyond))


@pytest.mark.parametrize("point", POINTS)
def test_others_write_on_after_a_process_died_holding_the_lock(start_child: StartChild, path: Path, point: str) -> None:
    _crashed(start_child, path, point, workers=1)

    store = open_store(path, create=False)
    asyncio.run(store.commit(partial(put_pair, 9_999)))
    store.close()

    assert 9_999 in _stored(path)[0]
