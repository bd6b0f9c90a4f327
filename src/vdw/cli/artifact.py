"""`vdw artifact show`: a phase's artifact as readable Markdown or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, answer, composition, run

if TYPE_CHECKING:
    from vdw.service.environment import Environment

app = typer.Typer(no_args_is_help=True, help="Artifacts, as people read them.")


@app.callback()
def root() -> None:
    """Artifacts, as people read them."""


@app.command("show")
def show(
    ctx: typer.Context,
    phase: Annotated[
        str,
        typer.Argument(metavar="PHASE", help="One of mood, architecture, specification, implementation, validation."),
    ],
    project: Annotated[
        str, typer.Option("--project", metavar="PROJECT", help="Id or slug of the project; the only one if left out.")
    ] = "",
    revision: Annotated[int, typer.Option(min=0, metavar="NUMBER", help="Revision; the current one if left out.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Show one revision of a phase's artifact."""

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import chosen_project, phase_of
        from vdw.service.documents import artifact_document, artifact_markdown

        wanted = phase_of(phase)
        operator = composition(ctx).operator()
        named = chosen_project(env, operator, project)
        document = artifact_document(env, operator, named, wanted, revision or None)
        answer(document, lambda: typer.echo("\n".join(_for_screen(artifact_markdown(document)))), as_json=as_json)

    run(ctx, work)


def _for_screen(markdown: str) -> list[str]:
    """Its lines, folded to the terminal as far in as each begins; as they are where there is none."""
    from vdw.cli.screen import folded_below, prose_columns

    width = prose_columns()
    return [folded for line in markdown.split("\n") for folded in folded_below(line, width, "  ", cut=True)]
