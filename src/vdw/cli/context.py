"""What every command shares: the composition it runs in, options, exit codes, and how refusals are told."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Protocol, TypeVar

import typer

from vdw.config import Settings
from vdw.errors import ErrorCode, VdwError

if TYPE_CHECKING:
    from vdw.domain.principal import Principal
    from vdw.service.environment import Environment

T = TypeVar("T")

EXIT_INTERNAL = 1
EXIT_USAGE = 2
EXIT_SETUP = 3
EXIT_REFUSED = 4
EXIT_NOT_FOUND = 5
EXIT_TRY_AGAIN = 6
EXIT_VERIFICATION = 7
EXIT_STOPPED = 130
"""As a shell counts a program that Ctrl-C ended."""

EXIT_CODES: dict[ErrorCode, int] = {
    ErrorCode.INVALID_INPUT: EXIT_USAGE,
    ErrorCode.TOO_LARGE: EXIT_USAGE,
    ErrorCode.NOT_INITIALISED: EXIT_SETUP,
    ErrorCode.CONFIGURATION: EXIT_SETUP,
    ErrorCode.TRUST: EXIT_SETUP,
    ErrorCode.NOT_FOUND: EXIT_NOT_FOUND,
    ErrorCode.CONFLICT: EXIT_TRY_AGAIN,
    ErrorCode.BUSY: EXIT_TRY_AGAIN,
    ErrorCode.STORAGE: EXIT_TRY_AGAIN,
    ErrorCode.NO_VERDICT: EXIT_TRY_AGAIN,
    ErrorCode.INTERNAL: EXIT_INTERNAL,
}
"""Every other code is a refusal (4). 0 is success; 7 an export that does not verify."""

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
ProjectArgument = Annotated[str, typer.Argument(help="Id or slug of the project; the only one if left out.")]


class Composition(Protocol):
    """What the composition root gives to commands."""

    @property
    def settings(self) -> Settings: ...

    def with_options(self, options: dict[str, str | None]) -> Composition:
        """The same composition with some settings given; None leaves one as it is."""
        ...

    def founding_environment(self) -> Environment:
        """Like `environment`, over a store that is made if it is not there."""
        ...

    def environment(self) -> Environment:
        """The open environment; opened at the first call. Raises `VdwError` (not_initialised) before `vdw init`."""
        ...

    def operator(self) -> Principal:
        """The operating-system user at the command line, in the store's tenant. It can never decide."""
        ...

    async def close(self) -> None: ...

    def serve(self, *, demo: bool) -> None:
        """Serves HTTP until stopped."""
        ...

    def serve_stdio(self, *, demo: bool) -> None:
        """Serves one client on stdin and stdout."""
        ...


class Configured(Protocol):
    """Makes a composition from command-line values of settings."""

    def __call__(self, options: dict[str, str | None]) -> Composition: ...


def composition(ctx: typer.Context) -> Composition:
    found: Composition = ctx.obj
    return found


def run(ctx: typer.Context, work: Callable[[Environment], Awaitable[T]]) -> T:
    """Runs one command's work in its own event loop and closes what was opened."""
    import asyncio

    async def whole() -> T:
        try:
            return await work(composition(ctx).environment())
        finally:
            await composition(ctx).close()

    return asyncio.run(whole())


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def told(*, as_json: bool = False) -> Iterator[None]:
    """Turns a refusal into words on standard error (or JSON on standard output) and its exit code."""
    try:
        yield
    except VdwError as error:
        if as_json:
            print_json({"error": error.as_json()})
        else:
            typer.echo(refusal_text(error), err=True)
        raise typer.Exit(EXIT_CODES.get(error.code, EXIT_REFUSED)) from None
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("\nStopped.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(0) from None


def refusal_text(error: VdwError) -> str:
    lines = [f"vdw: {error.public}"]
    faults = error.details.get("faults")
    if isinstance(faults, list):
        lines += [f"  - {fault['path']}: {fault['rule']}" for fault in faults if isinstance(fault, dict)]
    if error.next_step:
        lines.append(f"  {error.next_step}")
    return "\n".join(lines)
