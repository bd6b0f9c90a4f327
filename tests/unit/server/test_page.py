"""docs/mcp.md says what clients find: its tables are rendered again from the registry and compared."""

from __future__ import annotations

from tests.pages import Page, table
from vdw.server.lists import PROJECTS_A_PAGE
from vdw.server.registry import AnyTool
from vdw.server.resources import RESOURCES
from vdw.server.subscriptions import MAX_FOLLOWED
from vdw.server.telling import BEAT_S
from vdw.server.tools import TOOLS
from vdw.service.completing import MAX_COMPLETIONS

PAGE = Page.of("mcp.md")


def hints(tool: AnyTool) -> str:
    return "reads" if tool.read_only else "writes; again is the same" if tool.idempotent else "writes"


def test_the_page_lists_every_tool() -> None:
    rows = [(f"`{tool.name}`", f"`{tool.permission.value}`", hints(tool), tool.description) for tool in TOOLS]

    assert PAGE.block("tools") == table(("tool", "permission", "", "does"), *rows)


def test_the_page_lists_every_resource() -> None:
    rows = [(f"`{each.uri}`", each.mime_type, each.description) for each in RESOURCES]

    assert PAGE.block("resources") == table(("URI", "type", "holds"), *rows)


def test_the_page_names_the_bounds() -> None:
    assert f"follows {MAX_FOLLOWED} resources at most" in PAGE.text
    assert f"{MAX_COMPLETIONS} values at most" in PAGE.text
    assert f"longer than {BEAT_S:.0f} seconds, and every {BEAT_S:.0f} seconds" in PAGE.text
    assert f"newest first, {PROJECTS_A_PAGE} a page" in PAGE.text
