"""Answers of programs, kept by what they were asked: bounded, in memory, the least recently used go first."""

from __future__ import annotations

import hashlib
import marshal
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from vdw.reasoning.engine import ENGINE_VERSION
from vdw.reasoning.relations import EXTRACTOR, Row
from vdw.reasoning.rulebook import RuleGroup

MAX_COST = 200_000
"""Rows kept, an answer without any counting as one: some 50 MB at worst, and the slices of 10,000 small projects."""

Answered = Mapping[str, Sequence[Row]]


class Memo:
    """Key → rows of the findings. Holds nothing that cannot be worked out again."""

    def __init__(self, max_cost: int = MAX_COST) -> None:
        self._max_cost = max_cost
        self._cost = 0
        self._kept: OrderedDict[bytes, Answered] = OrderedDict()

    def get(self, key: bytes) -> Answered | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: bytes, answered: Answered) -> None:
        if key in self._kept:
            return
        self._kept[key] = answered
        self._cost += _cost(answered)
        while self._cost > self._max_cost:
            self._cost -= _cost(self._kept.popitem(last=False)[1])


def memo_key(group: RuleGroup, rows: Mapping[str, Sequence[Row]]) -> bytes:
    """SHA-256 over the rules, the versions of engine and extractor, and the rows that the rules look at.

    The rows as they come: another order is another key for the same answer, which costs time and nothing else.
    """
    asked = (ENGINE_VERSION, EXTRACTOR, group.text, [(name, rows.get(name, ())) for name in group.relations])
    return hashlib.sha256(marshal.dumps(asked, 2)).digest()  # version 2 writes equal values as equal bytes


def _cost(answered: Answered) -> int:
    return 1 + sum(map(len, answered.values()))
