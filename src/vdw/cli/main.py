"""The `vdw` command: global options, and the nouns. Help is plain text and imports nothing heavy."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

import vdw
from vdw.cli import approver, artifact, config, doctor, export, gate, init, key, project, serve, verify
from vdw.cli.context import Configured
from vdw.cli.demo.command import demo
from vdw.cli.exit_codes import MEANINGS

EPILOG = (
    f"Exit codes: {', '.join(f'{code} {meaning}' for code, meaning in MEANINGS.items())}. "
    "`vdw verify` exits like the command it ran."
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(vdw.__version__)
        raise typer.Exit


def build(configured: Configured) -> TyperGroup:
    """The whole command line over a way to make a composition."""
    app = typer.Typer(
        name="vdw",
        help="From a vibe to a validated project, through gates that only humans open.",
        epilog=EPILOG,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )

    @app.callback()
    def root(
        ctx: typer.Context,
        data: Annotated[str | None, typer.Option("--data", metavar="FOLDER", help="Folder of the store.")] = None,
        config_dir: Annotated[
            str | None, typer.Option("--config-dir", metavar="FOLDER", help="Folder of your own keys and pins.")
        ] = None,
        version: Annotated[  # noqa: ARG001  # eager: printed before a command is asked for
            bool,
            typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
        ] = False,
    ) -> None:
        ctx.obj = configured({"data_dir": data, "config_dir": config_dir})

    app.command("init")(init.init)
    app.command("serve")(serve.serve)
    app.command("mcp")(serve.mcp)
    app.command("demo")(demo)
    app.add_typer(project.app, name="project")
    app.add_typer(gate.app, name="gate")
    app.add_typer(approver.app, name="approver")
    app.add_typer(key.app, name="key")
    app.add_typer(artifact.app, name="artifact")
    app.command("verify", context_settings={"allow_interspersed_args": False})(verify.verify)
    app.command("verify-export")(export.verify_export)
    app.command("export")(export.export)
    app.command("doctor")(doctor.doctor)
    app.add_typer(config.app, name="config")
    group = get_group(app)
    _say_whole_sentences(group)
    return group


def _say_whole_sentences(group: TyperGroup) -> None:
    """In a list of commands each stands with the first sentence of its help, which would else be cut at some column."""
    for inner in group.commands.values():
        sentence, _, _ = " ".join((inner.help or "").split()).partition(". ")
        inner.short_help = sentence.removesuffix(".") + "."
        if isinstance(inner, TyperGroup):
            _say_whole_sentences(inner)
