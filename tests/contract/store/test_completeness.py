"""The suite names every method of the Protocols, so that an engine that passes it is whole; and each has its scope."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from vdw.store import interface
from vdw.store.interface import Reader, Store, UnitOfWork

METHODS = sorted({name for law in (Reader, UnitOfWork, Store) for name in vars(law) if not name.startswith("_")})


def _called(path: Path) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_protocols_is_called_in_a_test(method: str) -> None:
    assert any(method in _called(path) for path in Path(__file__).parent.glob("test_*.py"))


WHOLE_INSTALLATION = {
    "tenants",
    "last_seq",
    "projects_since",
    "key",
    "touch_key",
    "setting",
    "put_setting",
    "drop_replays",
}
"""A key is found before anything is known of its tenant; the rest belongs to the store itself."""


def _is_scoped(verb: str) -> bool:
    _, *parameters = inspect.signature(getattr(UnitOfWork, verb)).parameters.values()
    first = parameters[0] if parameters else None
    row = getattr(interface, first.annotation, None) if first else None
    named = {field.name for field in fields(row)} if is_dataclass(row) else {first.name if first else ""}
    return bool(named & {"tenant", "project"})


def test_every_verb_is_about_a_tenant_or_a_project_but_those_about_the_installation() -> None:
    verbs = {name for law in (Reader, UnitOfWork) for name in vars(law) if not name.startswith("_")}

    assert {verb for verb in verbs if not _is_scoped(verb)} == WHOLE_INSTALLATION
