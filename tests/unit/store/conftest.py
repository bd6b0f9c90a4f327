"""A store on a real file, and real processes beside the test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from vdw.store.sqlite.migrate import migrate
from vdw.store.sqlite.store import SqliteStore, open_store

CHILDREN = Path(__file__).with_name("children.py")
SOURCE = Path(__file__).parents[3] / "src"

StartChild = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vdw.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = open_store(path, create=True)
    yield opened
    opened.close()


@pytest.fixture
def raw(path: Path) -> Iterator[apsw.Connection]:
    """What somebody with the file and another program has."""
    migrate(path)
    connection = apsw.Connection(str(path))
    connection.pragma("recursive_triggers", "ON")
    yield connection
    connection.close()


@pytest.fixture
def start_child() -> Iterator[StartChild]:
    """Starts a program of `children.py`. What still runs at the end of the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(CHILDREN), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def on_connect() -> Iterator[list[Callable[[apsw.Connection], None]]]:
    """What is appended here is called with each new connection, before the store has set it up."""
    before = list(apsw.connection_hooks)
    yield apsw.connection_hooks
    apsw.connection_hooks[:] = before
