"""A review's brief as plain text: a pure function of the stored brief, that leaves no field out.

Whoever signs, signs the digest of the brief; what they read here is all of it. Control and direction marks of artifact
texts are shown, not obeyed.
"""

from __future__ import annotations

from vdw.artifacts.markdown import visible
from vdw.artifacts.unlisted import counted_words
from vdw.cli.screen import folded_below
from vdw.domain.canonical import JsonObject, JsonValue
from vdw.domain.fields import flag, items, mapping, number, text

_MARKS = {"added": "+", "changed": "~", "removed": "-"}


def brief_text(brief: JsonObject, digest: str, width: int | None) -> str:
    """The whole brief. `digest` is its own, which the signature will name; `width` is in columns, None for lines of any
    length.

    However narrow it is, no text of an agent stands at the left edge, where headings and marks are.
    """
    lines = [folded for line in _lines(brief, digest) for folded in folded_below(line, width, "  ", cut=True)]
    return "\n".join(lines) + "\n"


def _lines(brief: JsonObject, digest: str) -> list[str]:
    parts = [
        _heading(brief),
        _section(
            "What changed",
            [_change(mapping(item)) for item in items(brief["changes"])],
            "nothing since the last approval",
        ),
        _section("Findings", [_finding(mapping(item)) for item in items(brief["findings"])], "none"),
        _section("Questions", [_question(mapping(item)) for item in items(brief["questions"])], "none"),
        _section("Risks", [_fields(mapping(item)) for item in items(brief["risks"])], "none"),
        _section("Evidence", [_fields(mapping(item)) for item in items(brief["evidence"])], "none in this phase"),
        *_unlisted(brief),
        _section("Earlier comments", [_fields(mapping(item)) for item in items(brief["comments"])], "none"),
        _section("What is signed", _signed(brief, digest), ""),
    ]
    return "\n\n".join(parts).split("\n")


def _unlisted(brief: JsonObject) -> list[str]:
    if "unlisted" not in brief:
        return []
    told = mapping(brief["unlisted"])
    records = [_fields(mapping(item)) for item in items(told["records"])]
    count = f"  {counted_words(number(told['count']), len(records))}:"
    return [_section("Evidence that the artifact leaves out", [count, *records], "")]


def _heading(brief: JsonObject) -> str:
    lines = [
        f"{visible(text(brief['title']))}",
        f"Gate: {text(brief['phase'])}, iteration {number(brief['iteration'])}, {text(brief['lane'])} lane, "
        f"revision {number(brief['revision'])}",
    ]
    if flag(brief["template"]):
        lines.append("This revision was drafted from the template, not written.")
    return "\n".join(lines)


def _change(change: JsonObject) -> str:
    mark = _MARKS.get(text(change["change"]), "?")
    rest = {name: value for name, value in change.items() if name not in ("change", "id", "kind")}
    lines = [f"{mark} {text(change['id'])} ({text(change['kind'])}, {text(change['change'])})"]
    return "\n".join(lines + _indented(rest))


def _finding(finding: JsonObject) -> str:
    waived = items(finding["waived_by"])
    mark = "w" if waived else "!" if finding["severity"] == "blocking" else "~"
    rest = {name: value for name, value in finding.items() if name not in ("rule", "reason", "severity")}
    lines = _own_lines(
        f"{mark} {text(finding['rule'])} ({text(finding['severity'])}): {visible(text(finding['reason']))}"
    )
    return "\n".join(lines + _indented(rest))


def _question(question: JsonObject) -> str:
    state = "answered" if question.get("answer") else "open, blocking" if question.get("blocking") else "open"
    return "\n".join(
        [f"{text(question['id'])} ({state})", *_indented({k: v for k, v in question.items() if k != "id"})]
    )


def _fields(value: JsonObject) -> str:
    return "\n".join(_indented(value)).strip()


def _signed(brief: JsonObject, digest: str) -> list[str]:
    names = ("schema", "salt", "review", "tenant", "project", "digest", "basis", "policy_entry", "log_head", "facts")
    lines = [f"brief {digest}"] + [f"{name} {_leaf(brief[name])}" for name in names]
    lines += [f"rules {text(brief['rules'])}", f"engine {text(brief['engine'])}"]
    lines += _indented(
        {"renderer": brief["renderer"], "policy": brief["policy"], "contributors": brief["contributors"]}
    )
    return ["\n".join(lines)]


def _indented(value: JsonValue, depth: int = 1) -> list[str]:
    """A JSON value as indented lines; every leaf appears."""
    pad = "  " * depth
    if isinstance(value, dict):
        lines: list[str] = []
        for name, item in value.items():
            if isinstance(item, dict | list) and item:
                lines += [f"{pad}{visible(name)}:", *_indented(item, depth + 1)]
            else:
                lines += _own_lines(f"{visible(name)}: {_leaf(item)}", pad)
        return lines
    if isinstance(value, list):
        found: list[str] = []
        for item in value:
            if isinstance(item, dict | list) and item:
                nested = _indented(item, depth + 1)
                found += [f"{pad}- {nested[0].strip()}", *nested[1:]]
            else:
                found += _own_lines(f"- {_leaf(item)}", pad)
        return found
    return _own_lines(_leaf(value), pad)


def _leaf(value: JsonValue) -> str:
    if isinstance(value, str):
        return visible(value) or '""'
    if value is None or value in ([], {}):
        return "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _own_lines(text: str, pad: str = "") -> list[str]:
    """The text's own lines stay lines, each after the first further in."""
    first, *rest = text.split("\n")
    return [pad + first, *(f"{pad}  {line}".rstrip() for line in rest)]


def _section(title: str, parts: list[str], empty: str) -> str:
    body = "\n".join(parts) if parts else f"  {empty}"
    return f"{title}\n{'-' * len(title)}\n{body}"
