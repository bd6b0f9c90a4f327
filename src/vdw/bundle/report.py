"""`report.html`: one file, no script, nothing fetched, all text escaped. A pure function of the export's own
content."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from vdw.artifacts.markdown import visible
from vdw.artifacts.unlisted import counted_words
from vdw.domain.canonical import JsonObject
from vdw.domain.fields import items, text, texts

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --ok: #1a7f37; --bad: #b3261e; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { margin-bottom: 0 } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) }
table { border-collapse: collapse; width: 100%; font-size: .92em } th, td { text-align: left; vertical-align: top;
padding: .35rem .6rem; border-bottom: 1px solid var(--line) }
th, td:first-child { white-space: nowrap } td { overflow-wrap: anywhere; word-break: normal }
pre { white-space: pre-wrap; background: var(--soft); padding: 1rem; border-radius: .4rem }
code { font-size: .85em } .ok { color: var(--ok) } .bad { color: var(--bad) } .lead { font-size: 1.15em }
""".strip()

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate as the report shows it: which bytes, who signed, on what verdict."""

    phase: str
    revision: int
    digest: str
    standing: str
    """Why its approval stands no longer, '' where it does: see `bundle.standing`."""
    signed: tuple[JsonObject, ...]
    """Predicates of the decisions on these bytes, each with its `notes`: see `bundle.votes`."""
    findings: tuple[JsonObject, ...]
    waivers: tuple[str, ...]
    """One line each: see `bundle.waivers`."""


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    project: str
    status: str
    verified: str
    lane: str
    iteration: int
    vibe: str
    gates: tuple[Gate, ...]
    trace: tuple[JsonObject, ...]
    """One row a requirement: {id, statement, components, contracts, tasks, changes, evidence}."""
    evidence: tuple[JsonObject, ...]
    metrics: tuple[JsonObject, ...]
    """One row a success metric: see `bundle.metrics`."""
    unlisted: tuple[JsonObject, ...]
    """What the approvers were shown beside it, that the artifact leaves out."""
    unlisted_count: int
    """Of how many."""
    kind: str
    """`real` or `demo`."""
    roots: tuple[str, ...]
    """What is to be known of roots that were replaced; empty where none was."""


def report_html(report: Report) -> str:
    """The whole page."""
    parts = [
        f"<h1>{_text(report.title)}</h1>",
        _lead(report),
        "<h2>The vibe</h2>",
        f"<pre>{_text(report.vibe)}</pre>",
        "<h2>From requirement to evidence</h2>",
        _trace(report),
        "<h2>Success metrics</h2>",
        _metrics(report),
        "<h2>Who approved what</h2>",
        "".join(_gate(gate) for gate in report.gates),
        "<h2>Evidence</h2>",
        _evidence(report.evidence),
        _unlisted(report),
        "<h2>How to check this page</h2>",
        "<p>Run <code>vdw verify-export FOLDER --trust trust.json</code> with a pin that you got from the approvers, "
        "not from this folder. It renders this page again and compares every byte.</p>",
    ]
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(report.title)}</title><style>{_STYLE}</style></head><body>\n"
    )
    return head + "\n".join(parts) + "\n</body></html>\n"


def _lead(report: Report) -> str:
    good = report.verified == "yes"
    lines = [
        f'<p class="lead">{_text(report.status)} · {_text(report.lane)} lane · iteration {report.iteration} · '
        f'verified: <strong class="{"ok" if good else "bad"}">{_text(report.verified)}</strong></p>'
    ]
    if report.kind == "demo":
        lines.append('<p class="bad">This is a demo tenant: its signatures prove nothing about a person.</p>')
    lines += [_alarm(line) for line in report.roots]
    return "\n".join(lines)


def _alarm(words: str) -> str:
    return f'<p class="bad">{_text(words[:1].upper() + words[1:])}.</p>'


def _trace(report: Report) -> str:
    columns = ("id", "statement", "components", "contracts", "tasks", "changes", "evidence")
    rows = [[_cell(row.get(column)) for column in columns] for row in report.trace]
    return _table(("Requirement", "Statement", "Components", "Contracts", "Tasks", "Changes", "Evidence"), rows)


def _metrics(report: Report) -> str:
    columns = ("id", "name", "target", "measured", "met", "evidence")
    rows = [[_cell(row.get(column)) for column in columns] for row in report.metrics]
    return _table(("Metric", "Name", "Target", "Measured", "Met", "Evidence, with its trust"), rows)


def _gate(gate: Gate) -> str:
    rows = [
        [
            _text(text(signed["verdict"])),
            f"<code>{_text(text(signed['approver']))}</code>",
            _text(text(signed["assurance"])),
            _text(text(signed["time"])),
            _text(", ".join(texts(signed["notes"]))),
        ]
        for signed in gate.signed
    ]
    waivers = "".join(f"<li>{_text(waiver)}</li>" for waiver in gate.waivers)
    findings = "".join(
        f"<li>{_text(text(item['severity']))}: {_text(text(item['reason']))}"
        f"{' (waived)' if items(item['waived_by']) else ''}</li>"
        for item in gate.findings
    )
    return (
        f"<h3>{_text(gate.phase)}, revision {gate.revision}</h3><p><code>{_text(gate.digest)}</code></p>"
        + (_alarm(gate.standing) if gate.standing else "")
        + _table(("Verdict", "Approver", "Assurance", "Signed at", ""), rows)
        + (f"<ul>{findings}{waivers}</ul>" if findings or waivers else "<p>No findings when it was approved.</p>")
    )


def _evidence(records: tuple[JsonObject, ...]) -> str:
    columns = ("id", "kind", "outcome", "trust", "commit", "command", "verifies")
    rows = [[_cell(record.get(column)) for column in columns] for record in records]
    return _table(("Evidence", "Kind", "Outcome", "Trust", "Commit", "Command", "Verifies"), rows)


def _unlisted(report: Report) -> str:
    if not report.unlisted:
        return ""
    return (
        "<h3>Left out by the artifact</h3>"
        f'<p class="bad">As the gate showed, {counted_words(report.unlisted_count, len(report.unlisted))}.</p>'
        f"{_evidence(report.unlisted)}"
    )


def _table(headings: tuple[str, ...], rows: list[list[str]]) -> str:
    if not rows:
        return "<p>None.</p>"
    head = "".join(f"<th>{_text(heading)}</th>" for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return _text(", ".join(str(item) for item in value)) or "–"
    return _text(str(value)) if value not in (None, "") else "–"


def _text(value: str) -> str:
    return escape(visible(value), quote=True)
