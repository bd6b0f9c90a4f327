"""Walking the links of all phases: what an element rests on, what rests on it, by distance. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from vdw.domain.ids import LinkKind
from vdw.domain.manifest import Link


def impact_of(links: Iterable[Link], start: Iterable[str]) -> dict[str, int]:
    """Everything that rests on the start elements, with its distance in links (1 for what names one of them)."""
    incoming: dict[str, list[str]] = {}
    for link in links:
        incoming.setdefault(link.target, []).append(link.source)
    return _walk(incoming, start)


def basis_of(links: Iterable[Link], start: Iterable[str]) -> dict[str, int]:
    """Everything that the start elements rest on, with its distance in links."""
    outgoing: dict[str, list[str]] = {}
    for link in links:
        outgoing.setdefault(link.source, []).append(link.target)
    return _walk(outgoing, start)


def _walk(edges: dict[str, list[str]], start: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    begin = sorted(set(start))
    seen = set(begin)
    waiting = deque((element, 0) for element in begin)
    while waiting:
        element, distance = waiting.popleft()
        for following in sorted(edges.get(element, ())):
            if following not in seen:
                seen.add(following)
                found[following] = distance + 1
                waiting.append((following, distance + 1))
    return found


@dataclass(frozen=True, slots=True)
class RequirementTrace:
    """What answers for one requirement, phase by phase; each list sorted."""

    components: tuple[str, ...]
    contracts: tuple[str, ...]
    tasks: tuple[str, ...]
    changes: tuple[str, ...]
    evidence: tuple[str, ...]


def requirement_trace(links: Iterable[Link], requirement: str) -> RequirementTrace:
    """Down the links that are made for it: satisfies, specifies, implements, verifies. What merely shares a component
    with the requirement does not answer for it."""
    incoming: dict[tuple[str, LinkKind], set[str]] = {}
    for link in links:
        incoming.setdefault((link.target, link.kind), set()).add(link.source)

    def sources(targets: Iterable[str], kind: LinkKind, prefix: str) -> set[str]:
        return {
            source for target in targets for source in incoming.get((target, kind), ()) if source.startswith(prefix)
        }

    contracts = sources([requirement], LinkKind.SATISFIES, "SPC-")
    tasks = sources(contracts, LinkKind.SPECIFIES, "TSK-")
    return RequirementTrace(
        components=tuple(sorted(sources([requirement], LinkKind.SATISFIES, "CMP-"))),
        contracts=tuple(sorted(contracts)),
        tasks=tuple(sorted(tasks)),
        changes=tuple(sorted(sources([requirement, *tasks], LinkKind.IMPLEMENTS, "CHG-"))),
        evidence=tuple(sorted(sources([requirement], LinkKind.VERIFIES, "EVD-"))),
    )
