"""Which root vouches for what, where a tenant's trust began anew: the words for report, summary and verification.

A pin vouches for the present root alone. What came before is fixed entry by entry, because the present root was signed
over the head that it left; that those entries were the approvers' is the word of whoever signed it, and is said so.
"""

from __future__ import annotations

from vdw.bundle.content import ExportContent


def root_lines(content: ExportContent) -> tuple[str, ...]:
    """What a reader has to know of every root that was replaced, and of one under which this was approved."""
    lines = [
        f"the trust log was founded anew at entry {lost.replaced_at}: nothing signed before it opens a gate any more"
        for lost in content.trust.lost_roots
    ]
    if content.root.mark:
        lines.append(
            f"every phase here was approved {content.root.mark}; nobody has approved it under the present root "
            f"{content.trust.root}"
        )
    return tuple(lines)


def roots_checked(content: ExportContent) -> tuple[str, ...]:
    """What verification has made sure of beyond the pinned root."""
    if not content.root.mark:
        return ()
    return (
        f"up to entry {content.root.replaced_at} each entry is signed by whom the log before it demands, from the root "
        f"{content.root.entry} on, and the present root is signed over the last of them",
    )


def roots_unchecked(content: ExportContent) -> tuple[str, ...]:
    """What the pin cannot say of a root that was replaced."""
    if not content.root.mark:
        return ()
    return (
        f"Whether the replaced root {content.root.entry} was the approvers': compare it with a pin from before. That this is "
        "the log it left, whoever signed the present root vouches for.",
    )
