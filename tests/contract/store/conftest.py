"""One suite for every engine: `store` is each of them in turn, empty, with its real migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vdw.store.interface import Store
from vdw.store.sqlite.store import open_store


def _sqlite(folder: Path) -> Store:
    return open_store(folder / "vdw.db", create=True)


ENGINES: dict[str, Callable[[Path], Store]] = {"sqlite": _sqlite}


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = ENGINES[request.param](tmp_path)
    yield opened
    opened.close()
