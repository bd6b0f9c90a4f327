"""Walking the links of all phases: what an element rests on, what rests on it, by distance. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

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
