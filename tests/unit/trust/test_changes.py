"""Changes of the log: who has to sign them, and what they may not say."""

from dataclasses import replace

import pytest

from tests.unit.trust.chains import (
    NOW,
    SOLO,
    TENANT,
    TIME,
    Log,
    approver,
    demo_founding,
    founding,
    owner,
    secret,
    signed,
    signer,
    team,
)
from vdw.domain.canonical import digest_bytes
from vdw.domain.ids import ApproverId, PersonId, TenantId
from vdw.domain.policy import Assurance, Policy
from vdw.domain.tenant import TenantKind
from vdw.errors import ErrorCode, VdwError
from vdw.trust.acceptance import append, require_acceptable
from vdw.trust.envelope import Envelope, sign
from vdw.trust.signer import DemoSigner, KeySigner
from vdw.trust.state import TrustState
from vdw.trust.statements import EnrolStatement, FoundStatement, PolicyStatement, ReplaceStatement, ServerKeyStatement

TWO = replace(SOLO, quorum=2)
THREE = replace(SOLO, quorum=3)


def refusal(state: TrustState | None, envelope: Envelope) -> VdwError:
    with pytest.raises(VdwError) as refused:
        append(state, envelope, TIME)
    return refused.value


def founded(statement: FoundStatement, *signers: KeySigner | DemoSigner) -> TrustState:
    return append(None, sign(statement.as_statement(), signers), TIME)[1]


def test_a_founding_states_tenant_kind_first_approver_and_policy() -> None:
    state = founded(founding(), signer("ada"))
    assert (state.tenant, state.kind.value, state.in_force, state.policy) == (TENANT, "real", ("apr_ada",), SOLO)
    assert state.root == state.head == state.policy_entry


def test_a_log_begins_with_a_founding_and_has_only_one() -> None:
    log = Log()
    assert refusal(None, signed(log.enrolment("bob"), signer("ada"))).code is ErrorCode.FORBIDDEN
    assert refusal(None, signed(log.refounding("eve"), signer("eve"))).code is ErrorCode.FORBIDDEN
    assert refusal(log.state, signed(founding("eve"), signer("eve"))).code is ErrorCode.FORBIDDEN


def test_a_founding_is_signed_by_the_key_that_it_names() -> None:
    impostor = KeySigner(approver("ada"), secret("eve"))
    assert refusal(None, signed(founding(), impostor)).code is ErrorCode.SIGNATURE
    assert refusal(None, signed(founding(), signer("eve"))).code is ErrorCode.SIGNATURE
    assert refusal(None, signed(founding(), signer("ada"), signer("eve"))).code is ErrorCode.SIGNATURE


def test_a_new_log_has_one_approver_so_no_quorum_above_one() -> None:
    assert refusal(None, signed(founding(policy=TWO), signer("ada"))).code is ErrorCode.FORBIDDEN


@pytest.mark.parametrize("assurance", [Assurance.PASSKEY, Assurance.SESSION])
def test_an_assurance_that_this_version_cannot_check_neither_founds_nor_is_enrolled(assurance: Assurance) -> None:
    assert refusal(None, signed(replace(founding(), assurance=assurance), signer("ada"))).code is ErrorCode.SIGNATURE
    log = Log()
    enrolment = replace(log.enrolment("bob"), assurance=assurance)
    assert refusal(log.state, signed(enrolment, signer("ada"))).code is ErrorCode.FORBIDDEN


def test_demo_keys_and_demo_policies_belong_to_demo_tenants_alone() -> None:
    demo, demo_signer = demo_founding()
    assert founded(demo, demo_signer).kind.value == "demo"
    policy = Policy(assurance=(Assurance.KEY, Assurance.DEMO))
    for wrong in (
        replace(founding(), assurance=Assurance.DEMO),
        replace(founding(), policy=policy),
        replace(demo, assurance=Assurance.KEY),
        replace(demo, policy=SOLO),
        replace(demo, policy=policy),
    ):
        assert "Demo keys belong to demo tenants" in refusal(None, signed(wrong, signer("ada"))).public


def test_no_later_entry_brings_demo_into_a_real_tenant() -> None:
    log = Log()
    head = log.state.head
    key = signer("eve").public_key
    for statement in (
        replace(log.enrolment("eve"), assurance=Assurance.DEMO),
        ReplaceStatement(TENANT, approver("eve"), approver("ada"), key, Assurance.DEMO, TIME, head),
        PolicyStatement(TENANT, replace(SOLO, assurance=(Assurance.KEY, Assurance.DEMO)), TIME, head),
        replace(log.refounding("eve"), assurance=Assurance.DEMO),
        replace(log.refounding("eve"), kind=demo_founding()[0].kind),
    ):
        by = "eve" if isinstance(statement, FoundStatement) else "ada"
        assert refusal(log.state, signed(statement, signer(by))).code is ErrorCode.FORBIDDEN


