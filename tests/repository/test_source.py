"""Rules about the product's source that no linter knows."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator

from tests.repository.sources import modules

MAX_MODULE_LINES = 500
MAX_FUNCTION_LINES = 50
TYPICAL_MODULE_LINES = 150
"""The median module is no longer than this."""
LONG_MODULE_LINES = 350
"""Nine modules of ten are no longer than this."""

MAY_CATCH_EVERYTHING = {
    "src/vdw/cli/outermost.py": "the outermost edge of the command line: one sentence instead of a traceback",
    "src/vdw/server/pipeline.py": "the outermost edge of a tool call: nothing foreign leaves the server",
    "src/vdw/store/sqlite/writer.py": "the outermost edge of the writer's thread: its callers would wait for nobody",
    "src/vdw/server/mcp_server.py": "the outermost edge of every other request: nothing foreign leaves the server",
}
"""Modules where `except Exception` is right, and why."""

MAY_READ_THE_ENVIRONMENT = {"src/vdw/config.py"}


def test_no_module_is_too_long() -> None:
    assert [f"{module.path}: {module.lines}" for module in modules() if module.lines > MAX_MODULE_LINES] == []


def test_modules_are_small_on_the_whole() -> None:
    sizes = [module.lines for module in modules()]
    assert statistics.median(sizes) <= TYPICAL_MODULE_LINES
    assert statistics.quantiles(sizes, n=10)[-1] <= LONG_MODULE_LINES


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{module.path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION_LINES} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [module.path for module in modules() if not ast.get_docstring(module.tree)] == []


def test_only_the_outermost_edges_catch_everything() -> None:
    catching = {module.path for module in modules() if any(_catches_everything(module.tree))}
    assert catching == set(MAY_CATCH_EVERYTHING)


def test_only_the_way_of_an_artifact_makes_a_validated_one_and_takes_one_apart() -> None:
    making = {
        module.path: {
            node.func.id
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        & {"ValidatedArtifact", "read_artifact", "require_agreeing", "split"}
        for module in modules()
    }
    assert {path: sorted(names) for path, names in making.items() if names} == {
        "src/vdw/artifacts/pipeline.py": ["ValidatedArtifact", "read_artifact", "require_agreeing", "split"]
    }


def test_only_the_configuration_reads_the_environment() -> None:
    reading = {module.path for module in modules() if any(_environment_reads(module.tree))}
    assert reading == MAY_READ_THE_ENVIRONMENT


def _catches_everything(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {kind.id for kind in kinds if isinstance(kind, ast.Name)}
            if node.type is None or names & {"Exception", "BaseException"}:
                yield node.lineno


def _environment_reads(tree: ast.Module) -> Iterator[int]:
    names = {"environ", "environb", "getenv", "getenvb"}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in names:
                yield node.lineno
            case ast.ImportFrom(module="os", names=imported) if names & {alias.name for alias in imported}:
                yield node.lineno
