"""Artifacts as Markdown that people read and diff. Pure and deterministic; text of artifacts cannot become markup."""

from __future__ import annotations

import re
import unicodedata

from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import mapping, text
from vdw.domain.stages import Phase

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_KEPT = frozenset({"\n", "\t"})
_TITLE_FIELDS = ("name", "title", "statement", "question", "risk", "text", "reason", "data")


def visible(value: str) -> str:
    """The text with control, direction and other invisible marks shown as their code points, never obeyed."""
    if value.isascii() and value.isprintable():
        return value
    return "".join(_shown(character) for character in value)


def _shown(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    return f"⟨U+{ord(character):04X}⟩"


def escaped(value: str) -> str:
    """Text for a line of Markdown: visible, on one line, with every mark of markup escaped."""
    return _MARKUP.sub(r"\\\1", " ".join(visible(value).split()))


def artifact_markdown(phase: Phase, document: JsonObject) -> str:
    """The whole document: its own fields, then each list of elements, then what could be empty and is."""
    lines = [f"# {phase.value.capitalize()}", ""]
    lists = {name: value for name, value in document.items() if _is_elements(value)}
    for name, value in document.items():
        if name not in lists and name != "schema" and value not in ("", [], None):
            lines += [f"**{_heading(name)}**: {_inline(value)}", ""]
    for name, value in lists.items():
        lines += [f"## {_heading(name)}", ""]
        for item in value if isinstance(value, list) else []:
            lines += [*_element(mapping(item)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _is_elements(value: JsonValue) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "id" in item for item in value)


def _element(item: JsonObject) -> list[str]:
    title_field = next((name for name in _TITLE_FIELDS if item.get(name)), "")
    title = f": {escaped(text(item[title_field]))}" if title_field else ""
    lines = [f"### {escaped(text(item['id']))}{title}", ""]
    for name, value in item.items():
        if name in ("id", title_field) or value in ("", [], None):
            continue
        if isinstance(value, list) and any(not isinstance(entry, str) or len(entry) > 40 for entry in value):
            lines.append(f"- {_heading(name)}:")
            lines += [f"  - {_inline(entry)}" for entry in value]
        else:
            lines.append(f"- {_heading(name)}: {_inline(value)}")
    return lines


def _inline(value: JsonValue) -> str:
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_inline(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{_heading(name)} {_inline(item)}" for name, item in value.items())
    return "-" if value is None else str(value)


def _heading(name: str) -> str:
    return escaped(name.replace("_", " ")).replace("\\", "")
