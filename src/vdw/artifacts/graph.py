"""Walking the links of all phases: what an element rests on, what rests on it, by distance. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vdw.domain.canonical import Digest
from vdw.domain.ids import DOCUMENT_ID, ElementId, ElementKind, LinkKind, element_kind
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


def outdated_links(links: Iterable[Link], digests: Mapping[ElementId, Digest]) -> tuple[Link, ...]:
    """The links of elements with a stamp that is no longer the digest of what they name."""
    return tuple(link for link in links if link.source != DOCUMENT_ID and digests.get(link.target) != link.stamp)


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


class Traces:
    """Links looked up by target, once for all requirements of a project."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._incoming: dict[tuple[str, LinkKind], set[str]] = {}
        for link in links:
            self._incoming.setdefault((link.target, link.kind), set()).add(link.source)

    def of(self, requirement: str) -> RequirementTrace:
        """Down the links that are made for it: satisfies, specifies, implements, verifies. What merely shares a
        component with the requirement does not answer for it."""
        contracts = self._sources([requirement], LinkKind.SATISFIES, ElementKind.CONTRACT)
        tasks = self._sources(contracts, LinkKind.SPECIFIES, ElementKind.TASK)
        return RequirementTrace(
            components=self._sources([requirement], LinkKind.SATISFIES, ElementKind.COMPONENT),
            contracts=contracts,
            tasks=tasks,
            changes=self._sources([requirement, *tasks], LinkKind.IMPLEMENTS, ElementKind.CHANGE),
            evidence=self._sources([requirement], LinkKind.VERIFIES, ElementKind.EVIDENCE),
        )

    def _sources(self, targets: Iterable[str], link: LinkKind, kind: ElementKind) -> tuple[str, ...]:
        found = {source for target in targets for source in self._incoming.get((target, link), ())}
        return tuple(sorted(source for source in found if element_kind(source) is kind))
