"""A refusal of a law is read by agents and at the command line, so its words fit both."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import vdw.lifecycle
from vdw.server.surface import SURFACE

MODULES = sorted(Path(vdw.lifecycle.__file__).parent.glob("*.py"))


def sentences(tree: ast.AST) -> Iterator[str]:
    """Every text of the program that has more than one word, but for what explains it."""
    explaining = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in explaining
            and " " in node.value
        ):
            yield node.value


def test_the_laws_name_no_tool_in_what_they_say() -> None:
    said = [words for module in MODULES for words in sentences(ast.parse(module.read_text("utf-8")))]

    assert "No iteration is open." in said
    assert [words for words in said if any(name in words for name in SURFACE.by_name if "_" in name)] == []
