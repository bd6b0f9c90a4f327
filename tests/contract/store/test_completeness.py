"""The suite names every method of the Protocols, so that an engine that passes it is whole."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from vdw.store.interface import Reader, Store, UnitOfWork

METHODS = sorted({name for law in (Reader, UnitOfWork, Store) for name in vars(law) if not name.startswith("_")})


def _called(path: Path) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_protocols_is_called_in_a_test(method: str) -> None:
    assert any(method in _called(path) for path in Path(__file__).parent.glob("test_*.py"))
