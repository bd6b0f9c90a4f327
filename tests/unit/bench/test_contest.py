"""What counts as an error of a run, with loads that answer as a test wants."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from bench.load.contest import Contest, Contestant, Pace
from bench.load.generators import Taken
from bench.load.plan import Call, Plan
from bench.load.rows import Row
from bench.load.servers import Server

SUBMIT = Plan([Call("submit_artifact", {}), Call("get_project", {})])
ANSWERED = Taken(answered=(5, 7), errors=0, seconds=2.0, sample="", latencies_ms=(1.0, 2.0, 40.0))


@dataclass
class Loads:
    """Every load takes what it is told to; `offered` remembers the rates."""

    taken: Taken = ANSWERED
    offered: list[float] = field(default_factory=list)
    closed_by: str = "client"

    def closed(self, server: Server, plan: Plan, connections: int, seconds: float) -> Taken:
        return self.taken

    def one(self, server: Server, plan: Plan, seconds: float) -> Taken:
        return self.taken

    def open(self, server: Server, plan: Plan, connections: int, seconds: float, rate: float) -> Taken:
        self.offered.append(rate)
        return self.taken


@pytest.fixture
def server() -> Iterator[Server]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as process:
        yield Server("127.0.0.1:1", process)


def test_a_row_whose_calls_stored_as_many_revisions_as_were_answered_has_no_error(server: Server) -> None:
    (row,) = closed(server, Loads(), stored=5)
    assert (row.errors, row.rows_written) == (0, 2 * 5)


@pytest.mark.parametrize("stored", [4, 6])
def test_each_revision_too_few_or_too_many_is_an_error(server: Server, stored: int) -> None:
    (row,) = closed(server, Loads(), stored=stored)
    assert row.errors == 2  # one a round


def test_errors_of_a_load_are_errors_of_its_row(server: Server) -> None:
    (row,) = closed(server, Loads(replace(ANSWERED, errors=3)), stored=5)
    assert row.errors == 6


def test_what_went_wrong_is_said_with_an_answer_as_a_sample(server: Server) -> None:
    said: list[str] = []
    closed(server, Loads(replace(ANSWERED, errors=1, sample="503 busy")), stored=5, said=said)
    assert any("a: 1 errors" in line and "503 busy" in line for line in said)


def test_an_open_loop_offers_sixty_percent_of_the_highest_rate_of_the_run(server: Server) -> None:
    loads, said = Loads(), list[str]()
    contestant = Contestant("a", server, SUBMIT, "a", (1, 16))
    contest = Contest(loads, Pace(2, 1.0, 1.0, 1.0), said.append)
    (row,) = contest.open_rows([contestant], contest.closed_rows([contestant]))

    assert loads.offered == [pytest.approx(0.6 * 12 / 2.0)] * 2
    assert (row.p50_ms, row.p99_ms, row.one_p50_ms, row.calls) == (2.0, 40.0, 2.0, 6)
    assert row.concurrency == 16


def closed(server: Server, loads: Loads, *, stored: int, said: list[str] | None = None) -> list[Row]:
    """Two rounds; each load stores so many revisions."""
    counted = count()
    contestant = Contestant("a", server, SUBMIT, "a", (1,), lambda: (next(counted) + 1) // 2 * stored)
    heard = said if said is not None else []
    return Contest(loads, Pace(2, 1.0, 1.0, 1.0), heard.append).closed_rows([contestant])