def test_no_later_entry_makes_a_demo_tenant_real() -> None:
    statement, demo = demo_founding()
    state = founded(statement, demo)
    key = signer("eve").public_key
    for change in (
        EnrolStatement(TENANT, approver("eve"), PersonId("per_eve"), key, Assurance.KEY, TIME, state.head),
        PolicyStatement(TENANT, SOLO, TIME, state.head),
    ):
        assert refusal(state, signed(change, demo)).code is ErrorCode.FORBIDDEN


def test_an_approver_in_force_enrols_another_who_then_decides() -> None:
    log = Log()
    log.enrol("bob", "ada")
    assert log.state.in_force == ("apr_ada", "apr_bob")
    assert log.decide("bob").hash == log.state.head


def test_nobody_enrols_themselves() -> None:
    log = Log()
    assert refusal(log.state, signed(log.enrolment("eve"), signer("eve"))).code is ErrorCode.SIGNATURE
    both = signed(log.enrolment("eve"), signer("ada"), signer("eve"))
    assert refusal(log.state, both).code is ErrorCode.SIGNATURE


def test_a_change_is_signed_over_the_head_so_it_takes_effect_once_and_only_now() -> None:
    log = Log()
    early = signed(log.enrolment("bob"), signer("ada"))
    log.add_envelope(early)
    assert refusal(log.state, early).code is ErrorCode.CONFLICT


def test_a_change_needs_the_quorum_of_different_owners() -> None:
    log = team("ada", "ada_laptop", "bob", policy=TWO)
    enrolment = log.enrolment("cyd")
    assert refusal(log.state, signed(enrolment, signer("ada"))).code is ErrorCode.FORBIDDEN
    one_owner = signed(enrolment, signer("ada"), signer("ada_laptop"))
    assert refusal(log.state, one_owner).code is ErrorCode.FORBIDDEN
    assert log.enrol("cyd", "ada", "bob").hash == log.state.head


def test_one_false_signature_among_enough_genuine_ones_refuses_the_change() -> None:
    log = team("ada", "bob", policy=TWO)
    false = KeySigner(approver("bob"), secret("eve"))
    assert refusal(log.state, signed(log.enrolment("cyd"), signer("ada"), false)).code is ErrorCode.SIGNATURE


def test_a_quorum_above_those_who_are_left_asks_all_of_them() -> None:
    log = team("ada", "bob", "cyd", policy=THREE)
    log.revoke("cyd", "ada", "bob")
    assert refusal(log.state, signed(log.enrolment("dan"), signer("ada"))).code is ErrorCode.FORBIDDEN
    assert log.enrol("dan", "ada", "bob").hash == log.state.head


@pytest.mark.parametrize("quorum", [2, 50])
def test_a_policy_that_asks_more_than_there_are_approvers_is_refused(quorum: int) -> None:
    log = team("ada", "ada_laptop")
    policy = PolicyStatement(TENANT, replace(SOLO, quorum=quorum), TIME, log.state.head)
    assert refusal(log.state, signed(policy, signer("ada"))).code is ErrorCode.FORBIDDEN


def test_a_policy_by_which_nobody_could_decide_is_refused() -> None:
    log = Log()
    policy = PolicyStatement(TENANT, replace(SOLO, assurance=(Assurance.PASSKEY,)), TIME, log.state.head)
    assert refusal(log.state, signed(policy, signer("ada"))).code is ErrorCode.FORBIDDEN


def test_a_policy_is_in_force_from_its_entry_on() -> None:
    log = team("ada", "bob")
    entry = log.policy(TWO, "ada")
    assert (log.state.policy, log.state.policy_entry) == (TWO, entry.hash)
    assert log.state.policies[log.state.root] == SOLO


def test_a_revocation_is_decided_among_the_others() -> None:
    log = team("ada", "bob", "cyd", policy=TWO)
    with pytest.raises(VdwError):
        log.revoke("cyd", "ada", "cyd")
    assert log.revoke("cyd", "ada", "bob").hash == log.state.head
    assert log.state.in_force == ("apr_ada", "apr_bob")


def test_of_two_approvers_the_other_one_revokes() -> None:
    log = team("ada", "bob", policy=TWO)
    assert log.revoke("bob", "ada").hash == log.state.head


