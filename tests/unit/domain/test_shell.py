"""A command that a refusal names is one that works where it is read."""

from __future__ import annotations

import pytest

from vdw.cli.main import build
from vdw.domain.shell import COMMANDS, as_typed

HERE = "vdw --data '/my data'"
WITHOUT_A_SET_UP = {"demo", "verify-export", "mcp"}
"""A demo makes its own, an export is checked without one, and no person starts `vdw mcp`."""


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("See vdw approver list.", f"See {HERE} approver list."),
        ("Make one with `vdw key create`: vdw doctor", f"Make one with `{HERE} key create`: {HERE} doctor"),
        (f"Run: {HERE} gate review", f"Run: {HERE} gate review"),
        ("vdw verify-export FOLDER", "vdw verify-export FOLDER"),
        ("Start vdw again.", "Start vdw again."),
        ("vdw gates nothing, /opt/vdw serve", "vdw gates nothing, /opt/vdw serve"),
    ],
)
def test_the_word_stands_before_our_commands_and_nowhere_else(words: str, typed: str) -> None:
    assert as_typed(words, HERE) == typed
    assert as_typed(typed, HERE) == typed


def test_a_command_that_is_written_behind_its_pin_already_stays() -> None:
    pinned = "VDW_TRUST='/my data/trust.json' vdw"

    typed = as_typed("Run: vdw gate review", pinned)

    assert typed == f"Run: {pinned} gate review"
    assert as_typed(typed, pinned) == typed


def test_every_command_that_looks_at_a_set_up_is_one_of_them() -> None:
    def never(_: object) -> object:
        raise AssertionError

    assert {*COMMANDS, *WITHOUT_A_SET_UP} == set(build(never).commands)  # type: ignore[arg-type]  # nothing is composed
