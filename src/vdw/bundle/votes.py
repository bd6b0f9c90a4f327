"""What a reader of an export is told of each vote beside its verdict: whether it counts, and whose work it was on.

Counting is the log's (`trust.votes`): a signature that is there, and lawful, may still have opened nothing.
"""

from __future__ import annotations

from vdw.bundle.content import ExportContent
from vdw.domain.counting import counted
from vdw.domain.stages import GateVerdict
from vdw.trust.state import Accepted
from vdw.trust.statements import DecisionStatement
from vdw.trust.votes import count_votes


def vote_notes(content: ExportContent, vote: Accepted[DecisionStatement]) -> tuple[str, ...]:
    """What is to be known of a vote on the exported bytes; nothing of one that counts and is on the work of others."""
    found = vote.statement
    itself = content.trust.owner_of(found.approver) in found.owners and found.verdict is GateVerdict.APPROVE
    void = _void(content, vote)
    return (*(["self-approved"] if itself else []), *([void] if void else []))


def _void(content: ExportContent, vote: Accepted[DecisionStatement]) -> str:
    """Why it counts for nothing, '' where its review has its verdict by it."""
    found = vote.statement
    tally = count_votes(content.trust, found.project, found.review, content.root)
    if vote.envelope in tally.envelopes:
        if tally.verdict is not None:
            return ""
        needed = counted(content.trust.policies[found.policy].quorum, "approval")
        return f"not counted: its review has {len(tally.envelopes)} of {needed}"
    if tally.verdict is GateVerdict.REJECT:
        return "void: its review was rejected"
    return "void: its key was ended before its review had its verdict"
