"""A refounding whose process is killed at any point: what comes next goes on from there, and nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.service.walking import Tenant, Walk
from vdw.service.refounded import count_left, put_back_all
from vdw.service.trust_view import TrustView
from vdw.trust.pin import read_pins
from vdw.trust.state import TrustState

CHILD = Path(__file__).with_name("refounding_child.py")
SOURCE = Path(__file__).parents[3] / "src"
PROJECTS = 3

BEFORE_THE_ENTRIES = [("before_begin", 1), ("before_commit", 1)]
"""Announced beside the pin, and not in the store."""
BEFORE_THE_PIN = [("after_commit", 1), ("before_reply", 1)]
"""In the store, and not pinned. Only the process knew of it, so only the pin's own file can tell."""
IN_THE_SWEEP = [
    ("before_begin", 2),
    ("after_commit", 2),
    ("before_commit", 3),
    ("after_commit", 3),
    ("after_commit", 4),
]


@pytest.mark.parametrize(("point", "times"), BEFORE_THE_ENTRIES)
async def test_before_the_entries_are_stored_everything_is_as_it_was(tenant: Tenant, point: str, times: int) -> None:
    walks, before = await _open_projects(tenant), _trust(tenant)

    after = _killed(tenant, point, times)

    assert _trust(after) == before
    assert [Walk(after, walk.project).view() for walk in walks] == [walk.view() for walk in walks]
    await walks[0].pass_gate()
    assert read_pins(tenant.pin_file).announced == {}


@pytest.mark.parametrize(("point", "times"), [*BEFORE_THE_PIN, *IN_THE_SWEEP])
async def test_once_the_entries_are_stored_the_next_process_finishes_what_is_left(
    tenant: Tenant, point: str, times: int
) -> None:
    walks, lost = await _open_projects(tenant), _trust(tenant)

    after = _killed(tenant, point, times)
    trust = _trust(after)
    left = count_left(after.env, after.operator)
    moved = await put_back_all(after.env, after.operator)

    assert (trust.lost_roots[-1].entry, trust.root_position) == (lost.root, lost.position + 1)
    assert read_pins(tenant.pin_file).require(trust.tenant).root == trust.root
    assert left == moved == PROJECTS - _back_before(point, times)
    assert [Walk(after, walk.project).view().phase for walk in walks] == ["mood"] * PROJECTS
    assert await put_back_all(after.env, after.operator) == 0


async def _open_projects(tenant: Tenant) -> list[Walk]:
    walks = [await Walk.begin(tenant, vibe=f"It must boil {number} litres.") for number in range(PROJECTS)]
    for walk in walks:
        await walk.pass_gate()
    return walks


def _back_before(point: str, times: int) -> int:
    """Projects whose commit, after the one of the entries, was done when the process died."""
    return max(0, times - 1 if point in ("after_commit", "before_reply") else times - 2)


def _killed(tenant: Tenant, point: str, times: int) -> Tenant:
    """The tenant as a process sees it that comes after one that died there."""
    folder = tenant.pin_file.parent
    child = subprocess.run(
        [sys.executable, str(CHILD), str(folder), point, str(times)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    return replace(tenant, env=replace(tenant.env, trust=TrustView(tenant.pin_file, tenant.env.store)))


def _trust(tenant: Tenant) -> TrustState:
    return tenant.env.store.read(lambda reader: tenant.env.trust.state(reader, tenant.operator.tenant))
