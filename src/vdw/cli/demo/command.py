"""`vdw demo`: see `vdw.cli.demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vdw.cli.context import composition

MARKER = ".vdw-demo"
"""File that says: this folder is a demo's and may be replaced by the next one."""


def demo(
    ctx: typer.Context,
    vibe: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own text instead of the sample's.")] = None,
    lane: Annotated[
        str, typer.Option(metavar="LANE", help="Phases to go through: full (five) or light (three).")
    ] = "full",
    interactive: Annotated[bool, typer.Option("--interactive", help="Decide the gates yourself.")] = False,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Folder that the demo writes, replaced at each run.")
    ] = Path("demo-out"),
) -> None:
    """Take a vibe through all gates in a fresh store, and show what the result proves."""
    import asyncio

    from vdw.cli.demo.running import run_demo

    asyncio.run(run_demo(composition(ctx), vibe=vibe, lane=lane, interactive=interactive, out=out.resolve()))
