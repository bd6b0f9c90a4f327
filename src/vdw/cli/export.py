"""`vdw export` and `vdw verify-export`: writing a folder that proves itself, and checking one anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vdw.cli.context import JsonOption, ProjectArgument, answer, composition, print_json_line, run
from vdw.cli.exit_codes import EXIT_VERIFICATION
from vdw.cli.screen import say

if TYPE_CHECKING:
    from vdw.domain.principal import Principal
    from vdw.service.environment import Environment

WatchOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Instead: keep readable artifacts in this folder up to date, until stopped. With --json a line for each file.",
    ),
]


def export(
    ctx: typer.Context,
    project: ProjectArgument = "",
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Folder to write; an earlier export in it is replaced.")
    ] = Path("vdw-export"),
    watch: WatchOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a folder that proves itself: approved artifacts, decisions, verdicts, evidence."""

    async def work(env: Environment) -> None:
        from vdw.cli.choosing import chosen_project

        operator = composition(ctx).operator()
        chosen = chosen_project(env, operator, project)
        if watch is not None:
            await _watch(env, operator, chosen, watch, as_json=as_json)
        else:
            _write(env, operator, chosen, out, as_json=as_json)

    run(ctx, work)


def _write(env: Environment, operator: Principal, project: str, out: Path, *, as_json: bool) -> None:
    from vdw.service.exporting import write_export

    done = write_export(env, operator, project, out)
    told = {"folder": str(done.folder), "files": done.files, "last_statement": done.last_statement}
    words = (
        f"{done.files} files in {done.folder}; read {done.folder}/report.html\nLast statement: {done.last_statement}"
    )
    answer(told, words, as_json=as_json)


async def _watch(env: Environment, operator: Principal, project: str, folder: Path, *, as_json: bool) -> None:
    """One line for each file that is written, until Ctrl-C."""
    from vdw.service.exporting import watch_export

    say(f"Keeping the approved artifacts in {folder}. Stop with Ctrl-C.", err=True)
    async for written in watch_export(env, operator, project, folder):
        for name in written:
            path = str(folder / name)
            print_json_line({"written": path}) if as_json else typer.echo(path)


def verify_export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of an export.")],
    trust: Annotated[
        Path,
        typer.Option(
            "--trust",
            metavar="FILE",
            help="The trust.json that holds the pinned root, as the approvers gave it to you.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Check an export without the store: PASS, or FAIL with the file and what is wrong."""
    from vdw.bundle.verify import verify_folder

    _require_there(folder, trust)
    report = verify_folder(folder, trust)
    names = ("verdict", "checked", "faults", "unchecked", "summary")
    lines = [*report.summary, *(f"wrong: {fault}" for fault in report.faults)]
    lines += [f"checked: {line}" for line in report.checked] + [f"not checked: {line}" for line in report.unchecked]
    words = "\n  ".join((report.verdict, *lines))
    answer({name: getattr(report, name) for name in names}, words, as_json=as_json)
    if report.verdict != "PASS":
        raise typer.Exit(EXIT_VERIFICATION)


def _require_there(folder: Path, trust: Path) -> None:
    """Where there is nothing to verify, nothing fails to verify. Raises `VdwError` (invalid_input, trust)."""
    from vdw.errors import ErrorCode, VdwError
    from vdw.trust.pin import read_pins

    if not folder.is_dir():
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            f"There is no folder {folder}, so nothing was verified.",
            "Name the folder that vdw export wrote.",
        )
    if not trust.is_file():
        raise VdwError(
            ErrorCode.INVALID_INPUT,
            f"There is no file {trust}, so nothing was verified.",
            "Name the trust.json that the approvers gave you with --trust.",
        )
    read_pins(trust)
