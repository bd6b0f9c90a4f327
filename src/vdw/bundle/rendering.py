"""What people read of an export: artifacts, vibes, report. A pure function of its content; verification renders it
again."""

from __future__ import annotations

from vdw.artifacts.evidence import EvidenceRecord
from vdw.artifacts.markdown import artifact_markdown
from vdw.artifacts.revision import requirement_rows
from vdw.artifacts.verified import CLAIMS_ONLY, evidence_records, is_verified
from vdw.bundle.briefs import UNLISTED
from vdw.bundle.content import ExportContent
from vdw.bundle.layout import README, REPORT, artifact_json, artifact_markdown_file, vibe_file
from vdw.bundle.metrics import metric_rows
from vdw.bundle.opened import MAX_JSON_BYTES
from vdw.bundle.report import Gate, Report, report_html
from vdw.bundle.roots import root_lines
from vdw.bundle.standing import Standing, standing_of
from vdw.bundle.votes import vote_notes
from vdw.bundle.waivers import waiver_lines
from vdw.domain.canonical import JsonObject, JsonValue, canonical_bytes, parse_object
from vdw.domain.fields import items, mapping, number, text, texts
from vdw.domain.ids import ProjectId
from vdw.domain.stages import Phase


def rendered_files(content: ExportContent) -> dict[str, bytes]:
    """Path → bytes of every file that is made from the others."""
    files: dict[str, bytes] = {vibe_file(source): text.encode() for source, text in content.vibes.items()}
    standing = standing_of(content)
    for phase, revision in content.revisions.items():
        document = revision.document()
        files[artifact_json(phase)] = canonical_bytes(document)
        files[artifact_markdown_file(phase)] = artifact_markdown(
            phase, document, standing.words.get(phase, "")
        ).encode()
    files[REPORT] = report_html(report_of(content, standing)).encode()
    files[README] = _readme(content).encode()
    return files


def verified_words(content: ExportContent) -> str:
    """What every view says of verification; computed from evidence and head commits, never copied."""
    if text(content.project["status"]) != "completed":
        return "not yet"
    words = "yes" if is_verified(content.revisions) else CLAIMS_ONLY
    return f"{words}, as approved {content.root.mark}" if content.root.mark else words


def report_of(content: ExportContent, standing: Standing) -> Report:
    project = content.project
    source = text(project["source"])
    unlisted = _unlisted(content)
    return Report(
        title=text(project["title"]),
        project=ProjectId(text(project["project"])),
        status=text(project["status"]),
        verified=verified_words(content),
        lane=text(project["lane"]),
        iteration=number(project["iteration"]),
        vibe=content.vibes.get(source, ""),
        gates=tuple(_gate(content, phase, standing) for phase in content.phases),
        trace=tuple(_trace_row(row, standing) for row in requirement_rows(content.revisions)),
        evidence=tuple(
            _evidence_row(name, record) for name, record in evidence_records(content.revisions.get(Phase.VALIDATION))
        ),
        metrics=metric_rows(content.revisions),
        unlisted=tuple(_unlisted_row(mapping(record)) for record in items(unlisted.get("records", []))),
        unlisted_count=number(unlisted.get("count", 0)),
        kind=content.trust.kind.value,
        roots=root_lines(content),
    )


def _trace_row(row: JsonObject, standing: Standing) -> JsonObject:
    """What answers for a requirement, each element that is stale marked as such."""
    return {
        column: [f"{name} (stale)" if name in standing.stale else name for name in texts(cell)]
        if isinstance(cell, list)
        else cell
        for column, cell in row.items()
    }


def _gate(content: ExportContent, phase: Phase, standing: Standing) -> Gate:
    revision = content.revisions[phase]
    signed = tuple(
        {**mapping(vote.statement.as_statement()["predicate"]), "notes": list[JsonValue](vote_notes(content, vote))}
        for vote in content.decisions(phase)
    )
    verdict = content.verdicts.get(phase, {})
    findings = tuple(mapping(item) for item in items(verdict.get("findings", [])))
    return Gate(
        phase=phase.value,
        revision=revision.manifest.revision,
        digest=revision.digest,
        standing=standing.words.get(phase, ""),
        signed=signed,
        findings=findings,
        waivers=waiver_lines(content, phase),
    )


def _evidence_row(evidence_id: str, record: EvidenceRecord) -> JsonObject:
    return {
        "id": evidence_id,
        "kind": record.kind,
        "outcome": record.outcome.value,
        "trust": record.trust.value,
        "commit": record.commit,
        "command": record.command,
        "verifies": [result.requirement for result in record.verifies],
    }


def _unlisted(content: ExportContent) -> JsonObject:
    """As the newest decision on the validation was shown it; nothing where its brief was erased."""
    decided = content.decisions(Phase.VALIDATION) if Phase.VALIDATION in content.revisions else ()
    brief = content.objects.get(decided[-1].statement.brief) if decided else None
    return mapping(parse_object(brief, max_bytes=MAX_JSON_BYTES).get(UNLISTED, {})) if brief else {}


def _unlisted_row(record: JsonObject) -> JsonObject:
    verifies = [
        f"{text(result['requirement'])} {text(result['outcome'])}" for result in map(mapping, items(record["results"]))
    ]
    return {**record, "verifies": [*verifies]}


def _readme(content: ExportContent) -> str:
    return (
        "# An exported project\n\n"
        "`report.html` is for reading. `vibes/` holds the user's words byte for byte, `artifacts/` each approved artifact\n"
        "as Markdown and as canonical JSON, `objects/` every document that a signature names by its digest,\n"
        "`trust-log.json` the signed decisions, `verdicts/` what the reasoner said at each gate.\n\n"
        "Check it, on any machine, with a pin that you got from the approvers and not from this folder:\n\n"
        "    vdw verify-export FOLDER --trust trust.json\n\n"
        "It says PASS, or FAIL with the file and what is wrong, and in either case what it cannot check.\n\n"
        f"The last statement of this project at export was {content.project['last_statement']}.\n"
    )
