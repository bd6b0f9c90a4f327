"""Where the approvers in force cannot give the approvals that the policy asks: what every view says of that.

It is a warning and no refusal: work of somebody who is no approver may be approved by all of them.
"""

from __future__ import annotations

from vdw.domain.counting import counted
from vdw.domain.policy import Policy


def closed_gates(policy: Policy, owners: int, command: str, *, when: str = "") -> tuple[str, str] | None:
    """What will never be approved by that many approvers, and the commands that mend it, each beginning with `command`;
    None where all work of theirs can be. `when`: since when they are that many, where it is not so now."""
    able = owners if policy.self_approval else owners - 1
    if policy.quorum <= able:
        return None
    whose = "No work" if policy.self_approval else "What an approver's own agents made, only others may approve, so it"
    never = "will ever" if policy.self_approval else "will never"
    fewer = f"--quorum {able}" if able else "--quorum 1 --self-approval"
    return (
        f"{counted(owners, 'approver')} in force{when}. {whose} {never} get {counted(policy.quorum, 'approval')}.",
        f"Enrol one more: {command} approver enrol FILE - or ask for less: {command} approver policy {fewer}",
    )
