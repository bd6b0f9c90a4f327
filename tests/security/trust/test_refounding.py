"""A refounding that died half-way is finished by whoever reads next, and a forged one never is.

Whoever writes the database sees the genuine entries, can take them away, put them back and write others beside them.
The pin's file, where the root that is to come was announced, they cannot write.
"""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.security.trust.victim import Victim
from tests.unit.trust.chains import ARTIFACT, TENANT, Log, forged_entry
from vdw.domain.ids import ProjectId
from vdw.errors import ErrorCode, VdwError
from vdw.trust.envelope import parse_envelope
from vdw.trust.pin import Pin, read_pins


@pytest.fixture
def log(victim: Victim) -> Log:
    """The log whose only key is lost, in the store and pinned."""
    made = Log()
    made.server_key("old", "ada")
    victim.keeps(made)
    assert victim.trust() == made.state
    return made


def refounded(log: Log, name: str = "eve") -> Log:
    """The log under a new root; `log` itself stays as it is."""
    new = deepcopy(log)
    new.refound(name)
    new.server_key("new", name)
    return new


def pinned(victim: Victim) -> Pin:
    return read_pins(victim.pin_file).require(TENANT)


def assert_distrusted(victim: Victim) -> None:
    before = victim.pin_file.read_bytes()
    for ask in (victim.trust, victim.trust_after_restart):
        with pytest.raises(VdwError) as refused:
            ask()
        assert refused.value.code is ErrorCode.TRUST
    assert victim.pin_file.read_bytes() == before


def test_what_was_announced_and_not_committed_changes_nothing(victim: Victim, log: Log) -> None:
    victim.announces(log, refounded(log))

    assert victim.trust_after_restart() == victim.trust() == log.state
    assert pinned(victim) == log.pin


@pytest.mark.parametrize("restarted", [False, True], ids=["a process that verified before", "a new process"])
def test_what_was_announced_and_committed_is_finished_by_the_next_reader(
    victim: Victim, log: Log, restarted: bool
) -> None:
    new = refounded(log)
    victim.announces(log, new)
    victim.rewrite(new.entries)

    found = victim.trust_after_restart() if restarted else victim.trust()

    assert found == new.state
    assert pinned(victim) == new.pin
    assert read_pins(victim.pin_file).announced == {}


def test_a_refounding_that_nobody_announced_is_not_believed(victim: Victim, log: Log) -> None:
    victim.rewrite(refounded(log).entries)

    assert_distrusted(victim)


def test_another_refounding_than_the_announced_one_is_not_believed(victim: Victim, log: Log) -> None:
    victim.announces(log, refounded(log))
    victim.rewrite(refounded(log, "mallory").entries)

    assert_distrusted(victim)


def test_a_second_refounding_behind_the_announced_one_is_not_believed(victim: Victim, log: Log) -> None:
    new = refounded(log)
    victim.announces(log, new)
    victim.rewrite(refounded(new, "mallory").entries)

    assert_distrusted(victim)


def test_entries_slipped_in_before_the_announced_ones_are_not_believed(victim: Victim, log: Log) -> None:
    new = refounded(log)
    victim.announces(log, new)
    theirs = refounded(log, "mallory")
    moved = forged_entry(theirs.state, parse_envelope(new.entries[-2].envelope))
    victim.rewrite([*theirs.entries, moved])

    assert_distrusted(victim)


def test_the_announced_root_without_what_was_announced_with_it_is_not_believed(victim: Victim, log: Log) -> None:
    new = refounded(log)
    victim.announces(log, new)
    victim.rewrite(new.entries[:-1])

    assert_distrusted(victim)


def test_an_announced_refounding_is_over_once_the_old_root_decides_again(victim: Victim, log: Log) -> None:
    new = refounded(log)
    victim.announces(log, new)
    log.decide("ada")
    victim.rewrite(log.entries)
    assert victim.trust().approves(log.entries[-1].envelope_digest, ProjectId("prj_a"), ARTIFACT)

    victim.rewrite(new.entries)

    assert_distrusted(victim)


def test_after_a_refounding_the_log_that_it_left_behind_is_not_believed(victim: Victim, log: Log) -> None:
    new = refounded(log)
    victim.announces(log, new)
    victim.rewrite(new.entries)
    assert victim.trust() == new.state

    log.decide("ada")
    victim.rewrite(log.entries)

    assert_distrusted(victim)


def test_an_announcement_for_one_root_finishes_no_refounding_of_another_log(victim: Victim, log: Log) -> None:
    victim.announces(log, refounded(log))
    theirs = Log("mallory")
    theirs.server_key("old", "mallory")
    victim.rewrite(refounded(theirs).entries)

    assert_distrusted(victim)
