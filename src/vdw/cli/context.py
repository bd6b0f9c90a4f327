"""What every command shares: the composition it runs in, and its options."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Protocol, TypeVar

import typer

from vdw.cli.screen import say
from vdw.config import Settings
from vdw.domain.shell import as_typed
from vdw.errors import VdwError

if TYPE_CHECKING:
    from vdw.domain.principal import Principal
    from vdw.service.environment import Environment

T = TypeVar("T")

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document, for programs.")]
ProjectArgument = Annotated[
    str, typer.Argument(metavar="PROJECT", help="Id or slug of the project; the only one if left out.")
]


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

    def random_bytes(self, size: int) -> bytes:
        """From the operating system, for keys and passphrases."""
        ...

    def operator(self) -> Principal:
        """The operating-system user at the command line, in the store's tenant. It can never decide."""
        ...

    async def close(self) -> None: ...

    def require_address(self) -> None:
        """Raises `VdwError` (configuration) where `serve` could not listen."""
        ...

    def serve(self, *, demo: bool, welcome: Callable[[str], str] | None = None) -> None:
        """Serves HTTP until stopped. `welcome`: what is printed beside the address, which it gets."""
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


def until_done(found: Composition, work: Coroutine[object, object, T]) -> T:
    """Runs it in an event loop of its own. What is logged meanwhile goes nowhere, since a person gets our sentence
    instead; where the setting `debug` asks for it, what vdw itself logs goes to standard error."""
    import asyncio

    with closing(work), _logged(debug=_wants_debug(found)):  # closed also where it is never begun
        return asyncio.run(work)


def _wants_debug(found: Composition) -> bool:
    try:
        return found.settings.debug
    except VdwError:  # the work itself says what is wrong with the settings
        return False


@contextmanager
def _logged(*, debug: bool) -> Iterator[None]:
    import logging

    nowhere: logging.Handler = logging.NullHandler()
    logging.getLogger().addHandler(nowhere)
    shown = nowhere
    if debug:
        from vdw.server.log import line_handler

        shown = line_handler(debug=True)
    logging.getLogger("vdw").addHandler(shown)
    try:
        yield
    finally:
        logging.getLogger("vdw").removeHandler(shown)
        logging.getLogger().removeHandler(nowhere)


def typed_here(words: str, settings: Settings) -> str:
    """The words with each of our commands as it finds this set-up in this shell."""
    try:
        command = settings.command_here
    except OSError:  # the folder that a relative place is meant from is gone
        command = "vdw"
    return as_typed(words, command)


def run(ctx: typer.Context, work: Callable[[Environment], Awaitable[T]]) -> T:
    """Runs one command's work in its own event loop and closes what was opened."""

    async def whole() -> T:
        try:
            return await work(composition(ctx).environment())
        finally:
            await composition(ctx).close()

    return until_done(composition(ctx), whole())


def answer(document: object, words: str | Callable[[], None], *, as_json: bool) -> None:
    """What a command came to: the document for a program; for a person the words, or what shows them."""
    if as_json:
        print_json(document)
    elif isinstance(words, str):
        say(words)
    else:
        words()


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_json_line(value: object) -> None:
    """The same on one line, for what comes one after the other, and for what may end it."""
    typer.echo(json.dumps(value, ensure_ascii=False))
