"""What is kept with an object is worked out once, and never while another object's is waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from vdw.domain.kept import kept

WAIT_S = 20.0
"""Longest wait for a thread that has all it needs; only a test that fails waits so long."""


@dataclass(frozen=True)
class Sized:
    work: Callable[[], int]
    asked: list[str] = field(default_factory=list)

    @kept
    def size(self) -> int:
        """How much."""
        self.asked.append("size")
        return self.work()


def test_a_kept_value_is_worked_out_once_and_for_its_object_alone() -> None:
    one, other = Sized(lambda: 1), Sized(lambda: 2)

    read = [one.size, one.size, other.size]

    assert read == [1, 1, 2]
    assert one.asked == ["size"]
    assert Sized.size.__doc__ == "How much."


def test_nobody_waits_while_a_thread_works_out_the_same_property_of_another_object() -> None:
    begun, end = threading.Event(), threading.Event()
    read: list[int] = []

    def long_work() -> int:
        begun.set()
        end.wait(WAIT_S)
        return 1

    large = threading.Thread(target=lambda: Sized(long_work).size)
    small = threading.Thread(target=lambda: read.append(Sized(lambda: 2).size), daemon=True)
    large.start()
    assert begun.wait(WAIT_S)
    small.start()
    small.join(WAIT_S / 4)
    answered = list(read)
    end.set()
    large.join(WAIT_S)

    assert answered == [2], "it waited for the large one"
