"""The ranges of a text that its author has struck out (waves, elements of HTML) or hidden (comments).

They are found in the whole text before it is cut into pieces, since they reach over sentences, and all but waves over
paragraphs too. What the words say is not looked at. Where nothing ends a range, it goes to the end of its line.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

_MARK = re.compile(
    r"(?P<waves>(?<!~)~~(?!~)|(?<=[^\s~])[ \t]*~{3,})|<!--|(?P<ends>-->)|<(?P<leaves>/?)(?P<element>del|s|strike)(?:\s[^<>]*)?>"
    r"|(?P<gap>\n[ \t\r]*(?=\n))",
    re.IGNORECASE,
)
"""What begins or ends a range of struck words: waves, which no empty line stands between; comments; elements. Three
waves that begin a line are a fence of code."""
_WAVES, _COMMENT = "~~", "<!--"


class Struck:
    """Ranges that the author has struck out or hidden, for questions that only rise, in one pass over the text."""

    def __init__(self, text: str) -> None:
        self._ranges = deque(sorted(_struck_ranges(text)))

    def touches(self, start: int, end: int) -> bool:
        """Whether one of them has a character in common with a range that begins no earlier than the last one."""
        while self._ranges and self._ranges[0][1] <= start:
            self._ranges.popleft()
        return bool(self._ranges) and self._ranges[0][0] < end


def _struck_ranges(text: str) -> Iterator[tuple[int, int]]:
    """What is begun and never ended is struck to the end of its line, since nobody can tell how far it was meant."""
    open_at: dict[str, int] = {}
    for mark in _MARK.finditer(text):
        if mark["gap"]:
            if _WAVES in open_at:
                yield _rest_of_line(text, open_at.pop(_WAVES))
            continue
        kind = (mark["element"] or "").lower() or (_WAVES if mark["waves"] else _COMMENT)
        ends = mark["ends"] or mark["leaves"] or (mark["waves"] and kind in open_at)
        if not ends:
            open_at.setdefault(kind, mark.start())
        elif kind in open_at:
            yield open_at.pop(kind), mark.end()
    for start in open_at.values():
        yield _rest_of_line(text, start)


def _rest_of_line(text: str, start: int) -> tuple[int, int]:
    end = text.find("\n", start)
    return start, len(text) if end < 0 else end
