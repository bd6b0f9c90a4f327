"""Words that no command takes, told in our own: which ones, what would be right, and where help is.

It only reads the library's exceptions. The rule it keeps: of a number that is out of range the library's words never
show.
"""

from __future__ import annotations

import typer

from vdw.errors import ErrorCode, VdwError


def usage_refusal(error: typer.TyperException) -> VdwError:
    """The refusal (invalid_input) that names the command's help as the next step."""
    ctx = context_of(error)
    see = f"See: {ctx.command_path if ctx else 'vdw'} --help"
    least: int | None = getattr(getattr(error, "param", None), "min", None)
    if isinstance(error, typer.BadParameter) and error.param is not None and least is not None:
        option = error.param.opts[-1]
        public = f"{option} takes a whole number {_range(least, getattr(error.param, 'max', None))}."
        return VdwError(ErrorCode.INVALID_INPUT, public, f"For example: {option} {least}. {see}", reason=str(error))
    words = " ".join(error.format_message().split())
    return VdwError(ErrorCode.INVALID_INPUT, words if words.endswith((".", "?")) else f"{words}.", see)


def context_of(error: typer.TyperException) -> typer.Context | None:
    """The command that was being read, as far as the library knows it."""
    found: typer.Context | None = getattr(error, "ctx", None)
    return found


def _range(least: int, most: int | None) -> str:
    return f"from {least} on" if most is None else f"from {least} to {most}"
