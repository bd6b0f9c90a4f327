"""Several processes on one file are the normal case."""

from __future__ import annotations

from pathlib import Path

from tests.contract.store.rows import add_projects, event, project
from tests.unit.store.conftest import StartChild
from vdw.store.sqlite.store import SqliteStore

PROCESSES = 4
COMMANDS = 200


def test_processes_that_write_at_once_lose_no_write_and_are_never_told_that_the_file_is_locked(
    start_child: StartChild, path: Path, store: SqliteStore
) -> None:
    children = [start_child("count", path, str(COMMANDS)) for _ in range(PROCESSES)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"

    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()

    # A refusal of any kind would have ended its process with an error.
    assert [child.wait(timeout=30) for child in children] == [0] * PROCESSES
    assert store.read(lambda reader: reader.setting("count")) == str(PROCESSES * COMMANDS).encode()


async def test_a_waiter_in_one_process_is_woken_by_a_commit_of_another(
    start_child: StartChild, path: Path, store: SqliteStore
) -> None:
    await add_projects(store)
    child = start_child("listen", path)
    assert child.stdout is not None
    assert child.stdout.readline() == "listening\n"

    seq = await store.commit(lambda uow: uow.add_event(event(project(), 2)))

    # It would wait for longer than this if it were not woken.
    printed, _ = child.communicate(timeout=30)
    assert printed == f"{seq}\n"
