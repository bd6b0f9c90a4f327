"""Where what blocks is mended: a finding that lies in a phase before the current one asks for that to be reopened.

It decides nothing and reads no store. The rule it keeps: a finding lies in the phase of the latest element that it
names, and never before the first gate that its rule blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vdw.artifacts.catalogue import PLACES
from vdw.domain.ids import element_kind
from vdw.domain.stages import Phase, phase_number
from vdw.service.answers import FindingView


@dataclass(frozen=True, slots=True)
class Earlier:
    """Findings that lie in one phase before the current one."""

    phase: Phase
    findings: tuple[FindingView, ...]


def unwaived(findings: Iterable[FindingView]) -> list[FindingView]:
    """Those that block."""
    return [finding for finding in findings if finding.severity == "blocking" and not finding.waived_by]


def earliest(blocking: Iterable[FindingView], current: Phase) -> Earlier | None:
    """What is to be mended first, in the earliest phase before `current`; None where nothing lies before it."""
    lies = [(mended_in(finding), finding) for finding in blocking]
    before = [phase for phase, _ in lies if phase_number(phase) < phase_number(current)]
    if not before:
        return None
    first = min(before, key=phase_number)
    return Earlier(first, tuple(finding for phase, finding in lies if phase is first))


def mended_in(finding: FindingView) -> Phase:
    """The phase whose artifact has to change."""
    return max(_phases(finding), key=phase_number, default=Phase.MOOD)


def _phases(finding: FindingView) -> Iterator[Phase]:
    from vdw.reasoning.rulebook import load_rulebook  # where nothing blocks, no view waits for the rules

    rule = load_rulebook().rules.get(finding.rule)
    if rule is not None:
        yield rule.since
    for subject in finding.subjects:
        if subject in {phase.value for phase in Phase}:
            yield Phase(subject)
        elif (kind := element_kind(subject)) is not None and kind in PLACES:
            yield PLACES[kind].phase
