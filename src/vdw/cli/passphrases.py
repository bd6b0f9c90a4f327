"""Asking for passphrases at the terminal. They are read, used and forgotten; never an option, never a variable."""

from __future__ import annotations

from collections.abc import Callable

import typer

from vdw.cli.asking import require_keyboard
from vdw.cli.screen import say
from vdw.errors import ErrorCode, VdwError

TRIES = 3


def new_passphrase(random_bytes: Callable[[int], bytes]) -> str:
    """A passphrase for a new key: typed twice, or the offered one, typed once to show that it was written down.

    All words go to standard error. Raises `VdwError` (signature) after too many tries, or without a terminal.
    """
    from vdw.trust.passphrase import MIN_PASSPHRASE_CHARACTERS, six_words

    offered = six_words(random_bytes)
    say("Choose a passphrase for your approver key. Only you ever type it; agents never see it.", err=True)
    say(f"Just press Enter to take this one, once you have written it down:\n  {offered}", err=True)
    for _ in range(TRIES):
        typed = _hidden("Passphrase: ") or offered
        if len(typed) < MIN_PASSPHRASE_CHARACTERS:
            say(f"At least {MIN_PASSPHRASE_CHARACTERS} characters, please.", err=True)
            continue
        if _hidden("Once more: ") == typed:
            return typed
        say("The two differ; begin again.", err=True)
    raise VdwError(ErrorCode.SIGNATURE, "No passphrase was set, so nothing was made.", "Run the command again.")


def ask_passphrase() -> str:
    """The passphrase of an existing key."""
    return _hidden("Passphrase: ")


def _hidden(prompt: str) -> str:
    import getpass
    import warnings

    require_keyboard()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed, or read a pipe
            return getpass.getpass(prompt)
    except EOFError:  # Ctrl-D
        raise typer.Abort from None
