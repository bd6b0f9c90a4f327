"""A text cut into list items, sentences, headings and context, each with its place and with what stands over it.

What a list item means hangs on its lead-in ("The app must never:") and its headings, so each piece knows them. Context
is what the author does not say in their own running words: code, tables, quotes, HTML, heads and signatures of mails,
what is struck out. What the words say is not looked at here, except for whether a sentence leads into the list behind
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from vdw.lifecycle.struck import Struck

BYTE_ORDER_MARK = "\ufeff"
"""Begins some files; it is kept with the text and belongs to no piece of it."""

_BULLET = re.compile(r"^([ \t]*)(?:[-*+•]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING = re.compile(r"^[ \t]*(#{1,6})[ \t]+")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_BOLD_LINE = re.compile(r"^[ \t]*(\*\*|__)(?=\S)((?!\1).)*[^.!?:\s]\1[ \t]*$")
_SLANTED_LINE = re.compile(r"^[ \t]*([*_])(?=[^\s*_])((?!\1).)*[^.!?:\s]\1[ \t]*$")
_RULE = re.compile(r"^ {0,3}([-_*=])([ \t]*\1){2,}[ \t]*$")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")
_ASIDE = re.compile(
    r"^[ \t]*([|>]|[-*+•][ \t]+\[[-~]\]|~~.*~~[ \t]*$)|^(from|to|cc|subject|date|sent|von|an|betreff|datum|gesendet):[ \t]",
    re.IGNORECASE,
)
"""Rows of tables, quotes, list items that are ticked off as dropped, lines struck out, the head of a mail."""
_HTML = re.compile(r"^ {0,3}</?(?!(?:del|s|strike)[\s/>])[a-z][a-z0-9-]*([ \t][^>]*)?/?>", re.IGNORECASE)
_COMMENT, _COMMENT_END = "<!--", "-->"
_SIGNATURE = "-- "
"""A line of its own; what follows is no part of a mail's text."""
_EMPTY_LINE = "\n"
"""What ends a range of HTML."""
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\b[^\W\d_]\.)(?<!\betc\.)(?<!\bbzw\.)(?<!\bca\.)(?<!\bapprox\.)(?<!\bvs\.)"
    r"(?P<struck>~~|\s*(?:-->|</(?:del|s|strike)\s*>))?\s+",
    re.IGNORECASE,
)
"""Not behind a single letter: "e.g.", "z. B.", "i. d. R.". What ends a struck range there belongs to the sentence
before."""
LABEL_WORDS = 3
"""Words of a lead-in, at most, that labels all paragraphs behind it ("Out of scope:") up to a list, lead-in or
heading."""
_COMPLETE = re.compile(r"[.!][*_\"')]*$")
_STOPS = re.compile(r"[.!?:][*_\"')]*$")
_POINTS = re.compile(r"\b(the following|these|below|out of scope|folgende\w*|diese\w*|unten)\b", re.IGNORECASE)


class Form(Enum):
    """How a piece is written. A title is a heading of the first level at the very beginning."""

    SENTENCE = "sentence"
    ITEM = "item"
    TITLE = "title"
    HEADING = "heading"
    CONTEXT = "context"


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
    """A list item with its lines, a paragraph, a heading, or context. `depth`: blanks before it, or a heading's
    level."""

    start: int
    end: int
    form: Form
    depth: int = 0


_ONE_LINE = (Form.TITLE, Form.HEADING, Form.CONTEXT)
"""Blocks that no line behind them belongs to; what is fenced ends with its fence."""
_BOLD_DEPTH = 7
"""Level of a line in bold that stands for a heading: below every heading with marks."""


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
    outline, struck = _Outline(), Struck(text)
    for block in _blocks(text):
        over = outline.over(block)
        position, found = block.start, list[Segment]()
        for match in _SENTENCE_END.finditer(text, block.start, block.end) if block.form is Form.SENTENCE else ():
            end = match.end("struck") if match["struck"] else match.start()
            found += _segment(text, position, end, block.form, over, struck)
            position = match.end()
        found += _segment(text, position, block.end, block.form, over, struck)
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
            labelled = self._lead is not None and _is_label(self._lead.words) and not self._items
            if not labelled or ends_open(last.words):
                self._lead, self._leads_list = last, _leads_list(last.words)
            self._items = []

    def _continues(self, block: _Block) -> bool:
        """An indented paragraph behind a list item belongs to it."""
        return bool(block.form is Form.SENTENCE and block.depth and self._items)


def _leads_list(words: str) -> bool:
    return not ends_sentence(words) or bool(_POINTS.search(words))


def _is_label(words: str) -> bool:
    return len(words.split()) <= LABEL_WORDS and ends_open(words)


def ends_open(words: str) -> bool:
    """Whether the words end with a colon, so that they say nothing without what stands behind them."""
    return words.rstrip("*_ \r\n").endswith(":")


def ends_sentence(words: str) -> bool:
    """Whether the words end as a statement does, so that they say something without what stands behind them."""
    return bool(_COMPLETE.search(words))


