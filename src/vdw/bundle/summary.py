"""What a verified export says, in plain words for a terminal: who approved what, and what nobody could check."""

from __future__ import annotations

from vdw.artifacts.markdown import one_line
from vdw.bundle.content import ExportContent
from vdw.bundle.layout import vibe_file
from vdw.bundle.metrics import metric_lines
from vdw.bundle.rendering import verified_words
from vdw.bundle.roots import root_lines
from vdw.bundle.standing import Standing, standing_of
from vdw.bundle.votes import vote_notes
from vdw.bundle.waivers import waiver_lines
from vdw.domain.fields import text
from vdw.domain.ids import ElementKind
from vdw.domain.stages import PHASES, Phase
from vdw.domain.tenant import TenantKind


def summary_of(content: ExportContent) -> tuple[str, ...]:
    """One line each: the project, every decision on what is exported, metrics, waivers, what a reader must know, the
    last statement."""
    project, standing = content.project, standing_of(content)
    lines = [
        f"{project['title']}: {project['status']}, {project['lane']} lane, iteration {project['iteration']}, "
        f"verified: {verified_words(content)}",
        *(line for phase in content.phases for line in _gate(content, phase, standing)),
    ]
    lines += metric_lines(content)
    lines += waiver_lines(content)
    lines += root_lines(content)
    if content.trust.kind is TenantKind.DEMO:
        lines.append("a demo tenant: its signatures prove nothing about a person")
    lines.append(f"last statement {project['last_statement']}")
    return tuple(one_line(line) for line in lines)


def not_held(content: ExportContent) -> tuple[str, ...]:
    """What a signed document names but the export does not hold, and what only the server's list covers."""
    lines = [
        f"{ref.id} of the {phase.value} phase is not held: its text was erased, only its digest is left."
        for phase in content.phases
        for ref in content.revisions[phase].manifest.elements
        if ref.id not in content.revisions[phase].elements
    ]
    lines += [
        f"The report of {evidence} is not held, only its digest."
        for evidence, report in _reports(content)
        if report and report not in content.objects
    ]
    lines += [
        f"The reason of the waiver of {tally.signed[0].rule} is not held: its text was erased, only its digest is left."
        for tally in content.waivers()
        if any(found.reason not in content.objects for found in tally.signed)
    ]
    signed = {ref.id for revision in content.revisions.values() for ref in revision.sources()}
    lines += [
        f"{vibe_file(source)} hangs from no approved phase; the server alone vouches for it."
        for source in content.vibes
        if source not in signed
    ]
    return tuple(one_line(line) for line in lines)


def _gate(content: ExportContent, phase: Phase, standing: Standing) -> list[str]:
    revision = content.revisions[phase].manifest.revision
    lines = [
        f"{phase.value} revision {revision}: {vote.statement.verdict.value} by {vote.statement.approver} "
        f"({', '.join((vote.statement.assurance.value, *vote_notes(content, vote)))}) at {vote.statement.time}"
        for vote in content.decisions(phase)
    ]
    if phase in standing.words:
        lines.append(f"{phase.value} revision {revision}: {standing.words[phase]}")
    return lines


def _reports(content: ExportContent) -> list[tuple[str, str]]:
    """Evidence id → digest of its report, '' for a claim."""
    return [
        (element.id, text(element.content["report"]))
        for phase in PHASES
        if phase in content.revisions
        for element in content.revisions[phase].elements.values()
        if element.kind is ElementKind.EVIDENCE
    ]
