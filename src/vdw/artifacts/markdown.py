"""Artifacts as Markdown that people read and diff. Pure and deterministic; text of artifacts cannot become markup."""

from __future__ import annotations

import re
import unicodedata

from vdw.artifacts.catalogue import SECTIONS
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import items, mapping, text
from vdw.domain.ids import element_kind
from vdw.domain.stages import Phase

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_LEADING = re.compile(r"^([-+=]|[0-9]{1,9}(?=[.)]))")
"""What would begin a list, a rule or a heading at the start of a line."""
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_KEPT = frozenset({"\n", "\t"})
_TITLE_FIELDS = ("name", "title", "statement", "question", "risk", "text", "reason", "data")
_NOTHING: tuple[JsonValue, ...] = ("", [], None)


def visible(value: str) -> str:
    """The text with control, direction and other invisible marks shown as their code points, never obeyed."""
    if value.isascii() and value.isprintable():
        return value
    return "".join(_shown(character) for character in value)


def one_line(words: str) -> str:
    """Words of others where a line is a row: as `visible` shows them, with blanks for the ends of their lines."""
    return " ".join(visible(words).split())


def _shown(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    return f"⟨U+{ord(character):04X}⟩"


def escaped(value: str) -> str:
    """Text for a line of Markdown, wherever in it: visible, on one line, with every mark of markup escaped."""
    line = _MARKUP.sub(r"\\\1", " ".join(visible(value).split()))
    start = _LEADING.match(line)
    if start is None:
        return line
    number = start[0].isdigit()
    return f"{start[0]}\\{line[start.end() :]}" if number else f"\\{line}"


def artifact_markdown(phase: Phase, document: JsonObject, note: str = "") -> str:
    """The whole document: what is to be known of it, its own fields, then each list of elements that is not empty. The
    same JSON gives the same text, in whatever order its fields come."""
    sections = [section.name for section in SECTIONS[phase]]
    lines = [f"# {phase.value.capitalize()}", ""]
    if note:
        lines += [f"**{escaped(note[0].upper() + note[1:])}.**", ""]
    for name in sorted(document.keys() - {*sections, "schema"}):
        lines += _document_field(name, document[name])
    for name in sections:
        elements = items(document.get(name, []))
        if elements:
            lines += [f"## {_label(name).capitalize()}", ""]
        for element in elements:
            lines += [*_element(mapping(element)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _document_field(name: str, value: JsonValue) -> list[str]:
    if value in _NOTHING:
        return []
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return [f"**{_label(name)}**:", "", *_table([mapping(row) for row in value]), ""]
    return [f"**{_label(name)}**: {_inline(value)}", ""]


def _table(rows: list[JsonObject]) -> list[str]:
    columns = sorted(rows[0])
    lines = [" | ".join(_label(column) for column in columns), " | ".join("---" for _ in columns)]
    lines += [" | ".join(_inline(row.get(column)) for column in columns) for row in rows]
    return [f"| {line} |" for line in lines]


def _element(item: JsonObject) -> list[str]:
    title_field = next((name for name in _TITLE_FIELDS if item.get(name)), "")
    title = f": {escaped(text(item[title_field]))}" if title_field else ""
    fields = [_field(name, item[name]) for name in sorted(item.keys() - {"id", title_field})]
    lines = [line for field in fields for line in field]
    return [f"### {escaped(text(item['id']))}{title}", *([""] if lines else []), *lines]


def _field(name: str, value: JsonValue) -> list[str]:
    """Ids stand on one line; any other list has a line for each of its items."""
    if value in _NOTHING:
        return []
    if isinstance(value, list) and not all(isinstance(item, str) and element_kind(item) for item in value):
        return [f"- {_label(name)}:", *(f"  - {_inline(item)}" for item in value)]
    return [f"- {_label(name)}: {_inline(value)}"]


def _inline(value: JsonValue) -> str:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_inline(item) for item in value)
    if isinstance(value, dict) and value.keys() == {"src", "start", "end"}:
        return f"{_inline(value['src'])}, bytes {value['start']} to {value['end']}"
    if isinstance(value, dict):
        return ", ".join(f"{_label(name)} {_inline(value[name])}" for name in sorted(value))
    return "-" if value is None else str(value)


def _label(name: str) -> str:
    """A field's name in words."""
    return escaped(name.replace("_", " "))
