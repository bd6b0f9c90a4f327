"""A change of approvers or policy collects its signatures one by one; what would not count is refused at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.service import changes
from tests.unit.service.conftest import TwoOwners
from tests.unit.service.walking import Walk, refusal
from vdw.domain.canonical import ZERO_DIGEST
from vdw.domain.ids import ApproverId, TenantId
from vdw.domain.policy import Policy
from vdw.errors import VdwError
from vdw.service.approvers import (
    current_trust,
    enrolment,
    list_approvers,
    policy_change,
    replacement,
    revocation,
)
from vdw.service.deciding import submit_statement
from vdw.service.proposing import Examined, add_signature, command_for, examine, propose, submit
from vdw.trust.envelope import parse_envelope, sign
from vdw.trust.proposal import proposal_of, read_proposal
from vdw.trust.signer import DecisionSigner, KeySigner


async def test_a_change_takes_effect_with_the_last_signature_that_it_needs(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    proposed = await propose(env, operator, two_owners.ada, revocation(env, operator, two_owners.carla.keyid))
    first = proposed.examined.standing

    signed = await add_signature(env, operator, two_owners.ben, proposed.examined.proposal)
    accepted = await submit(env, operator, signed.proposal)

    assert (proposed.accepted, first.missing, [each.id for each in first.waiting]) == (
        None, 1, [two_owners.ben.keyid]
    )  # fmt: skip
    assert signed.standing.missing == 0
    assert accepted.kind == "revoke"
    assert two_owners.carla.keyid not in current_trust(env, operator).in_force


async def test_a_change_travels_as_a_file_and_an_agent_may_hand_it_in(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    file = (await _proposed(two_owners)).proposal.body()
    signed = await add_signature(env, operator, two_owners.ben, read_proposal(file))

    accepted = await submit_statement(env, two_owners.tenant.agent, signed.proposal.envelope.as_json())

    assert accepted.kind == "revoke"


async def test_signatures_may_take_a_week_and_not_a_minute_more(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    proposal = (await _proposed(two_owners)).proposal
    two_owners.tenant.clock.forward(timedelta(days=6, hours=23))
    signed = await add_signature(env, operator, two_owners.ben, proposal)
    two_owners.tenant.clock.forward(timedelta(hours=1, minutes=1))

    for late in (
        add_signature(env, operator, two_owners.ben, proposal),
        submit(env, operator, signed.proposal),
        submit_statement(env, two_owners.tenant.agent, signed.proposal.envelope.as_json()),
    ):
        with pytest.raises(VdwError) as caught:
            await late
        assert (refusal(caught), "last 7 days" in caught.value.public) == ("signature", True)

    two_owners.tenant.clock.forward(timedelta(minutes=-2))
    assert (await submit(env, operator, signed.proposal)).kind == "revoke"


async def test_a_change_with_one_signature_is_not_kept_for_later(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    await changes.change_policy(env, operator, Policy(quorum=1), two_owners.ada, two_owners.ben)
    change = revocation(env, operator, two_owners.carla.keyid)
    kept = sign(change.as_statement(), (two_owners.ada,))
    two_owners.tenant.clock.forward(timedelta(minutes=6))

    with pytest.raises(VdwError) as caught:
        await submit_statement(env, two_owners.tenant.agent, kept.as_json())

    assert (refusal(caught), "five minutes" in caught.value.public) == ("signature", True)


async def test_nobody_signs_twice(two_owners: TwoOwners) -> None:
    await _refused(two_owners, two_owners.ada, await _proposed(two_owners), "You have signed this already.")


async def test_a_second_key_of_the_same_person_does_not_count(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    request, adas_laptop = changes.requested(env, operator, "Ada")
    adas = current_trust(env, operator).owner_of(two_owners.ada.keyid)
    enrolled, person = enrolment(env, operator, replace(request, name="whoever"))
    second = replace(enrolled, owner=adas)  # the command line has no way to it; the log does
    await changes.enact(env, operator, second, two_owners.ada, two_owners.ben, newcomer=person)

    await _refused(two_owners, adas_laptop, await _proposed(two_owners), "with another key of yours")


async def test_a_key_has_no_say_in_its_own_revocation(two_owners: TwoOwners) -> None:
    await _refused(two_owners, two_owners.carla, await _proposed(two_owners), "no say in its own revocation")


async def test_a_revoked_approver_signs_nothing(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    await changes.revoke(env, operator, two_owners.ben.keyid, two_owners.ada, two_owners.carla)
    proposed = await propose(env, operator, two_owners.ada, policy_change(env, operator, Policy()))

    await _refused(two_owners, two_owners.ben, proposed.examined, "Only an approver in force signs.")


async def test_a_signature_of_a_stranger_or_under_anothers_name_refuses_the_whole_file(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    change = revocation(env, operator, two_owners.carla.keyid)
    for name in (ApproverId("apr_stranger"), two_owners.ben.keyid):
        forger = KeySigner(name, env.random_bytes(32))
        forged = proposal_of(sign(change.as_statement(), (two_owners.ada, forger)))

        for attempt in (add_signature(env, operator, two_owners.ben, forged), submit(env, operator, forged)):
            with pytest.raises(VdwError) as caught:
                await attempt
            assert (refusal(caught), "not genuine" in caught.value.public) == ("signature", True)


async def test_a_change_over_which_the_log_has_moved_on_names_the_command_that_makes_it_anew(
    two_owners: TwoOwners,
) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    proposal = (await _proposed(two_owners)).proposal
    walk = await Walk.begin(two_owners.tenant)
    await walk.submit()
    await walk.ask()
    await walk.decide(signer=two_owners.ben)

    with pytest.raises(VdwError) as caught:
        await add_signature(env, operator, two_owners.ben, proposal)

    assert refusal(caught) == "conflict"
    assert caught.value.next_step.endswith(f"vdw approver revoke {two_owners.carla.keyid}")


async def test_a_change_that_is_in_the_log_already_is_not_signed_again(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    proposal = (await _proposed(two_owners)).proposal
    signed = await add_signature(env, operator, two_owners.ben, proposal)
    await submit(env, operator, signed.proposal)

    for done in (proposal, signed.proposal):
        with pytest.raises(VdwError) as caught:
            examine(env, operator, done)
        assert caught.value.public == "This change is in the trust log already."


async def test_a_change_of_another_tenant_is_not_signed(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    change = revocation(env, operator, two_owners.carla.keyid)
    theirs = replace(change, tenant=TenantId("ten_other"), prev=ZERO_DIGEST)

    with pytest.raises(VdwError) as caught:
        await propose(env, operator, two_owners.ada, theirs)

    assert (refusal(caught), "another tenant" in caught.value.public) == ("forbidden", True)


async def test_a_decision_is_no_change_that_others_could_sign(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    walk = await Walk.begin(two_owners.tenant)
    await walk.submit()
    await walk.ask()
    await walk.decide(signer=two_owners.ben)
    body = env.store.read(lambda reader: reader.log_entries(operator.tenant))[-1].envelope

    with pytest.raises(VdwError) as caught:
        examine(env, operator, proposal_of(parse_envelope(body)))

    assert (refusal(caught), "approvers or policy" in caught.value.public) == ("forbidden", True)


async def test_what_the_log_would_take_from_nobody_is_not_proposed(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator

    with pytest.raises(VdwError) as caught:
        await propose(env, operator, two_owners.ada, policy_change(env, operator, Policy(quorum=4)))

    assert refusal(caught) == "forbidden"


async def test_a_known_person_stays_the_same_person_to_the_law_of_separation(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    carlas = current_trust(env, operator).owner_of(two_owners.carla.keyid)
    await changes.revoke(env, operator, two_owners.carla.keyid, two_owners.ada, two_owners.ben)

    again = await changes.enrol(env, operator, "Carla", two_owners.ada, two_owners.ben)

    assert current_trust(env, operator).owner_of(again.keyid) == carlas
    assert [row["person"] for row in list_approvers(env, operator)] == ["Ada", "Ben", "Carla", "Carla"]


async def test_an_approver_is_not_enrolled_once_more_but_given_a_new_key(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    request, _ = changes.requested(env, operator, "Ben")

    with pytest.raises(VdwError) as caught:
        enrolment(env, operator, request)

    assert f"vdw approver replace {two_owners.ben.keyid} FILE" in caught.value.next_step


async def test_a_key_that_was_made_for_another_tenant_is_not_enrolled(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    request, _ = changes.requested(env, operator, "Dan")

    for attempt in (
        lambda: enrolment(env, operator, replace(request, tenant=TenantId("ten_other"))),
        lambda: replacement(env, operator, two_owners.ben.keyid, replace(request, tenant=TenantId("ten_other"))),
    ):
        with pytest.raises(VdwError) as caught:
            attempt()
        assert refusal(caught) == "forbidden"


async def test_the_command_for_a_policy_names_all_that_it_asks(two_owners: TwoOwners) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    change = policy_change(env, operator, Policy(quorum=3, self_approval=False))

    assert command_for(change) == "vdw approver policy --quorum 3 --separation --evidence run"


async def _proposed(two_owners: TwoOwners) -> Examined:
    """Carla's revocation with Ada's signature: it needs one of the others' too."""
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    change = revocation(env, operator, two_owners.carla.keyid)
    return (await propose(env, operator, two_owners.ada, change)).examined


async def _refused(two_owners: TwoOwners, signer: DecisionSigner, examined: Examined, words: str) -> None:
    env, operator = two_owners.tenant.env, two_owners.tenant.operator
    with pytest.raises(VdwError) as caught:
        await add_signature(env, operator, signer, examined.proposal)
    assert refusal(caught) == "forbidden"
    assert words in caught.value.public
    assert "1 more signature needed" in caught.value.next_step
