"""Whoever can write the database opens no gate: only the verified log says who approves and what is approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.service.changes import change_policy
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.forging import edited_state, execute, one
from tests.unit.service.walking import Tenant, Walk, refusal
from vdw.domain.canonical import ZERO_DIGEST, JsonObject
from vdw.domain.clock import timestamp
from vdw.domain.fields import items, mapping
from vdw.domain.ids import ApproverId, PersonId
from vdw.domain.policy import Assurance
from vdw.domain.stages import GateVerdict, Phase
from vdw.domain.tenant import TenantKind
from vdw.domain.trust_entry import TrustEntry
from vdw.errors import VdwError
from vdw.service.approvers import current_trust
from vdw.service.changing import Change
from vdw.service.founding import DEMO
from vdw.service.project_views import UNSIGNED, list_projects
from vdw.service.trust_view import TrustView
from vdw.trust.acceptance import append
from vdw.trust.chain import entry_hash
from vdw.trust.envelope import Envelope, sign
from vdw.trust.signer import DemoSigner, new_demo_signer
from vdw.trust.statements import EnrolStatement, FoundStatement

ENCRYPTED: JsonObject = {
    "id": "REQ-003",
    "statement": "The helper must encrypt everything.",
    "pattern": "ubiquitous",
    "acceptance": ["Nothing is readable without the key."],
}


@pytest.mark.parametrize("envelopes", [[], ["0" * 64]], ids=["no signature", "an unknown signature"])
async def test_an_approval_written_by_sql_opens_nothing(tenant: Tenant, envelopes: list[str]) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    _forge_state(walk, _approved(envelopes))

    submitted = await walk.submit({"schema": "vdw.architecture/1", "components": []})

    assert "prerequisite_phase:mood" in [finding.key for finding in submitted.findings]
    assert walk.approved()["mood"] == "no: its signatures do not verify"
    with pytest.raises(VdwError) as caught:
        await walk.ask()
    assert refusal(caught) == "blocked"


async def test_an_approval_of_other_bytes_approves_nothing_even_with_a_true_signature(tenant: Tenant) -> None:
    walk, other = await Walk.begin(tenant), await Walk.begin(tenant, vibe="It must rain every day.")
    await other.pass_gate()
    true = tenant.env.store.read(lambda reader: reader.log_head(tenant.agent.tenant))
    assert true is not None
    await walk.submit()
    _forge_state(walk, _approved([true.envelope_digest]))

    submitted = await walk.submit({"schema": "vdw.architecture/1", "components": []})

    assert "prerequisite_phase:mood" in [finding.key for finding in submitted.findings]
    assert walk.approved()["mood"] == "no: its signatures do not verify"


async def test_an_approval_written_by_sql_passes_no_phase_by_itself(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    _forge_state(walk, _approved([]))
    await walk.change(Change("reopen", phase=Phase.MOOD))

    await walk.change(Change("resume"))

    assert (walk.view().phase, walk.view().stage) == ("mood", "drafting")


async def test_an_approval_written_by_sql_hides_nothing_from_whoever_decides(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    _forge_state(walk, _approved([]))
    await walk.change(Change("reopen", phase=Phase.MOOD))

    await walk.ask()

    brief = (await walk.look()).brief
    assert brief["basis"] is None
    assert {"REQ-001", "REQ-002"} <= {mapping(change)["id"] for change in items(brief["changes"])}


async def test_a_vote_written_by_sql_opens_nothing_beside_a_true_one(two_owners: TwoOwners) -> None:
    tenant = two_owners.tenant
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    _forge_vote(walk, two_owners.carla.keyid)
    answer = await walk.decide(signer=two_owners.ben)

    review = walk.view().review
    assert answer.outcome == "counted; 1 more approval needed"
    assert review is not None
    assert (walk.view().stage, review.approvals) == ("review", 1)


async def test_one_true_vote_that_was_outvoted_approves_nothing(two_owners: TwoOwners) -> None:
    tenant = two_owners.tenant
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    await walk.decide(signer=two_owners.ben)
    true = tenant.env.store.read(lambda reader: reader.log_head(tenant.agent.tenant))
    await walk.decide(GateVerdict.REJECT, signer=two_owners.carla)
    assert true is not None
    _forge_state(walk, _approved([true.envelope_digest]))

    submitted = await walk.submit({"schema": "vdw.architecture/1", "components": []})

    assert "prerequisite_phase:mood" in [finding.key for finding in submitted.findings]
    assert walk.approved()["mood"] == "no: rejected"


async def test_a_signed_rejection_is_not_undone_by_sql(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.ask()
    await walk.decide(GateVerdict.REJECT, ("", "No."))
    told = walk.approved()["mood"]
    _forge_rejection(walk)

    await walk.change(Change("resume"))

    assert (walk.view().phase, walk.view().stage) == ("mood", "drafting")
    assert walk.approved()["mood"] == told == "no: rejected"


async def test_an_approval_stands_by_the_policy_that_it_was_signed_under_whatever_sql_says(
    two_owners: TwoOwners,
) -> None:
    tenant = two_owners.tenant
    two = current_trust(tenant.env, tenant.operator).policy
    await change_policy(tenant.env, tenant.operator, replace(two, quorum=1), two_owners.ada, two_owners.ben)
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    await change_policy(tenant.env, tenant.operator, two, two_owners.ada)
    await walk.change(Change("reopen", phase=Phase.MOOD))
    _forge_policy(walk, two.as_json())

    await walk.change(Change("resume"))

    assert (walk.view().phase, walk.view().stage) == ("mood", "drafting")


async def test_a_row_set_back_to_what_was_approved_before_opens_nothing(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    with edited_state(walk) as state:
        before = dict(state["phases"]["mood"])
    await walk.change(Change("reopen", phase=Phase.MOOD))
    await walk.change_elements({"op": "set", "id": "REQ-003", "element": ENCRYPTED})
    await walk.ask()
    await walk.decide()
    with edited_state(walk) as state:
        state["phases"]["mood"] = before

    submitted = await walk.submit()

    assert "prerequisite_phase:mood" in [finding.key for finding in submitted.findings]
    assert walk.approved()["mood"] == "no: another revision was approved later"


async def test_a_completed_project_set_back_to_an_earlier_iteration_is_not_verified(tenant: Tenant) -> None:
    walk = await (await Walk.begin(tenant)).complete()
    with edited_state(walk) as state:
        before = dict(state)
    await walk.next_iteration()
    await walk.pass_gate()
    with edited_state(walk) as state:
        state.update(before)

    assert walk.view().verified == list_projects(tenant.env, tenant.agent).projects[0].verified == UNSIGNED


async def test_the_mood_of_an_earlier_iteration_opens_no_gate_of_a_later_one(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    with edited_state(walk) as state:
        state["iteration"] = 2

    submitted = await walk.submit()

    assert "prerequisite_phase:mood" in [finding.key for finding in submitted.findings]


async def test_the_signatures_of_one_gate_open_no_other(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    _forge_copies_of_the_mood(walk)

    approved = walk.approved()

    assert approved.pop("mood") == "self-approved"
    assert set(approved.values()) == {"no: its signatures do not verify"}
    assert walk.view().verified == "no: its signatures do not verify"


async def test_a_completion_written_by_sql_is_shown_as_verified_nowhere(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    _forge_completion(walk)

    listed = list_projects(tenant.env, tenant.agent).projects[0]

    assert walk.view().verified == listed.verified == "no: its signatures do not verify"


@pytest.mark.parametrize("fresh", [False, True], ids=["a process that verified the log", "a new process"])
async def test_an_approver_written_by_sql_stops_everything_and_decides_nothing(tenant: Tenant, fresh: bool) -> None:
    walk = await Walk.begin(tenant)
    await walk.submit()
    await walk.ask()
    sight = await walk.look()
    intruder = new_demo_signer(ApproverId("apr_intruder"), tenant.env.random_bytes)
    _insert_entry(tenant, _enrolment(tenant, intruder))
    seen = _as_new_process(tenant) if fresh else tenant

    with pytest.raises(VdwError) as caught:
        await Walk(seen, walk.project).decide(signer=intruder, sight=sight)

    assert refusal(caught) in ("trust", "signature", "forbidden")
    assert _stored_stage(tenant, walk) == "review"


async def test_a_whole_log_written_by_sql_is_not_the_pinned_one(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    _replace_log(tenant, new_demo_signer(ApproverId("apr_intruder"), tenant.env.random_bytes))

    for seen in (tenant, _as_new_process(tenant)):
        with pytest.raises(VdwError) as caught:
            Walk(seen, walk.project).view()
        assert refusal(caught) == "trust"


async def test_a_log_cut_short_is_refused(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    await walk.pass_gate()
    execute(tenant, "DROP TRIGGER trust_entry_is_never_removed")
    execute(tenant, "DELETE FROM trust_entry WHERE position = (SELECT max(position) FROM trust_entry)")

    for seen in (tenant, _as_new_process(tenant)):
        with pytest.raises(VdwError) as caught:
            Walk(seen, walk.project).view()
        assert refusal(caught) == "trust"


async def test_a_document_written_by_sql_is_noticed(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    submitted = await walk.submit()
    execute(tenant, "DROP TRIGGER object_is_never_changed")
    execute(tenant, "UPDATE object SET body = ? WHERE digest = ?", b"{}", submitted.digest)

    with pytest.raises(VdwError) as caught:
        walk.brief()

    assert refusal(caught) == "storage"


async def test_a_vibe_written_by_sql_is_noticed_before_anything_rests_on_it(tenant: Tenant) -> None:
    walk = await Walk.begin(tenant)
    execute(tenant, "DROP TRIGGER object_is_never_changed")
    execute(tenant, "UPDATE object SET body = CAST(replace(CAST(body AS TEXT), 'today', 'tomorrow') AS BLOB)")

    with pytest.raises(VdwError) as caught:
        walk.brief()

    assert refusal(caught) == "storage"


def _approved(envelopes: list[str]) -> JsonObject:
    return {
        "iteration": 1,
        "review": "rev_forged",
        "envelopes": [*envelopes],
        "policy": DEMO.as_json(),
        "self_approved": False,
        "template": False,
    }


def _forge_state(walk: Walk, approval: JsonObject) -> None:
    """Writes into the project's row that its mood is approved."""
    with edited_state(walk) as state:
        mood = state["phases"]["mood"]
        mood |= {"stage": "approved", "approval": {**approval, "digest": mood["digest"]}}
        state["phases"]["architecture"]["stage"] = "drafting"
        state["current"] = "architecture"


