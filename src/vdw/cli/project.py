"""`vdw project`: what the agents' tools show, for the person at the keyboard, and the acts that only a human has."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, ProjectArgument, answer, composition, run
from vdw.cli.export import export
from vdw.cli.screen import say

if TYPE_CHECKING:
    from vdw.service.answers import ProjectList, ProjectView
    from vdw.service.environment import Environment

app = typer.Typer(no_args_is_help=True, help="Projects: create, list, show, timeline, export, abandon.")
app.command("export")(export)


VibeArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="File with the vibe, your own words as text or Markdown; - reads standard input."
    ),
]


@app.command("list")
def list_(
    ctx: typer.Context,
    phase: Annotated[str, typer.Option(metavar="PHASE", help="Only projects in this phase.")] = "",
    stage: Annotated[str, typer.Option(metavar="STAGE", help="Only projects in this stage.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="NUMBER", help="Most projects to show.")] = 100,
    cursor: Annotated[str, typer.Option(metavar="CURSOR", help="Where an earlier list was cut.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List projects, newest first."""

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import phase_of, stage_of
        from vdw.service.project_views import list_projects

        in_phase, in_stage = phase and phase_of(phase), stage and stage_of(stage)
        operator = composition(ctx).operator()
        page = list_projects(env, operator, phase=in_phase, stage=in_stage, limit=limit, cursor=cursor)
        words = partial(_print_page, env, page, chosen=bool(phase or stage))
        answer(page.model_dump(mode="json"), words, as_json=as_json)

    run(ctx, work)


@app.command("show")
def show_(ctx: typer.Context, project: ProjectArgument = "", as_json: JsonOption = False) -> None:
    """Show where a project is, its findings and what comes next."""

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import chosen_project
        from vdw.service.person_steps import project_for_person

        operator = composition(ctx).operator()
        view, next_step = project_for_person(env, operator, chosen_project(env, operator, project))
        words = partial(_print_view, view, next_step)
        answer(view.model_dump(mode="json"), words, as_json=as_json)

    run(ctx, work)


@app.command("timeline")
def timeline_(ctx: typer.Context, project: ProjectArgument = "", as_json: JsonOption = False) -> None:
    """Show all that happened in a project, oldest first."""

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import chosen_project
        from vdw.cli.people import names_in
        from vdw.cli.tables import timeline_lines
        from vdw.service.timeline import whole_timeline

        operator = composition(ctx).operator()
        found = whole_timeline(env, operator, chosen_project(env, operator, project))
        lines = timeline_lines(found, names_in(env, operator))
        answer(found, lambda: say("\n".join(lines), hang="  "), as_json=as_json)

    run(ctx, work)


@app.command("create")
def create(
    ctx: typer.Context,
    vibe: VibeArgument,
    lane: Annotated[
        str, typer.Option(metavar="LANE", help="Phases to go through: full (five) or light (three).")
    ] = "full",
    title: Annotated[str, typer.Option(metavar="TITLE", help="A name for it; else the vibe's first words.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Begin a project from a vibe: a file of your own words."""
    from vdw.cli.files import read_text

    text = read_text(vibe)

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import lane_of
        from vdw.cli.done import tell_done
        from vdw.service.creating import create_project

        operator = composition(ctx).operator()
        created = await create_project(env, operator, vibe=text, lane=lane_of(lane), title=title)
        words = partial(tell_done, env, operator, created.project, f"{created.slug} has begun.")
        answer(created.model_dump(mode="json"), words, as_json=as_json)

    run(ctx, work)


@app.command("abandon")
def abandon(
    ctx: typer.Context,
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="Id or slug of the project.")],
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why; it stands on the timeline.")],
    as_json: JsonOption = False,
) -> None:
    """End the open iteration for good. Nothing is deleted."""

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import chosen_project
        from vdw.cli.done import tell_done
        from vdw.service.changing import Change, change_project

        operator = composition(ctx).operator()
        wanted = Change(action="abandon", reason=reason)
        changed = await change_project(env, operator, chosen_project(env, operator, project), wanted)
        words = partial(tell_done, env, operator, changed.project, "The open iteration has ended; nothing was deleted.")
        answer(changed.model_dump(mode="json"), words, as_json=as_json)

    run(ctx, work)


def _print_page(env: Environment, page: ProjectList, *, chosen: bool) -> None:
    from vdw.cli.tables import project_table, show

    if page.projects:
        show(project_table(page.projects))
        if page.cursor:
            say(f"There are more: repeat this with --cursor {page.cursor}")
    elif chosen:
        say(f"No project is in that phase or stage now. All of them: {env.command} project list")
    else:
        say(f"No projects yet. Ask your agent to begin one, or: {env.command} project create FILE")


def _print_view(view: ProjectView, next_step: str) -> None:
    from vdw.artifacts.markdown import one_line
    from vdw.cli.tables import finding_lines, phase_table, show

    say(f"{one_line(view.title)}  ({view.slug})")
    say(f"iteration {view.iteration}, {view.lane} lane, {view.status}, verified: {view.verified}")
    show(phase_table(view))
    for line in finding_lines(view.findings):
        say(line, hang="  ")
    if view.more_findings:
        say(f"... and {view.more_findings} more findings")
    say(f"Next: {next_step}")
