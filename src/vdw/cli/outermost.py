"""The outermost edge of the command line: runs one command and tells whatever ended it, in words or as one JSON
document.

It decides nothing and raises nothing. The rule it keeps: whoever called gets one sentence, what to do next and a
documented exit code; a traceback only where the setting `debug` asks for one.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import TextIO

import typer
from typer.core import TyperGroup

from vdw.cli.context import Composition, Configured, print_json_line, typed_here
from vdw.cli.exit_codes import EXIT_CLOSED_PIPE, EXIT_STOPPED, exit_code_of
from vdw.cli.main import build
from vdw.cli.screen import USUAL_COLUMNS, prose_columns, say
from vdw.cli.system_faults import system_fault
from vdw.cli.usage import context_of, usage_refusal
from vdw.config import Settings
from vdw.errors import ErrorCode, VdwError


def run_command_line(configured: Configured, arguments: Sequence[str]) -> int:
    """Carries out `vdw ARGUMENTS`; its exit code. With `--json` among the arguments refusals are JSON on standard
    output."""
    made: list[Composition] = []

    def remembered(options: dict[str, str | None]) -> Composition:
        made.append(configured(options))
        return made[-1]

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character still gets the sentence
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        return _carried_out(build(remembered), arguments)
    except (Exception, KeyboardInterrupt, BaseExceptionGroup) as raised:
        return _told(_innermost(raised), as_json=_wants_json(arguments), settings=_readable(made))
    finally:
        for stream in (sys.stdout, sys.stderr):
            _settle(stream)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C ends what runs, also where it waits for a person. In place of Python's own, asyncio would put a handler
    that only cancels a task, which a prompt does not hear of."""
    raise KeyboardInterrupt


def _carried_out(command: TyperGroup, arguments: Sequence[str]) -> int:
    if sys.stdout is None:
        raise VdwError(
            ErrorCode.CONFIGURATION,
            "Standard output is closed, so nothing could be shown.",
            "Open it; what you do not want to see goes to /dev/null.",
        )
    try:
        with command.make_context("vdw", list(arguments), terminal_width=prose_columns() or USUAL_COLUMNS) as ctx:
            command.invoke(ctx)
        return 0
    except typer.Exit as done:
        return done.exit_code


def _wants_json(arguments: Sequence[str]) -> bool:
    """Asked of the words themselves, since a command that cannot be read has no options yet. `--` ends ours."""
    own = list(arguments)
    return "--json" in (own[: own.index("--")] if "--" in own else own)


def _innermost(raised: BaseException) -> BaseException:
    """Task groups wrap what was raised inside them; one thing went wrong first."""
    while isinstance(raised, BaseExceptionGroup):
        raised = raised.exceptions[0]
    return raised


def _told(error: BaseException, *, as_json: bool, settings: Settings | None) -> int:
    match error:
        case BrokenPipeError():  # whoever read has gone, and wants no more words
            return EXIT_CLOSED_PIPE
        case KeyboardInterrupt() | EOFError() | typer.Abort():
            _tell_person("\nStopped.")
            return EXIT_STOPPED
        case typer.TyperException() if (page := _help_asked_for(error)) is not None:
            typer.echo(page, err=True)
            return error.exit_code
    refusal = _refusal(error)
    if settings is not None:
        refusal.next_step = typed_here(refusal.next_step, settings)
    if settings is not None and settings.debug:
        import traceback

        _tell_person("".join(traceback.format_exception(error)) + f"reason: {refusal.reason}")
    if not (as_json and _took_document(refusal)):
        _tell_person(refusal_text(refusal))
    return exit_code_of(refusal.code)


def _took_document(refusal: VdwError) -> bool:
    """Whether standard output took the refusal as JSON. It may itself be what failed."""
    if sys.stdout is None:
        return False
    try:
        print_json_line({"error": refusal.as_json()})
    except OSError:
        return False
    return True


def _refusal(error: BaseException) -> VdwError:
    match error:
        case VdwError():
            return error
        case typer.TyperException():
            return usage_refusal(error)
        case OSError(errno=int()):
            return system_fault(error)
        case _:
            return VdwError(
                ErrorCode.INTERNAL,
                f"Something went wrong inside vdw ({type(error).__name__}).",
                "This is a fault of vdw. Run it again with VDW_DEBUG=1 to see where, and report that.",
                reason=repr(error),
            )


def _help_asked_for(error: typer.TyperException) -> str | None:
    """The help page, where a command was called with no words at all."""
    ctx = context_of(error)
    return error.message if ctx is not None and error.message == ctx.get_help() else None


def _readable(made: list[Composition]) -> Settings | None:
    """The settings of the command, if one was begun and they are not themselves what is wrong."""
    try:
        return made[-1].settings
    except Exception:  # no command was begun, or the settings themselves are what is wrong, in whatever way
        return None


def refusal_text(error: VdwError) -> str:
    lines = [f"vdw: {error.public}"]
    faults = error.details.get("faults")
    if isinstance(faults, list):
        lines += [f"  - {fault['path']}: {fault['rule']}" for fault in faults if isinstance(fault, dict)]
    example = error.details.get("example")
    way_on = f"For example: {example.rstrip('.')}. {error.next_step}" if isinstance(example, str) else error.next_step
    if way_on:
        lines.append(f"  {way_on}")
    return "\n".join(lines)


def _tell_person(words: str) -> None:
    with suppress(OSError):  # nobody can be told that standard error is closed
        say(words, err=True)


def _settle(stream: TextIO | None) -> None:
    """Nothing is left for the interpreter to write at its end, where a failure would be a traceback and another
    code."""
    if stream is None:  # it was closed when we were started
        return
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