def test_a_sole_approver_cannot_revoke_their_only_key() -> None:
    log = Log()
    with pytest.raises(VdwError):
        log.revoke("ada", "ada")


def test_a_person_with_two_keys_ends_the_one_that_was_stolen() -> None:
    log = team("ada", "ada_laptop")
    with pytest.raises(VdwError):
        log.revoke("ada_laptop", "ada_laptop")
    assert log.revoke("ada_laptop", "ada").hash == log.state.head


def test_a_replacement_keeps_the_person_and_ends_the_key() -> None:
    log = Log()
    log.replace("ada", "ada_new", "ada")
    assert log.state.in_force == ("apr_ada_new",)
    assert log.state.owner_of(approver("ada_new")) == owner("ada")
    with pytest.raises(VdwError):
        log.decide("ada")
    assert log.decide("ada_new").hash == log.state.head


def test_only_an_approver_in_force_is_replaced_or_revoked() -> None:
    log = team("ada", "bob")
    log.revoke("bob", "ada")
    for who in ("bob", "nobody"):
        with pytest.raises(VdwError) as refused:
            log.revoke(who, "ada")
        assert refused.value.code is ErrorCode.FORBIDDEN
        with pytest.raises(VdwError) as refused:
            log.replace(who, "new", "ada")
        assert refused.value.code is ErrorCode.FORBIDDEN


def test_an_id_and_a_key_are_enrolled_once_so_no_key_speaks_for_two_owners() -> None:
    log = team("ada", "bob")
    log.server_key("main", "ada")
    log.revoke("bob", "ada")
    fresh = log.enrolment("cyd")
    for taken in (
        replace(fresh, approver=approver("bob")),
        replace(fresh, approver=ApproverId("srv_main")),
        replace(fresh, public_key=signer("ada").public_key),
        replace(fresh, public_key=signer("bob").public_key),
        replace(fresh, public_key=signer("main").public_key),
        ServerKeyStatement(TENANT, "srv_two", signer("ada").public_key, TIME, log.state.head),
        ServerKeyStatement(TENANT, "srv_main", signer("two").public_key, TIME, log.state.head),
        ReplaceStatement(
            TENANT,
            approver("cyd"),
            approver("ada"),
            signer("bob").public_key,
            Assurance.KEY,
            TIME,
            log.state.head,
        ),
    ):
        assert refusal(log.state, signed(taken, signer("ada"))).code is ErrorCode.FORBIDDEN


def test_a_change_for_another_tenant_is_refused() -> None:
    log = Log()
    assert refusal(log.state, signed(replace(log.enrolment("bob"), tenant=TenantId("ten_b")), signer("ada"))).code is (
        ErrorCode.FORBIDDEN
    )


def test_a_refounding_names_the_head_it_follows() -> None:
    log = Log()
    wrong = replace(log.refounding("eve"), lost_head=digest_bytes(b"elsewhere"))
    assert refusal(log.state, signed(wrong, signer("eve"))).code is ErrorCode.FORBIDDEN
    wrong = replace(log.refounding("eve"), prev=digest_bytes(b"elsewhere"))
    assert refusal(log.state, signed(wrong, signer("eve"))).code is ErrorCode.FORBIDDEN


def test_a_refounding_changes_neither_the_tenant_nor_its_kind() -> None:
    log = Log()
    demo = replace(
        log.refounding("eve"),
        kind=TenantKind.DEMO,
        assurance=Assurance.DEMO,
        policy=replace(SOLO, assurance=(Assurance.DEMO,)),
    )
    for wrong in (demo, replace(log.refounding("eve"), tenant=TenantId("ten_b"))):
        assert "neither the tenant nor its kind" in refusal(log.state, signed(wrong, signer("eve"))).public


def test_a_refounding_brings_a_new_approver_with_a_new_key() -> None:
    log = Log()
    assert refusal(log.state, signed(log.refounding("ada"), signer("ada"))).code is ErrorCode.FORBIDDEN
    same_key = replace(log.refounding("eve"), public_key=signer("ada").public_key)
    assert refusal(log.state, signed(same_key, KeySigner(approver("eve"), secret("ada")))).code is ErrorCode.FORBIDDEN


def test_a_new_root_is_never_sent_in() -> None:
    log = Log()
    with pytest.raises(VdwError) as refused:
        require_acceptable(log.state, signed(log.refounding("eve"), signer("eve")), NOW)
    assert refused.value.code is ErrorCode.FORBIDDEN
