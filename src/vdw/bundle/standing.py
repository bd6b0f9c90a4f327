"""Which of the approved phases stand no longer, and why: what was approved stays approved, but opens nothing any more.

What links and stamps say is worked out here, whatever the server says. That a gate has to be passed again for another
reason (a rule that blocks it now, a policy that asks more) only the server knows, by the stage that the phase is in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass

from vdw.artifacts.catalogue import home_of
from vdw.artifacts.graph import impact_of, outdated_links
from vdw.artifacts.revision import Revision
from vdw.bundle.content import ExportContent
from vdw.bundle.waivers import has_moved
from vdw.domain.canonical import Digest
from vdw.domain.fields import mapping, text
from vdw.domain.ids import DOCUMENT_ID, ElementId
from vdw.domain.manifest import Link
from vdw.domain.stages import LANE_PHASES, Lane, Phase, Stage
from vdw.trust.votes import WaiverTally

MAX_NAMED = 5
"""Links that one phase's sentence names; how many more there are, it counts."""
_STALE_RULES = ("stale", "stale_basis", "stale_gone")
"""Those whose subjects are an element and what it rests on (`reasoning/rules`)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`words` says of each phase that stands no longer why; `stale` are the elements that rest on what has changed."""

    words: Mapping[Phase, str]
    stale: Set[str]


def standing_of(content: ExportContent) -> Standing:
    """What is exported, as it stands."""
    told = mapping(content.project["phases"])
    passed = {phase for phase in content.phases if text(mapping(told[phase.value])["stage"]) == Stage.APPROVED}
    return standing(content.revisions, Lane(text(content.project["lane"])), passed, content.waivers())


def standing(
    revisions: Mapping[Phase, Revision], lane: Lane, passed: Collection[Phase], waivers: Iterable[WaiverTally]
) -> Standing:
    """How these approved revisions stand in the lane. `passed` are the gates that the project has behind it; what a
    waiver of these very elements lifts keeps no phase from standing."""
    digests: dict[ElementId, Digest] = {
        ref.id: ref.digest
        for revision in revisions.values()
        for ref in revision.manifest.elements
        if ref.id != DOCUMENT_ID
    }
    links = {phase: _held_links(phase, revisions) for phase in revisions}
    every = [link for found in links.values() for link in found]
    outdated = frozenset(outdated_links(every, digests))
    changed = {link.source for link in outdated}
    stale = changed | set(impact_of(every, changed))
    lifted = {_subjects(tally) for tally in waivers if _lifts(revisions, tally)}
    words: dict[Phase, str] = {}
    earlier: list[Phase] = []
    for phase in LANE_PHASES[lane]:
        if phase in revisions:
            reasons = [
                _stale_words(link, outdated, digests)
                for link in links[phase]
                if (link in outdated or link.target in stale) and (link.source, link.target) not in lifted
            ] or _reasons_before(earlier, revisions, words)
            if reasons or phase not in passed:
                words[phase] = f"approved, but no longer standing: {_listed(reasons)}"
        earlier.append(phase)
    return Standing(words, stale)


def _held_links(phase: Phase, revisions: Mapping[Phase, Revision]) -> list[Link]:
    """The links of the phase's elements to what is exported, or would be if it were still there."""
    return [
        link
        for link in revisions[phase].manifest.links
        if link.source != DOCUMENT_ID and home_of(link.target) in revisions
    ]


def _reasons_before(earlier: Iterable[Phase], revisions: Collection[Phase], words: Collection[Phase]) -> list[str]:
    """The first of the phases before that keeps a phase from standing."""
    for phase in earlier:
        if phase not in revisions:
            return [f"the {phase.value} phase before it is not approved as it is now"]
        if phase in words:
            return [f"the {phase.value} phase before it stands no longer"]
    return []


def _listed(reasons: list[str]) -> str:
    more = len(reasons) - MAX_NAMED
    shown = reasons[:MAX_NAMED] or ["the project has to pass this gate again"]
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _stale_words(link: Link, outdated: Collection[Link], digests: Mapping[ElementId, Digest]) -> str:
    if link not in outdated:
        return f"{link.source} rests on {link.target}, which is stale itself"
    return f"{link.source} rests on {link.target}, which {'has changed since' if link.target in digests else 'is gone'}"


def _lifts(revisions: Mapping[Phase, Revision], tally: WaiverTally) -> bool:
    first = tally.signed[0]
    unmoved = not any(has_moved(revisions, subject) for subject in first.subjects)
    return tally.reached and first.rule in _STALE_RULES and unmoved


def _subjects(tally: WaiverTally) -> tuple[str, ...]:
    return tuple(subject.id for subject in tally.signed[0].subjects)