def _blocks(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    fence, position, top = "", 0, -1
    for line in text.splitlines(keepends=True):
        shown = line.removeprefix(BYTE_ORDER_MARK) if position == 0 else line
        start, position = position + len(line) - len(shown), position + len(line)
        if fence:
            block = replace(block, end=position) if block else None
            fence = "" if _closes(shown, fence) else fence
            continue
        if block and _underlines(shown, block.form):
            yield from _underlined(text, block, shown, top)
            block = None
            continue
        rule = _RULE.match(shown)
        top = start if top < 0 and shown.strip() and not rule else top
        begun = _begun(shown, start, block.form if block else Form.CONTEXT, top)
        if block and (begun or rule or not shown.strip() or block.form in _ONE_LINE):
            yield block
            block = None
        if rule:
            continue
        if begun:
            block = begun
            fence = _fence(shown)
        elif block:
            block = replace(block, end=position)
        elif shown.strip():
            block = _Block(start, position, Form.SENTENCE, len(shown) - len(shown.lstrip(" \t")))
    if block:
        yield block


def _underlines(line: str, form: Form) -> bool:
    """Behind a list item it takes three marks: fewer are an item without words."""
    if not _UNDERLINE.match(line) or _fence(line):
        return False
    return form is Form.SENTENCE or (form is Form.ITEM and bool(_RULE.match(line)))


def _underlined(text: str, block: _Block, line: str, top: int) -> Iterator[_Block]:
    """The last line of a block as a heading, behind what stood before it; or the block alone, where it only ends there.

    An underline as long as its line is meant as one. A shorter one ends the block if the line ends a sentence; if what
    stood before may go on in it, that becomes context.
    """
    end = block.start + len(text[block.start : block.end].rstrip())
    begin = max(text.rfind("\n", block.start, end) + 1, block.start)
    title, before = text[begin:end], text[block.start : begin].rstrip()
    fits = abs(len(title.strip()) - len(line.strip())) <= 1
    belongs = block.form is Form.ITEM and (not before or title[:1].isspace())
    if belongs or (before and ends_sentence(title) and not fits):
        yield block
        return
    if before:
        yield replace(block, end=begin, form=block.form if fits or _STOPS.search(before) else Form.CONTEXT)
    yield _heading(begin, block.end, 1 if line.lstrip().startswith("=") else 2, begin == top)


def _heading(start: int, end: int, level: int, first: bool) -> _Block:
    return _Block(start, end, Form.TITLE if first and level == 1 else Form.HEADING, level)


def _begun(line: str, start: int, before: Form, top: int) -> _Block | None:
    """The heading, list item or context that begins with this line; or the label of what follows, right behind an item.

    `before`: of the block that it would else go on with. `top`: where the first line with words begins.
    """
    end = start + len(line)
    if _fence(line) or _ASIDE.match(line) or line.lstrip().startswith(_COMMENT):
        return _Block(start, end, Form.CONTEXT)
    if found := _HEADING.match(line):
        return _heading(start + found.end(), end, len(found[1]), start == top)
    if found := _BULLET.match(line):
        return _Block(start + found.end(), end, Form.ITEM, len(found[1]))
    behind_item = before is Form.ITEM and not line[0].isspace()
    if (behind_item or before in _ONE_LINE) and _is_marked(line):
        return _Block(start, end, Form.HEADING, _BOLD_DEPTH)
    return _Block(start, end, Form.SENTENCE) if behind_item and _is_label(line) else None


def _is_marked(line: str) -> bool:
    """Whether a line stands for a heading: all of it in bold, or few words in italics."""
    return bool(_BOLD_LINE.match(line) or (_SLANTED_LINE.match(line) and len(line.split()) <= LABEL_WORDS))


def _fence(line: str) -> str:
    """What begins a range of context that ends with a line of its own: see `_closes`. '' where none begins."""
    if found := _FENCE.match(line):
        return found[1]
    if line.rstrip("\r\n") == _SIGNATURE:
        return _SIGNATURE
    if line.lstrip().startswith(_COMMENT):
        return "" if _COMMENT_END in line else _COMMENT
    return _EMPTY_LINE if _HTML.match(line) else ""


def _closes(line: str, fence: str) -> bool:
    """A comment ends with its mark, HTML at an empty line, a signature never; code with as many of its marks, alone."""
    mark = line.strip()
    if fence == _COMMENT:
        return _COMMENT_END in line
    if fence == _EMPTY_LINE:
        return not mark
    return fence != _SIGNATURE and len(mark) >= len(fence) and set(mark) == {fence[0]}


def _segment(
    text: str, start: int, end: int, form: Form, over: tuple[Segment, ...], struck: Struck
) -> Iterator[Segment]:
    """The range without the blanks around it; nothing where no letter or digit is left."""
    raw = text[start:end]
    words = raw.strip()
    if any(character.isalnum() for character in words):
        begin = start + raw.index(words)
        said = Form.CONTEXT if struck.touches(begin, begin + len(words)) else form
        yield Segment(begin, begin + len(words), " ".join(words.split()), said, over)
