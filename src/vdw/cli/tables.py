"""Tables and lists for people. A table that a terminal is too narrow for becomes one block of labelled lines a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vdw.artifacts.markdown import one_line, visible
from vdw.cli import screen
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping
from vdw.service.answers import FindingView, ProjectListItem, ProjectView

if TYPE_CHECKING:
    from rich.text import Text

_STAGE_STYLES = {"approved": "green", "review": "yellow", "drafting": "cyan", "completed": "green", "abandoned": "red"}
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Table:
    """The first column names the row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def show(table: Table) -> None:
    screen.show(drawn(table, screen.columns()))


def drawn(table: Table, width: int | None) -> Text:
    """The table as lines that `width` columns hold, or of any length where it is None."""
    from rich.cells import cell_len
    from rich.text import Text

    widths = [max(map(cell_len, cells)) for cells in zip(table.columns, *table.rows, strict=True)]
    if width is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        return _blocks(table, width)
    lines = [_line(table.columns, widths, ["bold"] * len(widths))]
    lines += [_line(row, widths, map(_style, table.columns, row)) for row in table.rows]
    return Text("\n").join(lines)


def _line(cells: Sequence[str], widths: Sequence[int], styles: Iterable[str]) -> Text:
    from rich.cells import cell_len
    from rich.text import Text

    line = Text()
    for cell, width, style in zip(cells, widths, styles, strict=True):
        line.append(cell, style)
        line.append(" " * (width - cell_len(cell)) + _GAP)
    line.rstrip()
    return line


def _blocks(table: Table, width: int) -> Text:
    from rich.text import Text

    names = max(map(len, table.columns[1:]))
    lines: list[Text] = []
    for head, *cells in table.rows:
        lines.append(Text(head, "bold"))
        for name, cell in zip(table.columns[1:], cells, strict=True):
            first = f"{_GAP}{name.ljust(names)}{_GAP}"
            folded = screen.folded(cell, width, first, " " * len(first), cut=True)
            lines.append(Text("\n".join(folded), _style(name, cell)))
    return Text("\n").join(lines)


def _style(column: str, cell: str) -> str:
    return _STAGE_STYLES.get(cell.split(" ")[0], "") if column == "stage" else ""


def project_table(projects: Iterable[ProjectListItem]) -> Table:
    return Table(
        ("project", "title", "phase", "stage", "verified", "updated"),
        [
            (
                project.slug,
                one_line(project.title),
                project.phase or "-",
                project.stage + (" (stale)" if project.stale else ""),
                project.verified,
                project.updated_at,
            )
            for project in projects
        ],
    )


def phase_table(view: ProjectView) -> Table:
    rows = [(phase.phase, phase.stage, str(phase.revision or "-"), phase.approved) for phase in view.phases]
    return Table(("phase", "stage", "revision", "approved"), rows)


def timeline_lines(timeline: JsonObject, names: Mapping[str, str]) -> list[str]:
    """One line an event: when, where, what, by whom; below it what was said with it."""
    lines = []
    for item in items(timeline["events"]):
        event = mapping(item)
        more = [str(event[name]) for name in ("verdict", "end", "rule", "evidence", "trust", "lane") if event.get(name)]
        where = f"{event['phase']}: " if event.get("phase") else ""
        what = str(event["type"]).replace("_", " ")
        who = one_line(names.get(str(event["actor"]), str(event["actor"])))
        lines.append(f"{event['at']}  {where}{what} by {who}" + (f" ({', '.join(more)})" if more else ""))
        lines += [f"    {line}" for line in _said(event)]
    return lines


def _said(event: JsonObject) -> list[str]:
    """Comments and reasons that came with an event, one a line."""
    note, comments = event.get("note"), event.get("comments")
    said = [str(note["text"])] if isinstance(note, dict) and "text" in note else []
    for item in items(comments["comments"]) if isinstance(comments, dict) and "comments" in comments else ():
        comment = mapping(item)
        about = f"{comment['element']}: " if comment.get("element") else ""
        said.append(f"{about}{comment['text']}")
    return [one_line(words) for words in said]


def finding_lines(findings: Iterable[FindingView]) -> list[str]:
    """One line a finding: `!` blocks, `~` warns, `w` is waived."""
    marks = {"blocking": "!", "warning": "~"}
    return [
        f"{'w' if finding.waived_by else marks[finding.severity]} {finding.key}  {visible(finding.reason)}"
        for finding in findings
    ]
