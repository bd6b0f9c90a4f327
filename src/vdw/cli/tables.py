"""Tables for people, drawn by Rich; narrow terminals fold cells instead of cutting them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from vdw.artifacts.markdown import visible
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, mapping
from vdw.service.answers import FindingView, ProjectListItem, ProjectView

_STAGE_STYLES = {"approved": "green", "review": "yellow", "drafting": "cyan", "completed": "green", "abandoned": "red"}


def show(table: Table) -> None:
    Console().print(table)


def project_table(projects: Iterable[ProjectListItem]) -> Table:
    table = _table("project", "title", "phase", "stage", "verified", "updated")
    for project in projects:
        table.add_row(
            Text(project.slug),
            Text(visible(project.title)),
            project.phase or "-",
            _stage(project.stage + (" (stale)" if project.stale else "")),
            project.verified,
            project.updated_at,
        )
    return table


def phase_table(view: ProjectView) -> Table:
    table = _table("phase", "stage", "revision", "approved")
    for phase in view.phases:
        table.add_row(phase.phase, _stage(phase.stage), str(phase.revision or "-"), phase.approved)
    return table


def timeline_table(timeline: JsonObject) -> Table:
    table = _table("when", "what", "where", "who", "more")
    for item in items(timeline["events"]):
        event = mapping(item)
        more = [str(event[name]) for name in ("verdict", "end", "rule", "evidence", "trust", "lane") if event.get(name)]
        table.add_row(
            str(event["at"]), str(event["type"]), str(event.get("phase", "")), str(event["actor"])[:14], ", ".join(more)
        )
    return table


def finding_lines(findings: Iterable[FindingView]) -> list[str]:
    """One line a finding: `!` blocks, `~` warns, `w` is waived."""
    marks = {"blocking": "!", "warning": "~"}
    return [
        f"{'w' if finding.waived_by else marks[finding.severity]} {finding.key}  {visible(finding.reason)}"
        for finding in findings
    ]


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _stage(word: str) -> Text:
    return Text(word, style=_STAGE_STYLES.get(word.split(" ")[0], ""))
