"""A text cut into list items and sentences, each with its place. Headings and code are context and never segments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BULLET = re.compile(r"^[ \t]*(?:[-*+•]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]")
_FENCE = re.compile(r"^[ \t]*(```|~~~)")
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bz\.B\.)(?<!\bz\.)(?<!\bd\.h\.)(?<!\bbzw\.)(?<!\bca\.)\s+"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text: half-open range of characters, its words on one line, whether it is a list item."""

    start: int
    end: int
    words: str
    listed: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """A list item with its lines, or a paragraph."""

    start: int
    text: str
    listed: bool


class ByteOffsets:
    """Byte positions in the UTF-8 form of character positions that only rise, in one pass over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._character = 0
        self._byte = 0

    def at(self, character: int) -> int:
        """Raises ValueError for a position before the last one."""
        if character < self._character:
            raise ValueError("positions only rise")
        self._byte += len(self._text[self._character : character].encode())
        self._character = character
        return self._byte


def segments(text: str) -> Iterator[Segment]:
    """In order; a list item is one segment, a paragraph has one for each sentence."""
    for block in _blocks(text):
        position = block.start
        for match in () if block.listed else _SENTENCE_END.finditer(block.text):
            yield from _segment(text, position, block.start + match.start(), listed=False)
            position = block.start + match.end()
        yield from _segment(text, position, block.start + len(block.text), listed=block.listed)


def _blocks(text: str) -> Iterator[_Block]:
    start, lines, listed, fenced, position = 0, list[str](), False, False, 0
    for line in text.splitlines(keepends=True):
        bullet, fence = _BULLET.match(line), bool(_FENCE.match(line))
        boundary = bool(fenced or fence or bullet or not line.strip() or _HEADING.match(line))
        if boundary and lines:
            yield _Block(start, "".join(lines), listed)
            lines, listed = [], False
        if bullet and not fenced:
            start, lines, listed = position + bullet.end(), [line[bullet.end() :]], True
        elif not boundary:
            start = start if lines else position
            lines.append(line)
        fenced ^= fence
        position += len(line)
    if lines:
        yield _Block(start, "".join(lines), listed)


def _segment(text: str, start: int, end: int, *, listed: bool) -> Iterator[Segment]:
    """The range without the blanks around it; nothing where no letter or digit is left."""
    raw = text[start:end]
    words = raw.strip()
    if any(character.isalnum() for character in words):
        begin = start + raw.index(words)
        yield Segment(begin, begin + len(words), " ".join(words.split()), listed)
