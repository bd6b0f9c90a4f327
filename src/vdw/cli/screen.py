"""What a person is shown: lines folded to the columns of the terminal, and left whole where a program or a file reads.

Folding happens at spaces. An id, a digest and a command are never cut, so that they can be copied; the terminal itself
goes on below with what is longer than its line.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.text import Text

PROSE_COLUMNS = 100
"""Most columns of a line of text. After a longer one the eye misses where the next begins (WCAG 2.2, 1.4.8: 80)."""
USUAL_COLUMNS = 80
"""Columns of a terminal that does not know its own."""
TAB_COLUMNS = 4
"""Columns between the stops of a tab in a text of others."""
_IDENTIFIER = re.compile(r"[(]?(?:[0-9a-f]{40,64}|[a-z]{3}_[0-9a-z]{16,40})[).,:;]?")
_COMMAND = re.compile(r"`[^`]+`|(?<=: )vdw .+?(?=\.(?: |$)|[,;] | \(|$)")
_GLUE = "\x00"
"""Stands for a space inside a command while its line is folded. No text that is shown holds one."""


def columns(*, err: bool = False) -> int | None:
    """Columns of the terminal that standard output (or standard error) is; None where it is none."""
    stream = sys.stderr if err else sys.stdout
    try:
        return (os.get_terminal_size(stream.fileno()).columns or USUAL_COLUMNS) if stream.isatty() else None
    except (AttributeError, OSError, ValueError):  # closed, or a file that has no descriptor
        return None


def prose_columns(*, err: bool = False) -> int | None:
    """The same, for lines of text."""
    found = columns(err=err)
    return None if found is None else min(found, PROSE_COLUMNS)


def say(words: str, *, hang: str = "", err: bool = False) -> None:
    """Prints lines of our own. What does not fit goes on below, as far in as the line began, and `hang` more."""
    typer.echo(message(words, prose_columns(err=err), hang), err=err)


def message(words: str, width: int | None, hang: str = "") -> str:
    """The lines as `say` prints them, commands whole."""
    lines = []
    for line in words.split("\n"):
        glued = _COMMAND.sub(lambda command: command[0].replace(" ", _GLUE), line)
        lines += folded_below(glued, width, hang)
    return "\n".join(lines).replace(_GLUE, " ")


def folded_below(line: str, width: int | None, hang: str = "", *, cut: bool = False) -> list[str]:
    """The line, folded so that it goes on below as far in as it began, and `hang` more. Otherwise like `folded`."""
    if width is None:
        return [line]
    plain = line.expandtabs(TAB_COLUMNS)
    lead = " " * min(len(plain) - len(plain.lstrip(" ")), width // 2)
    return folded(plain.lstrip(" "), width, lead, lead + hang, cut=cut)


def folded(line: str, width: int | None, first: str = "", rest: str = "", *, cut: bool = False) -> list[str]:
    """`first` and the line, in lines of `width` columns that go on after `rest`; one line where `width` is None.

    With `cut` a word that is longer than a line is cut, unless it is an id or a digest: text of others then never
    stands at the left edge, where the terminal would put what it folds itself.
    """
    if width is None:
        return [first + line]
    from rich.cells import cell_len, chop_cells

    lines, begun = [first], False
    for whole in line.split(" "):
        room = max(width - cell_len(rest), 1)
        chop = cut and cell_len(whole) > room and not _IDENTIFIER.fullmatch(whole)
        for word in chop_cells(whole, room) if chop else [whole]:
            joined = f"{lines[-1]} {word}" if begun else lines[-1] + word
            if not begun or cell_len(joined) <= width:
                lines[-1] = joined
            elif word:  # of several spaces, none begins a line
                lines.append(rest + word)
            begun = True
    return [line.rstrip(" ") for line in lines]


def show(drawn: Text) -> None:
    """Prints styled lines as they are, in colour where the terminal has it and nobody has set NO_COLOR."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    with console.capture() as captured:  # printed by Rich itself, a closed pipe would end the process
        console.print(drawn)
    typer.echo(captured.get(), nl=False)
