"""wrk with our script, and our own client, count alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.load.generators import Generators, Taken
from bench.load.plan import COUNT, PROJECT, Call, Plan
from bench.load.servers import Server
from tests.tools import require_tool
from tests.unit.bench.answering import BAD, GOOD, Answer, serving

SECONDS = 0.2
PLAN = Plan([Call("get_project", {"project": PROJECT}), Call("submit_artifact", {"word": COUNT})], ["prj_a", "prj_b"])


@pytest.fixture(params=["wrk", "client"])
def generators(request: pytest.FixtureRequest, tmp_path: Path) -> Generators:
    return Generators(tmp_path, wrk=require_tool("wrk") if request.param == "wrk" else None)


def test_answers_are_counted_for_each_call_of_the_plan(generators: Generators) -> None:
    taken = load(generators, lambda _: GOOD)
    assert taken.errors == 0
    assert len(taken.answered) == 2
    assert abs(taken.answered[0] - taken.answered[1]) <= 1 < sum(taken.answered)  # they take turns
    assert taken.calls_per_s == sum(taken.answered) / taken.seconds


def test_every_way_to_fail_is_an_error(generators: Generators) -> None:
    taken = load(generators, lambda number: BAD.get(number, GOOD))
    assert taken.errors == len(BAD)
    assert "isError" in taken.sample


def load(generators: Generators, answer: Answer) -> Taken:
    with serving(answer) as port, subprocess.Popen([sys.executable, "-c", ""], text=True) as process:
        return generators.closed(Server(f"127.0.0.1:{port}", process), PLAN, 1, SECONDS)
