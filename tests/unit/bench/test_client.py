"""Our own client, against a server that fails on demand."""

from __future__ import annotations

import threading
from pathlib import Path

from bench.load.client import Load, Taken
from bench.load.plan import Call, Plan, Requests
from tests.unit.bench.answering import BAD, GOOD, Answer, serving


def test_every_call_is_answered_and_counted(tmp_path: Path) -> None:
    taken = run(tmp_path, lambda _: GOOD, rate=200.0)
    assert taken.sent == 20  # at 200 calls per second, in 0.1 s
    assert (taken.answered, taken.failed, taken.lost) == ([20], 0, 0)
    assert len(taken.latencies) == 20


def test_a_tool_error_a_protocol_error_and_a_status_count_as_failed(tmp_path: Path) -> None:
    taken = run(tmp_path, lambda number: BAD.get(number, GOOD), rate=200.0)
    assert (taken.answered, taken.failed) == ([17], 3)
    assert "isError" in taken.sample


def test_a_closed_loop_leaves_nothing_unanswered(tmp_path: Path) -> None:
    taken = run(tmp_path, lambda _: GOOD, rate=0.0)
    assert taken.sent == sum(taken.answered) > 0


def test_in_an_open_loop_latency_counts_from_when_the_call_was_due(tmp_path: Path) -> None:
    """The first answer is held until every other call is due, and there is one connection."""
    held = threading.Event()

    def answer(number: int) -> tuple[int, dict[str, object]]:
        if number == 1:
            threading.Timer(0.2, held.set).start()
            held.wait()
        return GOOD

    taken = run(tmp_path, answer, rate=100.0, connections=1)
    assert len(taken.latencies) == 10
    assert all(
        latency >= 90_000 for latency in taken.latencies
    )  # all were due by 0.1 s, and sent 0.2 s after the first or later


def run(folder: Path, answer: Answer, *, rate: float, connections: int = 4) -> Taken:
    with serving(answer) as port:
        Plan([Call("add", {"a": 1})]).write(folder / "plan", host=f"127.0.0.1:{port}", seed=1)
        load = Load(("127.0.0.1", port), Requests.read(folder / "plan"), connections)
        try:
            return load.run(0.1, rate)
        finally:
            load.close()
