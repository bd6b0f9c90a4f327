"""A store that is put back from a copy, as docs/restoring.md says: it goes on, and what the pin notices of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.unit.service.conftest import app_in, environment
from tests.unit.service.walking import Tenant, Walk, refusal
from vdw.domain.stages import Phase
from vdw.errors import VdwError
from vdw.service.project_views import get_project

PAGE = Path(__file__).parents[3] / "docs" / "restoring.md"


@dataclass(frozen=True, slots=True)
class Copy:
    store: Path
    pin: Path


def copied(tenant: Tenant, folder: Path) -> Copy:
    """Pin and store, copied by the page's own words while the store is open and its newest commits are in the log
    alone."""
    program = PAGE.read_text("utf-8").partition("<<'END'\n")[2].partition("\nEND\n")[0]
    copy = Copy(folder / "copy.db", folder / "copied-pin.json")
    shutil.copy(tenant.pin_file, copy.pin)
    subprocess.run([sys.executable, "-", str(tenant.store_file), str(copy.store)], input=program, text=True, check=True)
    return copy


@contextmanager
def restored(tenant: Tenant, copy: Copy, *, pin: bool) -> Iterator[Tenant]:
    """The tenant after the page's four steps, in a process that starts then; without the copy's pin if so told."""
    tenant.env.store.close()
    for ending in ("", "-wal", "-shm"):
        tenant.store_file.with_name(f"vdw.db{ending}").unlink(missing_ok=True)
    shutil.copy(copy.store, tenant.store_file)
    if pin:
        shutil.copy(copy.pin, tenant.pin_file)
    app = app_in(tenant.store_file.parents[1])
    env, clock = environment(app, tenant.env.reasoner)
    yield replace(tenant, env=env, clock=clock)
    env.store.close()


async def test_a_store_that_is_put_back_with_its_pin_goes_on(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    copy, approved = copied(tenant, tmp_path), walk.approved()
    await walk.pass_gate()

    with restored(tenant, copy, pin=True) as now:
        again = Walk(now, walk.project)

        assert (again.view().phase, again.approved()) == ("architecture", approved)
        await again.to(Phase.VALIDATION)
        assert again.view().phase == "validation"


async def test_a_store_from_before_a_decision_is_refused_by_whoever_has_seen_that(
    tenant: Tenant, tmp_path: Path
) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    copy = copied(tenant, tmp_path)
    await walk.decide()

    with restored(tenant, copy, pin=False) as now, pytest.raises(VdwError) as caught:
        get_project(now.env, now.agent, walk.project)

    assert (refusal(caught), caught.value.public) == (
        "trust",
        "The trust log does not verify, so no decision in it counts.",
    )


async def test_a_store_from_before_a_submission_is_not_told_from_the_newest(tenant: Tenant, tmp_path: Path) -> None:
    walk = await Walk.begin(tenant)
    copy = copied(tenant, tmp_path)
    await walk.submit()

    with restored(tenant, copy, pin=False) as now:
        assert get_project(now.env, now.agent, walk.project).stage == "drafting"
        assert get_project(now.env, now.agent, walk.project).phases[0].revision == 0
