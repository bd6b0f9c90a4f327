"""`vdw config`: what is set, and where each value came from."""

from __future__ import annotations

from typing import Annotated

import typer

from vdw.cli.context import JsonOption, answer, composition
from vdw.config import SETTINGS

app = typer.Typer(no_args_is_help=True, help="Settings, and where each value came from.")


@app.command("show")
def show(
    ctx: typer.Context,
    origin: Annotated[bool, typer.Option("--origin", help="Say where each value came from.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show every setting. Secrets are only said to be set or not."""
    settings = composition(ctx).settings
    values = settings.shown()
    origins = {name: settings.origins[name].value for name in values}
    lines: list[str] = []
    for setting in SETTINGS:
        lines.append(f"{setting.name} = {values[setting.name]}")
        if origin:
            how = f", {setting.variable}" if origins[setting.name] == "environment" else ""
            lines.append(f"    from {origins[setting.name]}{how}: {setting.meaning}")
    document = {name: {"value": value, "origin": origins[name]} for name, value in values.items()}
    answer(document, "\n".join(lines), as_json=as_json)
