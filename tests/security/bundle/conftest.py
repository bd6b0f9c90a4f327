"""The attacks take the export that the unit tests verify."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.bundle.conftest import app as app
from tests.unit.bundle.conftest import completed
from tests.unit.bundle.conftest import reasoner as reasoner
from tests.unit.bundle.conftest import tenant as tenant
from tests.unit.bundle.exports import Export


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    return asyncio.run(completed(tmp_path_factory.mktemp("attacked")))
