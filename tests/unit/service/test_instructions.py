"""What a phase asks of an agent, by lane."""

from __future__ import annotations

import pytest

from vdw.domain.stages import LANE_PHASES, Lane, Phase
from vdw.service.instructions import instructions


@pytest.mark.parametrize("phase", LANE_PHASES[Lane.LIGHT])
@pytest.mark.parametrize("word", ["task", "contract", "component"])
def test_the_light_lane_is_asked_for_nothing_that_only_the_full_lane_has(word: str, phase: Phase) -> None:
    assert word not in instructions(Lane.LIGHT, phase).lower()


@pytest.mark.parametrize("lane", Lane)
def test_each_phase_of_a_lane_is_asked_for_something_of_its_own(lane: Lane) -> None:
    asked = {instructions(lane, phase) for phase in LANE_PHASES[lane]}

    assert "" not in asked
    assert len(asked) == len(LANE_PHASES[lane])
