"""How the demo tells what happens: one line a step, as it goes."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

_WHO = {"agent": "cyan", "server": "green", "human": "magenta", "runner": "yellow", "demo": "bold"}
_LABEL_WIDTH = 6


class Narrator:
    """Prints acts and lines. What it prints is never markup: texts of artifacts stay texts."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    def act(self, title: str) -> None:
        self._console.print()
        self._console.print(Text(title, style="bold underline"))

    def line(self, who: str, words: str) -> None:
        row = Table.grid(padding=(0, 1))
        row.add_column(width=_LABEL_WIDTH, justify="right", style=_WHO[who])
        row.add_column(overflow="fold")
        row.add_row(who, Text(words))
        self._console.print(row)

    def plain(self, words: str) -> None:
        self._console.print(Text(words))
