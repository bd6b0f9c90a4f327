"""One running server over a founded demo store, for all attacks on it."""

from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest

from tests.interaction.servers import Demo, Served, found, serving


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return anyio.run(found, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def served(demo: Demo) -> Iterator[Served]:
    with serving(demo) as running:
        yield running


@pytest.fixture(scope="session")
def key(demo: Demo) -> str:
    """The agent's key."""
    return demo.founded.agent_key.reveal()


@pytest.fixture(scope="session")
def runner_key(demo: Demo) -> str:
    return demo.founded.runner_key.reveal()
