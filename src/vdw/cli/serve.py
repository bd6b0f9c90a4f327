"""`vdw serve` and `vdw mcp`: the server for daily use, and the form that a client starts itself."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from vdw.cli.context import composition
from vdw.errors import ErrorCode, VdwError

DemoOption = Annotated[bool, typer.Option("--demo", help="Serve a demo's store, whose gates prove nothing.")]


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Loopback address to listen on.")] = None,
    port: Annotated[str | None, typer.Option(metavar="PORT", help="Port to listen on.")] = None,
    demo: DemoOption = False,
    data: Annotated[str | None, typer.Option("--data", metavar="FOLDER", help="Folder of the store.")] = None,
) -> None:
    """Serve MCP over HTTP on this machine until stopped."""
    served = composition(ctx).with_options({"host": host, "port": port, "data_dir": data})
    if not demo:
        served.serve(demo=False)
        return
    import asyncio

    from vdw.cli.demo.looking import places_of, visitors_welcome

    served = served.with_options(places_of(served.settings.data_dir))
    served.serve(demo=True, welcome=lambda address: asyncio.run(visitors_welcome(served, address)))


def mcp(ctx: typer.Context, demo: DemoOption = False) -> None:
    """Speak MCP on standard input and output, for a client."""
    if sys.stdin.isatty():
        raise VdwError(
            ErrorCode.CONFIGURATION,
            "vdw mcp is started by an MCP client, not by hand.",
            "Write it into a client's configuration: vdw init --client claude-code",
        )
    composition(ctx).serve_stdio(demo=demo)
