"""Rows as the rules across slices would get them if nothing were pruned, and one rule run over all rows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vdw.reasoning import child
from vdw.reasoning.program import MARKS, Answer, build_program, require_whole
from vdw.reasoning.relations import LINK_RELATIONS, Row
from vdw.reasoning.rows import Extract
from vdw.reasoning.rulebook import RuleGroup

NONCE = 424_242


def unpruned(extracted: Extract) -> dict[str, list[Row]]:
    """Every row of the project in one heap: no slices, every link, everybody asked."""
    rows = dict(extracted.rows)
    chain = [(name, row) for name in sorted(set(LINK_RELATIONS.values())) for row in rows.get(name, ())]
    links = [(row[0], extracted.phases[row[0]], row[1], row[2]) for _, row in chain]
    return {
        **rows,
        "link": [*links, *rows.get("rests_on", ())],
        "stands": sorted(extracted.versions.items()),
        "asked": sorted({(element,) for row in rows.get("depends_on", ()) for element in row}),
    }


def derived(group: RuleGroup, rows: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """What the rules of the group derive from the rows, by Mangle in this process."""
    program = build_program(group, rows, NONCE)
    body = child.evaluate({"text": program.text, "finds": [*program.finds, *MARKS], "counts": [*program.counts]})
    assert "error" not in body, body["error"]
    return require_whole(program, Answer(body["rows"], body["counts"]))
