"""Rows for the rules that look across slices, pruned to what can matter to them.

Pruning only leaves out rows that no derivation of the rule can use; the rule itself is decided by the engine. The
second opinion in the tests runs on everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from vdw.reasoning.relations import LINK_RELATIONS, Row, Rows
from vdw.reasoning.rows import Extract


def rows_across(extract: Extract) -> Rows:
    """The project's rows, with `link` and `stands` cut to what rests on a change, and `depends_on` to its knots."""
    knots = _knots(extract.rows.get("depends_on", ()))
    group = {element: place for place, knot in enumerate(knots) for element in knot}
    return {
        **extract.rows,
        **_unsettled(extract),
        "depends_on": [
            row for row in extract.rows.get("depends_on", ()) if row[0] in group and group[row[0]] == group.get(row[1])
        ],
        "asked": [(min(knot),) for knot in knots],
    }


def _unsettled(extract: Extract) -> Rows:
    """Links whose target has changed or is gone, and links to what rests on those; with the targets' versions."""
    versions = extract.versions
    names = sorted(set(LINK_RELATIONS.values()))
    links = [row for name in names for row in extract.rows.get(name, ())]
    links += [(element, basis, stamp) for element, _, basis, stamp in extract.rows.get("rests_on", ())]
    kept = [row for row in links if versions.get(row[1]) != row[2]]
    if not kept:
        return {"link": [], "stands": []}
    into: dict[int, list[Row]] = defaultdict(list)
    for row in links:
        into[row[1]].append(row)
    met = {row[0] for row in kept}
    waiting = list(met)
    while waiting:
        for row in into.get(waiting.pop(), ()):
            kept.append(row)
            if row[0] not in met:
                met.add(row[0])
                waiting.append(row[0])
    bases = {row[1] for row in kept if row[1] in versions}
    return {
        "link": [(element, extract.phases[element], basis, stamp) for element, basis, stamp in kept],
        "stands": [(basis, versions[basis]) for basis in bases],
    }


def _knots(links: Iterable[Row]) -> list[set[int]]:
    """Groups of elements of which each depends on each (strongly connected components, by Kosaraju's two walks)."""
    onward, back = _neighbours(links), _neighbours((target, source) for source, target in links)
    knots: list[set[int]] = []
    taken: set[int] = set()
    for start in reversed(_in_order_of_leaving(onward)):
        if start in taken:
            continue
        knot, waiting = {start}, [start]
        while waiting:
            for element in back.get(waiting.pop(), set()) - knot - taken:
                knot.add(element)
                waiting.append(element)
        taken |= knot
        if len(knot) > 1 or start in onward.get(start, ()):
            knots.append(knot)
    return knots


def _in_order_of_leaving(onward: Mapping[int, set[int]]) -> list[int]:
    """Every element, in the order in which a walk in depth has seen all that follows it."""
    left: dict[int, None] = {}
    entered: set[int] = set()
    for start in onward:
        waiting = [start]
        while waiting:
            element = waiting[-1]
            if element in entered:
                left.setdefault(waiting.pop())
            else:
                entered.add(element)
                waiting += onward.get(element, set()) - entered
    return list(left)


def _neighbours(links: Iterable[tuple[int, ...]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for source, target in links:
        found[source].add(target)
    return found
