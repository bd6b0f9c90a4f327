"""A sealed key is removed only where it was refused and no trust log names it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vdw.cli.new_keys import new_sealed_key
from vdw.domain.ids import ApproverId, TenantId
from vdw.errors import ErrorCode, VdwError

REFUSAL = VdwError(ErrorCode.TRUST, "The root cannot be pinned.", "Make its folder writable.")


@pytest.mark.parametrize("named", [False, True], ids=["in no log", "in the log"])
@pytest.mark.parametrize("failure", [REFUSAL, OSError()], ids=["refused", "not written"])
def test_what_was_refused_leaves_no_key_unless_the_log_names_it(
    tmp_path: Path, failure: Exception, named: bool
) -> None:
    with pytest.raises(type(failure)):
        _make(tmp_path, named, failure)

    assert bool(list((tmp_path / "approvers").iterdir())) is named


def test_whoever_stops_it_keeps_the_key_since_it_may_be_committed_yet(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _make(tmp_path, False, KeyboardInterrupt())

    assert len(list((tmp_path / "approvers").iterdir())) == 1


def test_what_came_of_it_keeps_its_key(tmp_path: Path) -> None:
    assert _make(tmp_path, False, None).exists()


def _make(folder: Path, named: bool, failure: BaseException | None) -> Path:
    secret = "a long passphrase"
    with new_sealed_key(folder, TenantId("ten_a"), ApproverId("apr_a"), secret, os.urandom, is_named=lambda: named) as (
        signer,
        path,
    ):
        assert (signer.keyid, path.exists()) == ("apr_a", True)
        if failure is not None:
            raise failure
    return path
