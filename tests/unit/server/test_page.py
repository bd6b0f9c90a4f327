"""docs/mcp.md says what clients find: its tables are rendered again from the registry and compared."""

from __future__ import annotations

from pathlib import Path

from vdw.server.resources import TEMPLATES
from vdw.server.subscriptions import MAX_FOLLOWED
from vdw.server.tools import TOOLS, AnyTool
from vdw.service.completing import MAX_COMPLETIONS

PAGE = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text("utf-8")


def block(name: str) -> str:
    """What stands between the marks of this name."""
    _, _, rest = PAGE.partition(f"<!-- {name} -->\n")
    inside, mark, _ = rest.partition(f"<!-- /{name} -->")
    assert mark, f"the page has no marks <!-- {name} -->"
    return inside.strip()


def table(*rows: tuple[str, ...]) -> str:
    head, *others = (f"| {' | '.join(map(_cell, cells))} |" for cells in rows)
    return "\n".join([head, f"|{' --- |' * len(rows[0])}", *others])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def hints(tool: AnyTool) -> str:
    return "reads" if tool.read_only else "writes; again is the same" if tool.idempotent else "writes"


def test_the_page_lists_every_tool() -> None:
    rows = [(f"`{tool.name}`", f"`{tool.permission.value}`", hints(tool), tool.description) for tool in TOOLS]

    assert block("tools") == table(("tool", "permission", "", "does"), *rows)


def test_the_page_lists_every_resource() -> None:
    rows = [(f"`{each.uri}`", each.mime_type, each.description) for each in TEMPLATES]

    assert block("resources") == table(("URI", "type", "holds"), *rows)


def test_the_page_names_the_bounds() -> None:
    assert f"follows {MAX_FOLLOWED} resources at most" in PAGE
    assert f"{MAX_COMPLETIONS} values at most" in PAGE
