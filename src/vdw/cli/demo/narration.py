"""How the demo tells what happens: one line a step, as it goes."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

_WHO = {"agent": "cyan", "server": "green", "human": "magenta", "runner": "yellow", "demo": "bold"}


class Narrator:
    """Prints acts and lines. What it prints is never markup: texts of artifacts stay texts."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    def act(self, title: str) -> None:
        self._console.print()
        self._console.print(Text(title, style="bold underline"))

    def line(self, who: str, words: str) -> None:
        label = Text(f"{who:>7} ", style=_WHO[who])
        self._console.print(label + Text(words))

    def plain(self, words: str) -> None:
        self._console.print(Text(words))
