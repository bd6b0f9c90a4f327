"""Two projects in one repository: an id alone could be either's, so it counts for neither; behind a slug it counts."""

from __future__ import annotations

from tests.unit.service.walking import COMMIT, REPOSITORY, Tenant, Walk, report
from vdw.domain.stages import Lane, Phase
from vdw.service.answers import RecordedEvidence
from vdw.service.changing import Change
from vdw.service.evidencing import EvidenceOffer, submit_evidence

CELLAR_VIBE = "The cellar must count its bottles."


async def test_an_id_alone_counts_where_the_repository_is_one_projects(tenant: Tenant) -> None:
    pantry = await _built(tenant)
    await Walk.begin(tenant, Lane.LIGHT, CELLAR_VIBE)

    recorded = await pantry.record(report("REQ-001"))

    assert _verified(recorded) == ["REQ-001"]


async def test_an_id_alone_counts_for_neither_of_two_projects_and_the_answer_says_what_does(tenant: Tenant) -> None:
    pantry, cellar = await _built(tenant), await _built(tenant, CELLAR_VIBE)

    ours, theirs = await pantry.record(report("REQ-001")), await cellar.record(report("REQ-001", "REQ-002"))

    assert (_verified(ours), _verified(theirs)) == ([], [])
    assert ours.next == (
        "REQ-001 counted for no project, because another project names the repository pantry: "
        f"name tests after {pantry.view().slug}/REQ-001, in the name or a property."
    )
    assert theirs.next.startswith("REQ-001 and 1 more counted for no project")


async def test_an_id_behind_a_slug_counts_for_that_project_alone(tenant: Tenant) -> None:
    pantry, cellar = await _built(tenant), await _built(tenant, CELLAR_VIBE)
    names = f"{pantry.view().slug}/REQ-001 {cellar.view().slug.upper()}/REQ-002"
    junit = f'<testsuite><testcase name="{names}"/></testsuite>'

    ours, theirs = await pantry.record(junit), await cellar.record(junit)

    assert (_verified(ours), _verified(theirs)) == (["REQ-001"], ["REQ-002"])
    assert ours.next == f"List {ours.evidence} in the validation artifact."


async def test_a_repository_that_only_another_project_names_is_not_ours(tenant: Tenant) -> None:
    await _built(tenant)
    cellar = await (await Walk.begin(tenant, Lane.LIGHT, CELLAR_VIBE)).to(Phase.IMPLEMENTATION)

    recorded = await cellar.record(report("REQ-001"))

    assert _verified(recorded) == []


async def test_a_repository_that_an_abandoned_project_named_is_free_again(tenant: Tenant) -> None:
    pantry, cellar = await _built(tenant), await _built(tenant, CELLAR_VIBE)
    await cellar.change(Change("abandon", reason="It was a trial."), by=tenant.operator)

    recorded = await pantry.record(report("REQ-001"))

    assert _verified(recorded) == ["REQ-001"]


async def test_a_repository_that_is_named_no_more_is_free_again(tenant: Tenant) -> None:
    pantry = await _built(tenant)
    cellar = await (await Walk.begin(tenant, Lane.LIGHT, CELLAR_VIBE)).to(Phase.IMPLEMENTATION)
    draft = cellar.draft()
    await cellar.submit(draft)
    await cellar.submit(
        {
            **draft,
            "heads": [{"repository": "cellar", "commit": COMMIT}],
            "changes": [
                {"id": "CHG-001", "title": "All", "implements": ["REQ-001"], "repository": "cellar", "commit": COMMIT}
            ],
        }
    )

    recorded = await pantry.record(report("REQ-001"))

    assert _verified(recorded) == ["REQ-001"]


async def test_a_claim_names_requirements_of_its_project_wherever_they_are_built(tenant: Tenant) -> None:
    pantry = await _built(tenant)
    await _built(tenant, CELLAR_VIBE)
    claim = {"requirements": ["REQ-001"], "outcome": "passed"}
    offer = EvidenceOffer("claim", claim=claim, repository=REPOSITORY, commit=COMMIT)

    recorded = await submit_evidence(tenant.env, tenant.agent, pantry.project, offer)

    assert _verified(recorded) == ["REQ-001"]


async def test_what_was_passed_over_is_said_again_when_the_call_is_repeated(tenant: Tenant) -> None:
    pantry, _ = await _built(tenant), await _built(tenant, CELLAR_VIBE)
    offer = EvidenceOffer("junit", report=report("REQ-001"), repository=REPOSITORY, commit=COMMIT)

    first = await submit_evidence(tenant.env, tenant.agent, pantry.project, offer)
    again = await submit_evidence(tenant.env, tenant.agent, pantry.project, offer)

    assert again == first
    assert "counted for no project" in again.next


async def _built(tenant: Tenant, vibe: str = "") -> Walk:
    """A project built in the repository that all of them name."""
    walk = await Walk.begin(tenant, Lane.LIGHT, vibe) if vibe else await Walk.begin(tenant, Lane.LIGHT)
    return await walk.to(Phase.VALIDATION)


def _verified(recorded: RecordedEvidence) -> list[str]:
    return [item["requirement"] for item in recorded.verifies]
