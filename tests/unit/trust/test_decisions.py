"""Which decisions and waivers are taken in: the steps of acceptance, one test each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.trust.chains import (
    ARTIFACT,
    NOW,
    PRJ_A,
    SOLO,
    TIME,
    Log,
    approver,
    demo_founding,
    secret,
    signed,
    signer,
    team,
)
from vdw.domain.canonical import digest_bytes
from vdw.domain.ids import ProjectId
from vdw.domain.policy import Assurance
from vdw.domain.stages import GateVerdict
from vdw.errors import ErrorCode, LawRefusal, VdwError
from vdw.trust.acceptance import append, require_acceptable
from vdw.trust.envelope import Envelope, sign
from vdw.trust.parsing import read_statement
from vdw.trust.signer import DemoSigner


def refusal(log: Log, envelope: Envelope) -> VdwError:
    with pytest.raises(VdwError) as refused:
        require_acceptable(log.state, envelope, NOW)
    return refused.value


def test_a_signed_decision_is_accepted_and_is_then_an_approval_of_exactly_its_digest() -> None:
    log = Log()
    envelope = signed(log.decision(), signer("ada"))
    assert require_acceptable(log.state, envelope, NOW) == log.decision()
    log.add_envelope(envelope)
    assert log.state.approves(envelope.digest(), PRJ_A, ARTIFACT)
    assert not log.state.approves(envelope.digest(), PRJ_A, digest_bytes(b"other bytes"))
    assert not log.state.approves(envelope.digest(), ProjectId("prj_b"), ARTIFACT)


def test_a_rejection_approves_nothing() -> None:
    log = Log()
    entry = log.decide(verdict=GateVerdict.REJECT)
    assert not log.state.approves(entry.envelope_digest, PRJ_A, ARTIFACT)


def test_the_signature_of_a_stranger_is_refused() -> None:
    log = Log()
    assert refusal(log, signed(log.decision("eve"), signer("eve"))).code is ErrorCode.SIGNATURE


def test_a_stranger_who_signs_in_an_approvers_name_is_refused() -> None:
    log = Log()
    forger = type(signer("ada"))(approver("ada"), secret("eve"))
    assert refusal(log, signed(log.decision(), forger)).code is ErrorCode.SIGNATURE


def test_a_decision_that_names_another_approver_than_its_signer_is_refused() -> None:
    log = team("ada", "bob")
    assert refusal(log, signed(log.decision("ada"), signer("bob"))).code is ErrorCode.SIGNATURE


def test_a_decision_has_one_signature_so_that_nobody_decides_in_anothers_statement() -> None:
    log = team("ada", "bob")
    assert refusal(log, signed(log.decision("ada"), signer("ada"), signer("bob"))).code is ErrorCode.SIGNATURE


def test_changed_bytes_under_a_genuine_signature_are_refused() -> None:
    log = Log()
    genuine = signed(log.decision(), signer("ada"))
    other = signed(log.decision(digest=digest_bytes(b"other bytes")), signer("ada"))
    assert refusal(log, Envelope(other.payload, genuine.signatures)).code is ErrorCode.SIGNATURE


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    log = Log()
    genuine = signed(log.decision(), signer("ada"))
    cut = replace(genuine.signatures[0], sig=(genuine.signatures[0].sig * 2)[:length])
    assert refusal(log, Envelope(genuine.payload, (cut,))).code is ErrorCode.SIGNATURE


@pytest.mark.parametrize(("seconds", "accepted"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_a_statement_is_made_within_five_minutes_of_its_acceptance(seconds: int, accepted: bool) -> None:
    log = Log()
    envelope = signed(log.decision(), signer("ada"))
    moment = NOW + timedelta(seconds=seconds)
    if accepted:
        assert require_acceptable(log.state, envelope, moment).time == TIME
        return
    with pytest.raises(VdwError) as refused:
        require_acceptable(log.state, envelope, moment)
    assert refused.value.code is ErrorCode.SIGNATURE


@pytest.mark.parametrize("assurance", [Assurance.PASSKEY, Assurance.SESSION, Assurance.DEMO])
def test_a_decision_claims_no_other_assurance_than_its_key_was_enrolled_with(assurance: Assurance) -> None:
    log = Log()
    assert refusal(log, signed(log.decision(assurance=assurance), signer("ada"))).code is ErrorCode.SIGNATURE


def test_an_assurance_that_the_policy_does_not_accept_is_refused() -> None:
    log = Log()
    strict = replace(log.state, policy=replace(SOLO, assurance=(Assurance.PASSKEY,)))
    with pytest.raises(VdwError) as refused:
        require_acceptable(strict, signed(log.decision(), signer("ada")), NOW)
    assert refused.value.code is ErrorCode.SIGNATURE


def test_a_decision_made_under_an_earlier_policy_has_to_look_again() -> None:
    log = Log()
    envelope = signed(log.decision(), signer("ada"))
    log.policy(replace(SOLO, template_drafts=True), "ada")
    assert refusal(log, envelope).code is ErrorCode.LOOK_AGAIN


def test_a_decision_made_under_another_log_is_refused() -> None:
    log = Log()
    envelope = signed(log.decision(log_head=digest_bytes(b"elsewhere")), signer("ada"))
    assert refusal(log, envelope).code is ErrorCode.SIGNATURE


def test_a_decision_may_have_been_made_before_the_newest_entries() -> None:
    log = Log()
    envelope = signed(log.decision(), signer("ada"))
    log.decide(project="prj_b")
    assert require_acceptable(log.state, envelope, NOW) == read_statement(envelope.payload)


def test_a_decision_for_another_tenant_is_refused() -> None:
    log = Log()
    assert refusal(log, signed(log.decision(tenant="ten_b"), signer("ada"))).code is ErrorCode.FORBIDDEN


def test_one_envelope_takes_effect_once() -> None:
    log = Log()
    envelope = signed(log.decision(), signer("ada"))
    log.add_envelope(envelope)
    assert refusal(log, envelope).code is ErrorCode.LOOK_AGAIN


def test_of_two_decisions_on_the_same_state_the_second_has_to_look_again() -> None:
    log = team("ada", "bob")
    late = signed(log.decision("bob"), signer("bob"))
    log.decide("ada")
    assert refusal(log, late).code is ErrorCode.LOOK_AGAIN
    assert log.decide("bob").hash == log.state.head


def test_nobody_decides_on_their_own_work_unless_the_policy_says_so() -> None:
    log = Log(policy=replace(SOLO, self_approval=False))
    refused = refusal(log, signed(log.decision(owners=("per_ada", "per_bob")), signer("ada")))
    assert isinstance(refused, LawRefusal)
    assert refused.law == 2


def test_separation_counts_owners_so_a_second_key_of_the_author_does_not_help() -> None:
    log = team("ada", "ada_laptop", policy=replace(SOLO, self_approval=False))
    refused = refusal(log, signed(log.decision("ada_laptop", owners=("per_ada",)), signer("ada_laptop")))
    assert isinstance(refused, LawRefusal)


def test_a_waiver_is_a_decision_like_any_other() -> None:
    log = Log()
    assert require_acceptable(log.state, signed(log.waiver(), signer("ada")), NOW) == log.waiver()
    assert refusal(log, signed(log.waiver("eve"), signer("eve"))).code is ErrorCode.SIGNATURE
    separate = Log(policy=replace(SOLO, self_approval=False))
    refused = refusal(separate, signed(separate.waiver(owners=("per_ada",)), signer("ada")))
    assert isinstance(refused, LawRefusal)


def test_a_demo_tenant_takes_demo_decisions_and_no_others() -> None:
    statement, demo = demo_founding()
    log = Log()
    _, log.state = append(None, sign(statement.as_statement(), (demo,)), TIME)
    decision = log.decision(assurance=Assurance.DEMO)
    assert require_acceptable(log.state, signed(decision, demo), NOW) == decision
    assert refusal(log, signed(log.decision(), signer("ada"))).code is ErrorCode.SIGNATURE


def test_a_demo_signature_in_a_real_tenant_is_refused() -> None:
    log = Log()
    demo = DemoSigner(approver("demo"), secret("demo"))
    envelope = signed(log.decision("demo", assurance=Assurance.DEMO), demo)
    assert refusal(log, envelope).code is ErrorCode.SIGNATURE


def test_a_refusal_tells_a_forger_nothing_and_the_log_everything() -> None:
    log = Log()
    refused = refusal(log, signed(log.decision("eve"), signer("eve")))
    assert "apr_eve" not in refused.public
    assert "apr_eve" in refused.reason
