"""Cutting a project into slices, so that a change costs what it touches and no program outgrows the engine.

A slice holds its own elements, the links to them, and what hangs on those as far as the changes. An element is at home
in the slice of the lowest requirement that it serves, so most links never cross. What decides a finding lies whole in
at least one slice, and no slice lacks what would prevent one: so all together answer the same for any size of a slice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from vdw.reasoning.relations import RELATION, Row, Rows
from vdw.reasoning.rows import Extract

SLICE_SIZE = 50
"""Element numbers of one slice. Measured with 6 elements and 5 links a requirement, side by side, over 1,000
requirements: slices of 25 take a tenth less after a change, and a tenth to a third more for the whole; of 100, twice as
much a slice."""

_SERVES = (
    ("component_satisfies", 0, 1),
    ("contract_satisfies", 0, 1),
    ("specifies", 0, 1),
    ("implements_requirement", 0, 1),
    ("implements", 0, 1),
    ("result", 1, 0),
    ("measurement", 1, 0),
)
"""Relation, column of what serves, column of what is served. What is served has its own home by then."""


def cut(extract: Extract, relations: Iterable[str], size: int = SLICE_SIZE) -> dict[int, Rows]:
    """Slice → its rows of the `relations` that slices hold. A slice without a row is left out."""
    rows = extract.rows
    wanted = {name for name in relations if RELATION[name].home is not None}
    home = _homes(extract, size)
    slices: dict[int, Rows] = defaultdict(lambda: defaultdict(list))
    for name in wanted - {"rests_on"}:
        column = RELATION[name].home or 0
        for row in rows.get(name, ()):
            slices[home[row[column]]][name].append(row)
    if "rests_on" in wanted:
        for row in rows.get("rests_on", ()):
            slices[home[row[2] if row[2] in home else row[0]]]["rests_on"].append(row)
    if "specifies" in wanted:
        _bring_what_hangs(rows, home, slices)
    return slices


def _homes(extract: Extract, size: int) -> dict[int, int]:
    home = {number: number // size for number in extract.versions}
    served: dict[int, int] = {}
    for name, source, target in _SERVES:
        for row in extract.rows.get(name, ()):
            place = home[row[target]]
            if place <= served.get(row[source], place):
                served[row[source]] = home[row[source]] = place
    return home


def _bring_what_hangs(rows: Rows, home: Mapping[int, int], slices: Mapping[int, Rows]) -> None:
    """A requirement's slice needs its whole chain: tasks and changes of contracts that are at home elsewhere as
    well."""
    contracts = [row for row in rows.get("contract_satisfies", ()) if home[row[0]] != home[row[1]]]
    tasks = [row for row in rows.get("specifies", ()) if home[row[0]] != home[row[1]]]
    if not contracts and not tasks:
        return
    tasks_of, changes_of = _by_target(rows.get("specifies", ())), _by_target(rows.get("implements", ()))
    for contract, requirement, _ in contracts:
        there = slices[home[requirement]]
        for row in tasks_of.get(contract, ()):
            there["specifies"].append(row)
            there["implements"] += changes_of.get(row[0], ())
    for task, contract, _ in tasks:
        slices[home[contract]]["implements"] += changes_of.get(task, ())


def _by_target(links: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in links:
        found[row[1]].append(row)
    return found
