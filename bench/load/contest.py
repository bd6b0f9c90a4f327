"""Runs contestants against each other: in every round each has its turn at each concurrency, so that a busy moment of
the machine meets all of them.

Errors are calls that failed or were never answered, and revisions that were stored without an answer or answered
without being stored. Nothing here judges how quick anything is.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypedDict

from bench.load.generators import Taken
from bench.load.plan import Plan
from bench.load.rows import Row, highest_rates, latencies, paired_ratio, percentile
from bench.load.servers import Server

OPEN_SHARE = 0.6
"""Of the highest rate of the same run, that an open loop offers."""
WARM_UP_S = 0.3
STORING = "submit_artifact"
"""The tool of which each answered call has stored one revision."""


class Loads(Protocol):
    """What runs a load against a server; see generators.py."""

    @property
    def closed_by(self) -> str: ...

    def closed(self, server: Server, plan: Plan, connections: int, seconds: float) -> Taken: ...

    def one(self, server: Server, plan: Plan, seconds: float) -> Taken: ...

    def open(self, server: Server, plan: Plan, connections: int, seconds: float, rate: float) -> Taken: ...


@dataclass(frozen=True, slots=True)
class Contestant:
    """`sdk`: the contestant that it is measured against, itself allowed. `stored` counts revisions in its store."""

    name: str
    server: Server
    plan: Plan
    sdk: str
    concurrencies: Sequence[int]
    stored: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: of a closed loop, of one connection alone, of an open loop; and how many rounds of each."""

    rounds: int
    closed_s: float
    one_s: float
    open_s: float


class _Cost(TypedDict):
    errors: int
    rss_mb: float
    rows_written: int | None


@dataclass(slots=True)
class _Rounds:
    """What the rounds of one row took. `alone`: the loads of one connection, in an open row."""

    taken: list[Taken] = field(default_factory=list)
    alone: list[Taken] = field(default_factory=list)
    errors: int = 0
    written: int = 0
    rss_mb: float = 0.0

    @property
    def rates(self) -> list[float]:
        return [each.calls_per_s for each in self.taken]

    @property
    def one_p50s(self) -> list[float]:
        return [percentile(each.latencies_ms, 50) for each in self.alone if each.latencies_ms]


class Contest:
    """Measures; `say` is told how far it is, and what fails."""

    def __init__(self, loads: Loads, pace: Pace, say: Callable[[str], None]) -> None:
        self._loads = loads
        self._pace = pace
        self._say = say

    def warm_up(self, contestants: Sequence[Contestant]) -> None:
        """The first calls of a server are slower, and not what it is measured by."""
        for each in contestants:
            self._run(each, _Rounds(), self._loads.one, WARM_UP_S)

    def closed_rows(self, contestants: Sequence[Contestant]) -> list[Row]:
        found = {(each.name, connections): _Rounds() for each in contestants for connections in each.concurrencies}
        for number in range(1, self._pace.rounds + 1):
            self._say(f"calls per second, round {number} of {self._pace.rounds}")
            for each in contestants:
                for connections in each.concurrencies:
                    rounds = found[each.name, connections]
                    rounds.taken.append(self._run(each, rounds, self._loads.closed, connections, self._pace.closed_s))
        return [
            Row(
                name=each.name,
                table="closed",
                load=self._loads.closed_by,
                concurrency=connections,
                calls_per_s=statistics.median(found[each.name, connections].rates),
                sdk=each.sdk,
                ratio_to_sdk=paired_ratio(found[each.name, connections].rates, found[each.sdk, connections].rates),
                **_what_it_cost(found[each.name, connections]),
            )
            for each in contestants
            for connections in each.concurrencies
        ]

    def open_rows(self, contestants: Sequence[Contestant], closed: Sequence[Row]) -> list[Row]:
        """Latency at `OPEN_SHARE` of the highest rate of the contestant's closed rows."""
        offered = {name: OPEN_SHARE * rate for name, rate in highest_rates(closed).items()}
        found = {each.name: _Rounds() for each in contestants}
        for number in range(1, self._pace.rounds + 1):
            self._say(f"latency, round {number} of {self._pace.rounds}")
            for each in contestants:
                rounds, connections = found[each.name], max(each.concurrencies)
                rounds.alone.append(self._run(each, rounds, self._loads.one, self._pace.one_s))
                rounds.taken.append(
                    self._run(each, rounds, self._loads.open, connections, self._pace.open_s, offered[each.name])
                )
        return [self._open_row(each, found, offered[each.name]) for each in contestants]

    def _open_row(self, each: Contestant, found: Mapping[str, _Rounds], offered: float) -> Row:
        rounds = found[each.name]
        times = [took for taken in rounds.taken for took in taken.latencies_ms]
        alone = rounds.one_p50s
        return Row(
            name=each.name,
            table="open",
            load="client",
            concurrency=max(each.concurrencies),
            calls_per_s=statistics.median(rounds.rates),
            calls=len(times),
            sdk=each.sdk,
            ratio_to_sdk=paired_ratio(found[each.sdk].one_p50s, alone),
            offered_per_s=offered,
            one_p50_ms=statistics.median(alone) if alone else None,
            **latencies(times),
            **_what_it_cost(rounds),
        )

    def _run(self, each: Contestant, rounds: _Rounds, load: Callable[..., Taken], *arguments: float) -> Taken:
        """Runs the load, compares what it stored with what was answered, and adds what went wrong to the rounds."""
        before = each.stored() if each.stored else 0
        taken = load(each.server, each.plan, *arguments)
        answered = sum(
            count for call, count in zip(each.plan.calls, taken.answered, strict=True) if call.tool == STORING
        )
        written = each.stored() - before if each.stored else 0
        mismatch = abs(written - answered) if each.stored else 0
        if mismatch or taken.errors:
            self._say(f"{each.name}: {taken.errors} errors; {written} stored of {answered} answered; {taken.sample}")
        rounds.errors += taken.errors + mismatch
        rounds.written += written
        rounds.rss_mb = each.server.rss_mb()
        return taken


def _what_it_cost(rounds: _Rounds) -> _Cost:
    return {
        "errors": rounds.errors,
        "rss_mb": rounds.rss_mb,
        "rows_written": rounds.written or None,
    }
