"""A decision whose process is killed has been taken whole or not at all, and whoever tries again is told which."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.interaction.cli.conftest import PASSPHRASE, VIBE, Settled
from tests.interaction.cli.terminal import Terminal, vdw

DYING = str(Path(__file__).with_name("dying.py"))
TAKEN = {"before_begin": False, "before_commit": False, "after_commit": True, "before_reply": True}
"""Point of the commit at which the process is killed, after the signature → whether the decision was taken."""
NEAREST = ("before_commit", "after_commit")
"""The two points between which the decision is taken."""
FARTHER = ("before_begin", "before_reply")


def signed(terminal: Terminal) -> int:
    with terminal:
        terminal.answer("Passphrase: ", PASSPHRASE)
        return terminal.finish()


@pytest.mark.parametrize("point", [*NEAREST, *(pytest.param(point, marks=pytest.mark.slow) for point in FARTHER)])
def test_a_killed_decision_is_whole_or_not_there_and_a_retry_works(point: str, settled: Settled) -> None:
    project = str(settled.asked_for_review(f"{VIBE}- It must be {point}.\n")["project"])
    killed = settled.at_terminal("gate", "approve", project, program=(DYING, point))

    assert signed(killed) == -signal.SIGKILL
    assert "Signed" not in killed.said

    if TAKEN[point]:
        again = vdw(settled.environment, "gate", "approve", project)
        assert again.stderr.startswith("vdw: No review is open in this project.")
    else:
        assert signed(settled.at_terminal("gate", "approve", project)) == 0
    events = json.loads(vdw(settled.environment, "project", "timeline", project, "--json").stdout)["events"]
    assert [event["type"] for event in events][-4:] == ["review_opened", "voted", "review_ended", "approved"]
    assert vdw(settled.environment, "doctor").returncode == 0
