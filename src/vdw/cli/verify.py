"""`vdw verify -- COMMAND`: runs the tests, observes them, records the evidence. Exits like the command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, composition, print_json, run, told
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from vdw.domain.canonical import JsonObject
    from vdw.service.environment import Environment

DEFAULT_REPORT = Path("junit.xml")


def verify(
    ctx: typer.Context,
    project: Annotated[str, typer.Option("--project", help="Id or slug of the project.")] = "",
    report: Annotated[Path, typer.Option(help="JUnit XML that the command writes.")] = DEFAULT_REPORT,
    repository: Annotated[
        str, typer.Option(help="Name of the repository, as the implementation artifact says it.")
    ] = "",
    send: Annotated[Path | None, typer.Option("--send", help="Hand over a record that was kept earlier.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a test command and record what happened: vdw verify --project P -- pytest --junitxml=junit.xml"""
    with told(as_json=as_json):
        if send is not None:
            _tell(_submit(ctx, _kept(send)), as_json=as_json)
            return
        from vdw.domain.clock import now_utc
        from vdw.runner.observe import observe
        from vdw.runner.submit import evidence_arguments, keep_record

        if not ctx.args:
            raise VdwError(
                ErrorCode.INVALID_INPUT,
                "There is no command to run.",
                "vdw verify --project P -- pytest --junitxml=junit.xml",
            )
        observed = observe(ctx.args, report, repository, now_utc)
        arguments = evidence_arguments(project, observed)
        try:
            answer = _submit(ctx, arguments)
        except VdwError as error:
            kept = keep_record(arguments, Path.cwd())
            error.next_step = f"{error.next_step} The record is kept: vdw verify --send {kept.name}".strip()
            raise
        if observed.stale_report:
            typer.echo(observed.stale_report, err=True)
        _tell(answer, as_json=as_json)
        raise typer.Exit(observed.exit_code)


def _submit(ctx: typer.Context, arguments: JsonObject) -> dict[str, object]:
    """Over MCP where VDW_URL is set, else into the embedded store; as the runner whose key VDW_KEY holds."""
    settings = composition(ctx).settings
    if not settings.key:
        raise VdwError(
            ErrorCode.UNAUTHENTICATED,
            "No runner's key is set, so nobody vouches for this run.",
            "Make one with `vdw key create ci --kind runner` and set VDW_KEY.",
        )
    if settings.url:
        import asyncio

        from vdw.runner.submit import submit_over_mcp

        return asyncio.run(submit_over_mcp(settings.url, settings.key.reveal(), arguments))

    async def work(env: Environment) -> dict[str, object]:
        from vdw.auth.api_keys import principal_of
        from vdw.service.evidencing import submit_offer

        principal = env.store.read(lambda reader: principal_of(reader, settings.key.reveal(), env.clock()))
        return (await submit_offer(env, principal, arguments)).model_dump(mode="json")

    return run(ctx, work)


def _kept(path: Path) -> JsonObject:
    from vdw.cli.project import read_text
    from vdw.domain.canonical import parse_object
    from vdw.runner.observe import MAX_REPORT_BYTES

    return parse_object(read_text(path), max_bytes=2 * MAX_REPORT_BYTES)


def _tell(answer: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    typer.echo(f"{answer['evidence']}: {answer['outcome']}, trust {answer['trust']}")
    typer.echo(str(answer["next"]))
