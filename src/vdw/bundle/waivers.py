"""What a reader of an export is told of each waiver: whether it took effect, who signed it, why, and what became of it.

It knows no day of today: until when a waiver holds, it says, and whether that is past the reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping

from vdw.artifacts.catalogue import home_of
from vdw.artifacts.revision import ERASED, Revision
from vdw.bundle.content import ExportContent
from vdw.domain.canonical import Digest, parse_object
from vdw.domain.counting import counted
from vdw.domain.finding import Subject
from vdw.domain.stages import PHASES, Phase
from vdw.trust.statements import WaiverStatement
from vdw.trust.votes import WaiverTally

_UNREADABLE = "(no words)"


def waiver_lines(content: ExportContent, gate: Phase | None = None) -> tuple[str, ...]:
    """One line each, in the order of the log: those of this gate, or all."""
    return tuple(_line(content, tally) for tally in content.waivers() if gate is None or tally.signed[0].gate is gate)


def _line(content: ExportContent, tally: WaiverTally) -> str:
    first = tally.signed[0]
    about = f"{first.rule} ({', '.join(subject.id for subject in first.subjects)})"
    signed = tally.counted or tally.signed
    who = ", ".join(f"{found.approver} ({found.assurance.value})" for found in signed)
    why = "; ".join(dict.fromkeys(f"reason: {_reason(content.objects, found)}" for found in signed))
    dead = _dead(content, tally)
    if dead:
        return f"{'waived no longer' if tally.reached else 'not waived'}: {about}: {dead}; signed until {tally.until} by {who}; {why}"
    return f"waived until {tally.until}: {about} by {who}; {why}"


def _dead(content: ExportContent, tally: WaiverTally) -> str:
    """Why it holds nothing off, '' where it does, up to its day."""
    if not tally.counted:
        return f"the keys that signed it were ended before it had its {counted(tally.quorum, 'signature')}"
    if not tally.reached:
        return f"it has {len(tally.counted)} of {counted(tally.quorum, 'signature')}, so it never took effect"
    if any(has_moved(content.revisions, subject) for subject in tally.signed[0].subjects):
        return "what it was signed for has changed since"
    if not content.trust.policy.asks_no_more_than(content.trust.policies[tally.counted[0].policy]):
        return "it took effect, and the policy has asked more since"
    return ""


def has_moved(revisions: Mapping[Phase, Revision], subject: Subject) -> bool:
    """Whether it has another digest now, is gone, or is there only since; nothing of that can be told where the phase
    that holds it is not exported."""
    if subject.id in PHASES:
        revision = revisions.get(Phase(subject.id))
        return revision is not None and revision.digest != subject.digest
    home = home_of(subject.id)
    if home is None or home not in revisions:
        return False
    ref = revisions[home].manifest.element(subject.id)
    return (ref.digest if ref else "") != subject.digest


def _reason(objects: Mapping[Digest, bytes], found: WaiverStatement) -> str:
    body = objects.get(found.reason)
    if body is None:
        return ERASED
    words = parse_object(body).get("text")
    return words if isinstance(words, str) else _UNREADABLE
