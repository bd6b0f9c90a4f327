"""A text cut into list items, sentences, headings and blocks of code, each with its place and with what stands over it.

What a list item means hangs on its lead-in ("The app must never:") and its headings, so each piece knows them. What the
words say is not looked at here, except for whether a sentence leads into the list behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

BYTE_ORDER_MARK = "\ufeff"
"""Begins some files; it is kept with the text and belongs to no piece of it."""

_BULLET = re.compile(r"^([ \t]*)(?:[-*+•]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r"^[ \t]*(#{1,6})[ \t]+")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bz\.B\.)(?<!\bz\.)(?<!\bd\.h\.)(?<!\bbzw\.)(?<!\bca\.)"
    r"(?<!\bZ\.B\.)(?<!\bZ\.)(?<!\bapprox\.)(?<!\bvs\.)\s+"
)
_COMPLETE = re.compile(r"[.!][*_\"')]*$")
_POINTS = re.compile(r"\b(the following|these|below|out of scope|folgende\w*|diese\w*|unten)\b", re.IGNORECASE)


class Form(Enum):
    """How a piece is written. A title is a heading of the first level at the very beginning."""

    SENTENCE = "sentence"
    ITEM = "item"
    TITLE = "title"
    HEADING = "heading"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text: half-open range of characters, its words on one line.

    `over`: the headings and lead-ins that hold for it, the nearest last.
    """

    start: int
    end: int
    words: str
    form: Form
    over: tuple[Segment, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class _Block:
    """A list item with its lines, a paragraph, a heading, or code. `depth`: blanks before it, or a heading's level."""

    start: int
    end: int
    form: Form
    depth: int = 0


_ONE_LINE = (Form.TITLE, Form.HEADING, Form.CODE)
"""Blocks that no line behind them belongs to; code ends with its fence."""


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
    """In order; a paragraph has one segment for each sentence, anything else is one."""
    outline = _Outline()
    for block in _blocks(text):
        over = outline.over(block)
        position, found = block.start, list[Segment]()
        for match in _SENTENCE_END.finditer(text, block.start, block.end) if block.form is Form.SENTENCE else ():
            found += _segment(text, position, match.start(), block.form, over)
            position = match.end()
        found += _segment(text, position, block.end, block.form, over)
        yield from found
        if found:
            outline.add(block, found[-1])


class _Outline:
    """What stands over the place that reading has come to."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, Segment]] = []
        self._lead: Segment | None = None
        self._leads_list = False
        self._items: list[tuple[int, Segment]] = []

    def over(self, block: _Block) -> tuple[Segment, ...]:
        headings = tuple(segment for _, segment in self._headings)
        if block.form is Form.ITEM or self._continues(block):
            outer = tuple(segment for depth, segment in self._items if depth < block.depth)
            leads = self._leads_list
        else:
            outer = ()
            follows = block.form is Form.SENTENCE and not self._items
            leads = follows and self._lead is not None and ends_open(self._lead.words)
        return (*headings, *((self._lead,) if self._lead and leads else ()), *outer)

    def add(self, block: _Block, last: Segment) -> None:
        """`last`: the last segment of the block."""
        if block.form in (Form.TITLE, Form.HEADING):
            self._headings = [(depth, over) for depth, over in self._headings if depth < block.depth]
            self._headings.append((block.depth, last))
            self._lead, self._items = None, []
        elif block.form is Form.ITEM:
            self._items = [(depth, over) for depth, over in self._items if depth < block.depth]
            self._items.append((block.depth, last))
        elif block.form is Form.SENTENCE and not self._continues(block):
            self._lead, self._items = last, []
            self._leads_list = _leads_list(last.words)

    def _continues(self, block: _Block) -> bool:
        """An indented paragraph behind a list item belongs to it."""
        return bool(block.form is Form.SENTENCE and block.depth and self._items)


def _leads_list(words: str) -> bool:
    return not _COMPLETE.search(words) or bool(_POINTS.search(words))


def ends_open(words: str) -> bool:
    """Whether the words end with a colon, so that they say nothing without what stands behind them."""
    return words.rstrip("*_ ").endswith(":")


def _blocks(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    fence, position, first = "", 0, True
    for line in text.splitlines(keepends=True):
        shown = line.removeprefix(BYTE_ORDER_MARK) if position == 0 else line
        start, position = position + len(line) - len(shown), position + len(line)
        if fence:
            block = replace(block, end=position) if block else None
            fence = "" if _closes(shown, fence) else fence
            continue
        begun = _begun(shown, start)
        if begun and begun.form is Form.HEADING and begun.depth == 1 and first:
            begun = replace(begun, form=Form.TITLE)
        if block and (begun or not shown.strip() or block.form in _ONE_LINE):
            yield block
            block = None
        if begun:
            block = begun
            fence = _fence(shown)
        elif block:
            block = replace(block, end=position)
        elif shown.strip():
            block = _Block(start, position, Form.SENTENCE, len(shown) - len(shown.lstrip(" \t")))
        first = first and not shown.strip()
    if block:
        yield block


def _begun(line: str, start: int) -> _Block | None:
    """The heading, list item or code that begins with this line."""
    end = start + len(line)
    if found := _HEADING.match(line):
        return _Block(start + found.end(), end, Form.HEADING, len(found[1]))
    if found := _BULLET.match(line):
        return _Block(start + found.end(), end, Form.ITEM, len(found[1]))
    return _Block(start, end, Form.CODE) if _fence(line) else None


def _fence(line: str) -> str:
    """The marks that begin a block of code; '' where none does."""
    found = _FENCE.match(line)
    return found[1] if found else ""


def _closes(line: str, fence: str) -> bool:
    """A fence is closed by at least as many of its own marks, alone on a line."""
    mark = line.strip()
    return len(mark) >= len(fence) and set(mark) == {fence[0]}


def _segment(text: str, start: int, end: int, form: Form, over: tuple[Segment, ...]) -> Iterator[Segment]:
    """The range without the blanks around it; nothing where no letter or digit is left."""
    raw = text[start:end]
    words = raw.strip()
    if any(character.isalnum() for character in words):
        begin = start + raw.index(words)
        yield Segment(begin, begin + len(words), " ".join(words.split()), form, over)