def _forge_policy(walk: Walk, policy: JsonObject) -> None:
    """Writes into the project's row that its mood was approved under this policy."""
    with edited_state(walk) as state:
        approval = state["phases"]["mood"]["approval"]
        assert approval["policy"] != policy
        approval["policy"] = policy


def _forge_rejection(walk: Walk) -> None:
    """Writes into the project's row that its mood was not rejected."""
    with edited_state(walk) as state:
        assert state["phases"]["mood"]["rejected"]
        state["phases"]["mood"]["rejected"] = False


def _forge_copies_of_the_mood(walk: Walk) -> None:
    """Writes into the project's row that every phase is what the mood is, and all of it completed."""
    with edited_state(walk) as state:
        state["phases"] = dict.fromkeys(state["phases"], state["phases"]["mood"])
        state |= {"status": "completed", "current": None, "verified": True}


def _forge_completion(walk: Walk) -> None:
    """Writes into the project's row that its iteration is completed and verified."""
    with edited_state(walk) as state:
        state |= {"status": "completed", "current": None, "verified": True}


def _forge_vote(walk: Walk, approver: str) -> None:
    """Writes into the project's row that this approver has voted in the open review."""
    with edited_state(walk) as state:
        vote = {"approver": approver, "owner": "per_forged", "verdict": "approve", "envelope": "0" * 64}
        state["review"]["votes"] = [vote]


