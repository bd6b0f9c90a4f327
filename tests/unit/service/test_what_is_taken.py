"""Whatever run the entrance takes, the reader takes: no record that is stored keeps a gate shut by its form."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.service.walking import COMMIT, REPOSITORY, Tenant, Walk, refusal, report
from vdw.artifacts.evidence import evidence_from_content
from vdw.artifacts.parts import split
from vdw.domain.canonical import JsonObject, canonical_bytes
from vdw.domain.ids import ProjectId
from vdw.domain.stages import Lane, Phase
from vdw.errors import VdwError
from vdw.service.evidencing import EvidenceOffer, submit_evidence

STARTED, ENDED = "2026-11-24T10:00:00Z", "2026-11-24T10:00:01Z"
RUN: JsonObject = {"command": "pytest", "exit_code": 0, "dirty": False, "started_at": STARTED, "ended_at": ENDED}
any_json = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.text(max_size=3), max_size=2),
)
runs = st.fixed_dictionaries(
    {
        "command": st.text(max_size=20) | any_json,
        "exit_code": st.integers(-300, 300) | any_json,
        "dirty": st.booleans() | any_json,
        "started_at": st.just(STARTED) | any_json,
        "ended_at": st.just(ENDED) | any_json,
    }
)
reports = st.lists(st.sampled_from(["", "<failure/>", "<skipped/>"]), min_size=1, max_size=4).map(
    lambda cases: "".join(f'<testcase name="test_req_{n:03}">{said}</testcase>' for n, said in enumerate(cases))
)
MANY = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@MANY
@given(run=runs, cases=reports)
@example(run={**RUN, "exit_code": True}, cases="<testcase name='test_req_001'/>")
@example(run={**RUN, "exit_code": 2**53}, cases="<testcase name='test_req_001'/>")
@example(run={**RUN, "command": ["pytest"]}, cases="<testcase name='test_req_001'/>")
async def test_what_is_recorded_of_a_run_is_read_back_and_can_be_listed(
    tenant: Tenant, run: JsonObject, cases: str
) -> None:
    walk = await _built(tenant)

    with suppress(VdwError):
        await _offer(walk, run, cases)

    for row in tenant.env.store.read(lambda reader: reader.evidence(ProjectId(walk.project))):
        evidence_from_content(row.record)
        assert canonical_bytes(row.record)
        document: JsonObject = {"schema": "vdw.validation/1", "evidence": [row.id], "outcomes": [], "gaps": []}
        assert split(Phase.VALIDATION, document, {row.id: row.record}).elements


@pytest.mark.parametrize(
    ("name", "value"),
    [("exit_code", True), ("exit_code", 2**53), ("command", ["pytest"]), ("dirty", 0), ("started_at", 5)],
)
async def test_a_field_of_a_run_that_is_of_another_kind_is_refused(tenant: Tenant, name: str, value: object) -> None:
    walk = await _built(tenant)

    with pytest.raises(VdwError) as caught:
        await _offer(walk, {**RUN, name: value}, "<testcase name='test_req_001'/>")  # type: ignore[dict-item]  # the point

    assert refusal(caught) == "invalid_input"
    assert tenant.env.store.read(lambda reader: reader.evidence(ProjectId(walk.project))) == ()


async def test_after_a_refused_run_the_gate_opens_on_one_that_was_taken(tenant: Tenant) -> None:
    walk = await _built(tenant)
    with pytest.raises(VdwError):
        await _offer(walk, {**RUN, "exit_code": True}, "<testcase name='test_req_001'/>")
    recorded = await walk.record(report())

    submitted = await walk.submit({**walk.draft(), "evidence": [recorded.evidence]})

    assert submitted.allowed


async def _built(tenant: Tenant) -> Walk:
    walk = await Walk.begin(tenant, Lane.LIGHT)
    return await walk.to(Phase.VALIDATION)


async def _offer(walk: Walk, run: JsonObject, cases: str) -> None:
    body = f"<testsuite name='pantry'>{cases}</testsuite>"
    offer = EvidenceOffer("junit", report=body, run=run, repository=REPOSITORY, commit=COMMIT)
    await submit_evidence(walk.tenant.env, walk.tenant.runner, walk.project, offer)
