"""A view that is kept is never out of date: whatever it rests on, changed by another process or by hand, is told at the
very next call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.unit.service.changes import change_policy
from tests.unit.service.conftest import app_in
from tests.unit.service.forging import delete_element, edited_state, execute, one
from tests.unit.service.walking import Tenant, Walk, refounded, refusal, without_acceptance
from vdw.artifacts.verified import CLAIMS_ONLY
from vdw.domain.canonical import ZERO_DIGEST, Digest
from vdw.domain.ids import ProjectId, TenantId
from vdw.domain.stages import GateVerdict, Phase
from vdw.domain.stored_json import from_text
from vdw.errors import VdwError
from vdw.lifecycle.state import state_to_json
from vdw.lifecycle.stored import state_from_text, state_to_text
from vdw.service.answers import ProjectView
from vdw.service.founding import DEMO
from vdw.service.kept_views import Basis, KeptViews
from vdw.service.project_views import list_projects
from vdw.store.interface import ProjectRow

_AT = "2026-11-25T12:00:00Z"
_ROW = ProjectRow(
    TenantId("ten_ours"), ProjectId("prj_one"), "one", "One", 1, "mood", "drafting", False, "{}", _AT, _AT
)
_BASIS = Basis(_ROW, ZERO_DIGEST, "", "not yet", "vdw")


@pytest.fixture
async def elsewhere(tenant: Tenant) -> AsyncIterator[Tenant]:
    """The same tenant as another process has it: its own connections, its own view of the trust log."""
    app = app_in(tenant.pin_file.parent)
    yield replace(tenant, env=replace(app.environment(), reasoner=tenant.env.reasoner, clock=tenant.clock))
    await app.close()


async def test_what_another_process_submits_and_decides_is_told_at_the_very_next_call(
    tenant: Tenant, elsewhere: Tenant
) -> None:
    here = await Walk.begin(tenant)
    there = Walk(elsewhere, here.project)
    told = [_told(here.view())]

    await there.submit()
    told.append(_told(here.view()))
    await there.ask()
    told.append(_told(here.view()))
    await there.decide()
    told.append(_told(here.view()))

    assert told == [
        ("mood", "drafting", "no", ""),
        ("mood", "drafting", "no", ""),
        ("mood", "review", "no", "0 of 1"),
        ("architecture", "drafting", "self-approved", ""),
    ]
    assert here.view() == there.view()


async def test_what_another_process_says_in_a_rejection_is_told_at_the_very_next_call(
    tenant: Tenant, elsewhere: Tenant
) -> None:
    here = await Walk.begin(tenant)
    await here.submit()
    await here.ask()
    before = here.view()

    await Walk(elsewhere, here.project).decide(GateVerdict.REJECT, ("REQ-001", "Which date?"))

    assert before.feedback == []
    assert "Which date?" in str(here.view().feedback)


async def test_a_policy_that_another_process_changes_changes_the_next_step_at_once(
    tenant: Tenant, elsewhere: Tenant
) -> None:
    walk = await Walk.begin(tenant)
    before = walk.view()

    await change_policy(elsewhere.env, elsewhere.operator, replace(DEMO, lanes=("light",)), elsewhere.signer)

    after = walk.view()
    assert "change_lane light" not in before.next
    assert "change_lane light" in after.next
    assert after.version == before.version  # no event of the project tells it


async def test_a_root_that_is_replaced_puts_the_project_back_in_the_very_next_view(
    tenant: Tenant, elsewhere: Tenant
) -> None:
    walk = await (await Walk.begin(tenant)).to(Phase.ARCHITECTURE)
    before = walk.view()

    await refounded(elsewhere, sweep=False)

    after = walk.view()
    assert (before.phase, after.phase) == ("architecture", "mood")
    assert after.version == before.version


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("UPDATE project SET title = 'other' WHERE id = ?", "title"),
        ("UPDATE project SET slug = 'other' WHERE id = ?", "slug"),
        ("UPDATE project SET phase = 'other' WHERE id = ?", "phase"),
        ("UPDATE project SET stage = 'other' WHERE id = ?", "stage"),
    ],
)
async def test_a_column_that_is_changed_by_hand_is_told_at_the_very_next_call(
    tenant: Tenant, statement: str, shown: str
) -> None:
    walk = await Walk.begin(tenant)
    walk.view()

    execute(tenant, statement, walk.project)

    assert getattr(walk.view(), shown) == "other"


async def test_a_state_that_is_changed_by_hand_without_a_new_version_is_told_at_the_very_next_call(
    tenant: Tenant,
) -> None:
    walk = await Walk.begin(tenant)
    before = walk.view()

    with edited_state(walk) as state:
        state["lane"] = "light"

    after = walk.view()
    assert (before.lane, after.lane) == ("full", "light")
    assert len(after.phases) < len(before.phases)
    assert after.version == before.version


async def test_a_verdict_that_is_changed_by_hand_is_told_at_the_very_next_call(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit(without_acceptance(walk.draft()))
    before = walk.view()

    execute(tenant, "UPDATE verdict SET verdict = json_set(verdict, '$.findings', json('[]'))")

    after = walk.view()
    assert before.findings
    assert after.findings == []
    assert after.next != before.next


async def test_a_comment_that_is_erased_is_told_as_erased_at_the_very_next_call(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("REQ-001", "Which date?"))
    before = walk.view()

    digest = one(tenant, "SELECT digest FROM object WHERE CAST(body AS TEXT) LIKE ?", "%Which date?%")
    execute(tenant, "DELETE FROM object WHERE digest = ?", digest)

    assert "Which date?" in str(before.feedback)
    assert "Which date?" not in str(walk.view().feedback)
    assert digest in str(walk.view().feedback)


async def test_a_document_that_is_damaged_after_its_project_was_told_verified_is_told_at_the_very_next_call(
    tenant: Tenant,
) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    before = walk.view()
    manifest = next(phase.digest for phase in before.phases if phase.phase == "mood")

    execute(tenant, "DELETE FROM object WHERE digest = ?", manifest)

    assert before.verified == "yes"
    with pytest.raises(VdwError) as caught:
        walk.view()
    assert refusal(caught) == "storage"


async def test_a_requirement_that_is_erased_after_its_project_was_told_verified_is_told_at_the_very_next_call(
    tenant: Tenant,
) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    before = walk.view()

    mood = next(phase.digest for phase in before.phases if phase.phase == "mood")

    delete_element(walk, mood, "REQ-001")

    assert (before.verified, walk.view().verified) == ("yes", CLAIMS_ONLY)


async def test_a_list_tells_what_another_process_did_at_the_very_next_call(tenant: Tenant, elsewhere: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete_but_the_last()
    before = list_projects(tenant.env, tenant.agent).projects[0]

    there = Walk(elsewhere, walk.project)
    await there.ask()
    await there.decide()

    after = list_projects(tenant.env, tenant.agent).projects[0]
    assert (before.verified, after.verified) == ("not yet", "yes")


async def test_nothing_that_happens_to_a_project_changes_a_state_that_was_read_before(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    texts = [_stored_state(walk)]
    while walk.view().phase:
        await walk.pass_gate()
        texts.append(_stored_state(walk))
    await walk.next_iteration()
    texts.append(_stored_state(walk))

    for text in texts:
        assert state_to_text(state_from_text(text)) == text
        assert state_to_json(state_from_text(text)) == from_text(text)


@pytest.mark.parametrize(
    "other",
    [
        replace(_BASIS, head=Digest("b" * 64)),
        replace(_BASIS, verdict="{}"),
        replace(_BASIS, verified="yes"),
        replace(_BASIS, command="vdw --data elsewhere"),
        replace(_BASIS, row=replace(_ROW, tenant=TenantId("ten_theirs"))),
        replace(_BASIS, row=replace(_ROW, id=ProjectId("prj_other"))),
        replace(_BASIS, row=replace(_ROW, state="{} ")),
    ],
    ids=["head", "verdict", "verified", "command", "tenant", "project", "state"],
)
def test_a_basis_that_differs_in_anything_has_a_view_of_its_own(other: Basis) -> None:
    views = KeptViews()
    ours, theirs = _view("ours"), _view("theirs")

    views.view(_BASIS, lambda: ours)

    assert views.view(other, lambda: theirs) is theirs
    assert views.view(replace(_BASIS), lambda: theirs) is ours


def test_no_more_views_are_kept_than_the_bound_and_those_asked_for_last_stay() -> None:
    views, made = KeptViews(most=2), list[str]()

    def ask(head: str) -> None:
        def make() -> ProjectView:
            made.append(head)
            return _view(head)

        views.view(replace(_BASIS, head=Digest(head)), make)

    for head in ("a", "b", "a", "c", "a", "b"):
        ask(head)

    assert made == ["a", "b", "c", "b"]


def _told(view: ProjectView) -> tuple[str, str, str, str]:
    review = f"{view.review.approvals} of {view.review.needed}" if view.review else ""
    return view.phase, view.stage, view.phases[0].approved, review


def _stored_state(walk: Walk) -> str:
    return one(walk.tenant, "SELECT state FROM project WHERE id = ?", walk.project)


def _view(title: str) -> ProjectView:
    return ProjectView(
        project="prj_one",
        slug="one",
        title=title,
        iteration=1,
        lane="full",
        status="open",
        phase="mood",
        stage="drafting",
        state="PHASE_1_MOOD",
        version=1,
        verified="not yet",
        phases=[],
        review=None,
        feedback=[],
        findings=[],
    )
