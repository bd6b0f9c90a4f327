"""How the demo tells what happens: one line a step, as it goes."""

from __future__ import annotations

from rich.text import Text

from vdw.cli.screen import folded, prose_columns, say, show

_WHO = {"agent": "cyan", "server": "green", "human": "magenta", "runner": "yellow", "demo": "bold"}
_LABEL_COLUMNS = 6


class Narrator:
    """Prints acts and lines. What it prints is never markup: texts of artifacts stay texts."""

    def act(self, title: str) -> None:
        show(Text.assemble("\n", (title, "bold underline")))

    def line(self, who: str, words: str) -> None:
        rest = " " * (_LABEL_COLUMNS + 1)
        lines = folded(words, prose_columns(), rest, rest, cut=True)
        show(Text.assemble((who.rjust(_LABEL_COLUMNS), _WHO[who]), "\n".join(lines)[_LABEL_COLUMNS:]))

    def plain(self, words: str) -> None:
        say(words)