def _enrolment(tenant: Tenant, intruder: DemoSigner) -> Envelope:
    """Well formed, over the right head, and signed by the intruder alone."""
    trust = tenant.env.store.read(lambda reader: tenant.env.trust.state(reader, tenant.agent.tenant))
    statement = EnrolStatement(
        tenant=trust.tenant,
        approver=intruder.keyid,
        owner=PersonId("per_intruder"),
        public_key=intruder.public_key,
        assurance=Assurance.DEMO,
        time=timestamp(tenant.clock()),
        prev=trust.head,
    )
    return sign(statement.as_statement(), (intruder,))


def _insert_entry(tenant: Tenant, envelope: Envelope) -> None:
    """The next entry of the log, chained as it should be."""
    head = tenant.env.store.read(lambda reader: reader.log_head(tenant.agent.tenant))
    assert head is not None
    now = timestamp(tenant.clock())
    digest = envelope.digest()
    row = TrustEntry(
        head.tenant, head.position + 1, head.hash, entry_hash(head.hash, digest, now), digest, envelope.body(), now
    )
    _insert(tenant, row)


def _replace_log(tenant: Tenant, intruder: DemoSigner) -> None:
    """A log that verifies by itself, founded by the intruder under the tenant's own id."""
    now = timestamp(tenant.clock())
    founding = FoundStatement(
        tenant=tenant.agent.tenant,
        kind=TenantKind.DEMO,
        approver=intruder.keyid,
        owner=PersonId("per_intruder"),
        public_key=intruder.public_key,
        assurance=intruder.assurance,
        policy=DEMO,
        time=now,
        prev=ZERO_DIGEST,
    )
    entry, _ = append(None, sign(founding.as_statement(), (intruder,)), now)
    execute(tenant, "DROP TRIGGER trust_entry_is_never_removed")
    execute(tenant, "DELETE FROM trust_entry")
    _insert(tenant, entry)


def _insert(tenant: Tenant, row: TrustEntry) -> None:
    execute(
        tenant,
        "INSERT INTO trust_entry (tenant, position, prev, hash, envelope_digest, envelope, accepted_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        *(row.tenant, row.position, row.prev, row.hash, row.envelope_digest, row.envelope, row.accepted_at),
    )


def _as_new_process(tenant: Tenant) -> Tenant:
    """The tenant in a process that has verified nothing yet; it has the same pin."""
    trust = TrustView(tenant.pin_file, tenant.env.store)
    return replace(tenant, env=replace(tenant.env, trust=trust))


def _stored_stage(tenant: Tenant, walk: Walk) -> str:
    return str(one(tenant, "SELECT stage FROM project WHERE id = ?", walk.project))
