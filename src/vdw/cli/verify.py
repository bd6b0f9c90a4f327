"""`vdw verify -- COMMAND`: runs the tests, observes them, records the evidence. Exits like the command, once
recorded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, answer, composition, run, typed_here, until_done
from vdw.cli.screen import say
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from vdw.domain.canonical import JsonObject
    from vdw.runner.observe import Observation
    from vdw.service.environment import Environment

DEFAULT_REPORT = Path("junit.xml")


def verify(
    ctx: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="COMMAND", help="The test command, after `--`.")
    ] = None,
    project: Annotated[
        str, typer.Option("--project", metavar="PROJECT", help="Id or slug; the only project if left out.")
    ] = "",
    report: Annotated[Path, typer.Option(metavar="FILE", help="JUnit XML that the command writes.")] = DEFAULT_REPORT,
    repository: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the repository, as the implementation artifact says it.")
    ] = "",
    send: Annotated[
        Path | None,
        typer.Option(
            "--send", metavar="FILE", help="Hand over a record that was kept earlier; - reads it from standard input."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run tests and record what they showed as evidence. Exits like them.

    A test names the requirement that it verifies, such as test_req_001, or pantry/REQ-001 where projects share a
    repository. For example: vdw verify -- pytest --junitxml=junit.xml
    """
    from vdw.runner.keeping import require_place

    _require_key(ctx)
    if send is not None and command:
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            "A kept record is handed over without running anything.",
            "Leave the command out, or --send.",
        )
    if send is not None:
        _tell(_submit(ctx, _kept(send, project)), as_json=as_json)
        _remove(send)
        return
    require_place(Path.cwd())
    observed = _observed(command or [], report, repository, as_json=as_json)
    recorded = _submit_or_keep(ctx, project, observed)
    if observed.dirty:
        say("What ran is not the commit alone, so this does not count: commit, then run it again.", err=True)
    _tell(recorded, as_json=as_json)
    raise typer.Exit(observed.exit_code)


def _remove(record: Path) -> None:
    """A record that was handed over is not needed any more. What was piped in, or stands for something else, is no file
    of ours; one that cannot be removed was handed over all the same."""
    if str(record) == "-" or record.is_symlink() or not record.is_file():
        return
    try:
        record.unlink()
    except OSError:
        say(f"{record} cannot be removed; it was handed over, so remove it yourself.", err=True)


def _require_key(ctx: typer.Context) -> None:
    """Asked before the tests run, not after."""
    if not composition(ctx).settings.key:
        raise VdwError(
            ErrorCode.UNAUTHENTICATED,
            "No runner's key is set, so nobody vouches for this run.",
            "Make one with `vdw key create ci --kind runner` and set VDW_KEY.",
        )


def _observed(command: list[str], report: Path, repository: str, *, as_json: bool) -> Observation:
    """What happened. With `--json` the command's own output goes to standard error, beside the document."""
    from vdw.domain.clock import now_utc
    from vdw.runner.observe import observe

    if not command:
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            "There is no command to run.",
            "For example: vdw verify -- pytest --junitxml=junit.xml",
        )
    observed = observe(command, report, repository, now_utc, sys.stderr if as_json else None)
    if not observed.report:
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            f"{observed.stale_report} The command ended with {observed.exit_code}; nothing was recorded.",
            "Have it write JUnit XML in UTF-8 (pytest --junitxml=junit.xml), or name its file with --report.",
        )
    return observed


def _submit_or_keep(ctx: typer.Context, project: str, observed: Observation) -> dict[str, object]:
    """The server's answer. Where a refusal, a fault of the system or Ctrl-C came instead, the record is kept, unless no
    server would ever take it, and the way to hand it over is told."""
    from vdw.runner.keeping import keep_record
    from vdw.runner.submit import evidence_arguments

    arguments = evidence_arguments(project, observed)
    try:
        return _submit(ctx, arguments)
    except VdwError as error:
        too_large = error.code is ErrorCode.TOO_LARGE
        wrong = error.code is ErrorCode.INVALID_INPUT and project  # without a project it can be sent to one
        if not too_large and not wrong:
            named = "" if project else " --project PROJECT"
            error.next_step = f"{error.next_step} {_kept_at(keep_record(arguments, Path.cwd()))}{named}".strip()
        raise
    except (OSError, KeyboardInterrupt, BaseExceptionGroup):  # a Ctrl-C that a task group heard comes in a group
        kept = _kept_at(keep_record(arguments, Path.cwd()))
        say(typed_here(kept, composition(ctx).settings), err=True)
        raise


def _kept_at(record: Path) -> str:
    return f"The record is kept: vdw verify --send {record.name if record.parent == Path.cwd() else record}"


def _submit(ctx: typer.Context, arguments: JsonObject) -> dict[str, object]:
    """Over MCP where VDW_URL is set, else into the embedded store; as the runner whose key VDW_KEY holds."""
    settings = composition(ctx).settings
    if settings.url:
        from vdw.runner.submit import submit_over_mcp

        return until_done(composition(ctx), submit_over_mcp(settings.url, settings.key.reveal(), arguments))

    async def work(env: Environment) -> dict[str, object]:
        from vdw.auth.api_keys import principal_of
        from vdw.runner.submit import submit_into_store

        principal = env.store.read(lambda reader: principal_of(reader, settings.key.reveal(), env.clock()))
        return await submit_into_store(env, principal, arguments)

    return run(ctx, work)


def _kept(path: Path, project: str) -> JsonObject:
    """The record; a project named now goes before the one that was named then."""
    from vdw.cli.files import read_text
    from vdw.domain.canonical import parse_object
    from vdw.runner.observe import MAX_REPORT_BYTES

    record = parse_object(read_text(path), max_bytes=2 * MAX_REPORT_BYTES)
    return {**record, "project": project} if project else record


def _tell(recorded: dict[str, object], *, as_json: bool) -> None:
    words = f"{recorded['evidence']}: {recorded['outcome']}, trust {recorded['trust']}\n{recorded['next']}"
    answer(recorded, words, as_json=as_json)
