"""A project that lives long: nothing of it is lost behind the events of one page."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.unit.service.walking import Tenant, Walk
from vdw.domain.canonical import JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping, number
from vdw.domain.principal import Permission
from vdw.domain.stages import GateVerdict
from vdw.lifecycle.events import EventType
from vdw.lifecycle.stored import state_from_text, state_to_text
from vdw.server.reads import read_uri
from vdw.server.surface import SURFACE
from vdw.service.export_content import export_content
from vdw.service.scene import read_scene
from vdw.service.timeline import MAX_EVENTS, timeline, whole_timeline
from vdw.store.interface import EventRow, UnitOfWork


async def test_comments_of_a_rejection_reach_the_brief_whatever_happened_before(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await _grow_old(walk)

    await _rejected(walk)

    assert "Which date?" in json.dumps(walk.brief().feedback)


async def test_comments_of_a_rejection_reach_the_brief_whatever_happened_since(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await _rejected(walk)

    await _grow_old(walk)

    assert "Which date?" in json.dumps(walk.brief().feedback)


async def test_an_export_holds_the_vibe_of_every_iteration_however_late_it_began(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    await _grow_old(walk)
    await walk.next_iteration("The helper must sing.")
    await walk.pass_gate()

    scene = read_scene(tenant.env, tenant.operator, walk.project, Permission.PROJECT_READ)
    content = tenant.env.store.read(lambda reader: export_content(reader, scene.loaded, scene.trust))

    assert list(content.vibes) == ["SRC-1", "SRC-2"]
    assert content.vibes["SRC-2"] == "The helper must sing."


async def test_the_timeline_goes_on_where_an_answer_was_cut(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await _grow_old(walk)

    first = timeline(tenant.env, tenant.agent, walk.project)
    rest = timeline(tenant.env, tenant.agent, walk.project, after=number(first["next_after"]))
    whole = whole_timeline(tenant.env, tenant.agent, walk.project)

    assert [_versions(page)[0] for page in (first, rest)] == [1, MAX_EVENTS + 1]
    assert _versions(first) + _versions(rest) == _versions(whole) == [*range(1, walk.view().version + 1)]
    assert rest["next_after"] is whole["next_after"] is None


async def test_a_timeline_that_just_fills_an_answer_is_whole(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await _grow_old(walk, by=MAX_EVENTS - 1)

    assert timeline(tenant.env, tenant.agent, walk.project)["next_after"] is None


async def test_the_resource_of_the_timeline_goes_on_by_its_query(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await _grow_old(walk)

    _, text = read_uri(SURFACE, tenant.env, tenant.agent, f"vdw://projects/{walk.project}/timeline?after={MAX_EVENTS}")

    assert mapping(items(json.loads(text)["events"])[0])["version"] == MAX_EVENTS + 1


def _versions(page: JsonObject) -> list[int]:
    return [number(mapping(event)["version"]) for event in items(page["events"])]


async def _rejected(walk: Walk) -> None:
    await walk.submit()
    await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("REQ-001", "Which date?"))


async def _grow_old(walk: Walk, by: int = MAX_EVENTS + 100) -> None:
    """Further events, of a kind that changes nothing but the version."""
    env, now = walk.tenant.env, timestamp(walk.tenant.clock())

    def work(uow: UnitOfWork) -> None:
        row = uow.project(walk.tenant.agent.tenant, walk.project)
        assert row is not None
        for version in range(row.version + 1, row.version + by + 1):
            data: JsonObject = {"evidence": f"EVD-{version}", "trust": "run"}
            kind = EventType.EVIDENCE_RECORDED.value
            uow.add_event(EventRow(0, row.tenant, row.id, version, kind, walk.tenant.runner.id, now, data))
        state = replace(state_from_text(row.state), version=row.version + by)
        older = replace(row, version=state.version, state=state_to_text(state))
        uow.save_project(older, expected_version=row.version)

    await env.store.commit(work)
