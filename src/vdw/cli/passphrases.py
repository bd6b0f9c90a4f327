"""Asking for passphrases at the terminal. They are read, used and forgotten; never an option, never a variable."""

from __future__ import annotations

from collections.abc import Callable

import typer

from vdw.errors import ErrorCode, VdwError

TRIES = 3


def new_passphrase(random_bytes: Callable[[int], bytes]) -> str:
    """A passphrase for a new key: typed twice, or the offered one if the first entry is left empty."""
    from vdw.trust.passphrase import MIN_PASSPHRASE_CHARACTERS, six_words

    offered = six_words(random_bytes)
    typer.echo("Choose a passphrase for your approver key. Only you ever type it; agents never see it.")
    typer.echo(f"Leave it empty to take this one (write it down now): {offered}")
    for _ in range(TRIES):
        typed = _hidden("Passphrase: ")
        if not typed:
            typed = offered
        if len(typed) < MIN_PASSPHRASE_CHARACTERS:
            typer.echo(f"At least {MIN_PASSPHRASE_CHARACTERS} characters, please.", err=True)
            continue
        if _hidden("Once more: ") == typed:
            return typed
        typer.echo("The two differ.", err=True)
    raise VdwError(ErrorCode.SIGNATURE, "No passphrase was set, so nothing was made.", "Run the command again.")


def ask_passphrase() -> str:
    """The passphrase of an existing key."""
    return _hidden("Passphrase: ")


def _hidden(prompt: str) -> str:
    import getpass

    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise VdwError(
            ErrorCode.SIGNATURE, "A passphrase is typed at a terminal; there is none.", "Run it in a terminal."
        ) from None
