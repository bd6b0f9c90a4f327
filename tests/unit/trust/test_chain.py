"""Replaying a log: what verifies, from where it goes on, and whose keys count at which entry."""

from dataclasses import replace

import pytest

from tests.unit.trust.chains import (
    ARTIFACT,
    PRJ_A,
    SOLO,
    TIME,
    Log,
    approver,
    forged_entry,
    forged_row,
    founding,
    signed,
    signer,
    team,
)
from vdw.domain.canonical import ZERO_DIGEST, digest_bytes
from vdw.domain.ids import TenantId
from vdw.domain.policy import Assurance
from vdw.errors import ErrorCode, VdwError
from vdw.trust.acceptance import append
from vdw.trust.chain import entry_hash, extend, replay
from vdw.trust.pin import Pin
from vdw.trust.state import Root
from vdw.trust.votes import waivers_with_quorum


def long_log() -> Log:
    """Every kind of entry, in a log that two people keep."""
    log = team("ada", "bob")
    log.server_key("main", "ada")
    log.decide("bob")
    log.waive("ada")
    log.replace("bob", "bob_new", "ada")
    log.policy(replace(SOLO, quorum=2), "ada")
    log.decide("bob_new", project="prj_b")
    log.revoke("bob_new", "ada")
    return log


def refusal(log: Log, pin: Pin) -> VdwError:
    with pytest.raises(VdwError) as refused:
        replay(log.entries, pin)
    assert refused.value.code is ErrorCode.TRUST
    return refused.value


def test_replaying_the_entries_gives_the_state_that_writing_them_gave() -> None:
    log = long_log()
    assert replay(log.entries, log.pin) == log.state


def test_a_process_goes_on_from_what_it_has_verified() -> None:
    log = long_log()
    known = replay(log.entries[:5], Pin(log.state.root, log.entries[4].hash, 4))
    assert replay(log.entries[5:], log.pin, known) == log.state
    assert replay((), log.pin, log.state) is log.state


def test_new_entries_have_to_follow_what_was_verified() -> None:
    log = long_log()
    known = replay(log.entries[:5], Pin(log.state.root, log.entries[4].hash, 4))
    with pytest.raises(VdwError):
        replay(log.entries[6:], log.pin, known)
    with pytest.raises(VdwError):
        replay(log.entries, log.pin, known)


def test_extending_leaves_the_earlier_state_as_it_was() -> None:
    log = Log()
    before = log.state
    entry = log.decide()
    after = extend(before, entry)
    assert entry.envelope_digest in after.decisions
    assert entry.envelope_digest not in before.decisions
    assert entry.hash not in before.positions


def test_an_earlier_pin_accepts_a_longer_log() -> None:
    log = long_log()
    assert replay(log.entries, Pin(log.state.root, log.state.root, 0)) == log.state


def test_an_empty_log_is_no_trust() -> None:
    with pytest.raises(VdwError) as refused:
        replay((), Pin(ZERO_DIGEST, ZERO_DIGEST, 0))
    assert refused.value.code is ErrorCode.TRUST


def test_another_root_than_the_pinned_one_is_refused() -> None:
    log = long_log()
    assert "root" in refusal(log, replace(log.pin, root=digest_bytes(b"other"))).reason


def test_a_pinned_head_that_the_chain_lacks_is_refused() -> None:
    log = long_log()
    assert "head" in refusal(log, replace(log.pin, head=digest_bytes(b"other"))).reason
    assert "head" in refusal(log, replace(log.pin, position=log.pin.position - 1)).reason


def test_an_entry_lies_at_the_place_that_follows_its_predecessor() -> None:
    log = Log()
    entry = forged_entry(log.state, signed(log.decision(), signer("ada")))
    elsewhere = forged_row(signed(log.decision(), signer("ada")), ZERO_DIGEST, 1)
    for wrong in (replace(entry, position=2), replace(entry, position=0), elsewhere):
        with pytest.raises(VdwError):
            extend(log.state, wrong)
    assert extend(log.state, entry).head == entry.hash


def test_an_entry_holds_exactly_the_envelope_that_it_names() -> None:
    log = Log()
    entry = forged_entry(log.state, signed(log.decision(), signer("ada")))
    spaced = entry.envelope.replace(b'":', b'": ', 1)
    named = digest_bytes(spaced)
    misnamed = digest_bytes(b"another envelope")
    for wrong in (
        replace(entry, envelope=spaced, envelope_digest=named, hash=entry_hash(entry.prev, named, TIME)),
        replace(entry, envelope_digest=misnamed, hash=entry_hash(entry.prev, misnamed, TIME)),
    ):
        with pytest.raises(VdwError) as refused:
            extend(log.state, wrong)
        assert refused.value.code is ErrorCode.TRUST


def test_an_envelope_stands_in_a_log_once() -> None:
    log = Log()
    vote = signed(log.decision(), signer("ada"))
    log.add_envelope(vote)
    with pytest.raises(VdwError) as refused:
        extend(log.state, forged_entry(log.state, vote))
    assert refused.value.code is ErrorCode.TRUST


def test_a_decision_stays_valid_after_its_key_is_replaced_or_revoked() -> None:
    log = team("ada", "bob")
    entry = log.decide("bob")
    log.replace("bob", "bob_new", "ada")
    log.revoke("bob_new", "ada")
    assert replay(log.entries, log.pin).approves(entry.envelope_digest, PRJ_A, ARTIFACT)


def test_a_key_is_valid_by_position_never_by_a_clock() -> None:
    log = team("ada", "bob")
    early = signed(log.decision("bob"), signer("bob"))  # made before the revocation, by its own time too
    log.revoke("bob", "ada")
    with pytest.raises(VdwError) as refused:
        append(log.state, early, TIME)
    assert refused.value.code is ErrorCode.SIGNATURE


def test_entries_may_lie_at_any_time_since_the_chain_alone_orders_them() -> None:
    log = Log()
    envelope = signed(log.decision(time="2020-01-01T00:00:00Z"), signer("ada"))
    entry, state = append(log.state, envelope, "2019-01-01T00:00:00Z")
    assert replay([*log.entries, entry], Pin(state.root, state.head, 1)) == state


def test_an_approvers_interval_is_said_by_positions() -> None:
    log = team("ada", "bob")
    log.decide("bob")
    log.revoke("bob", "ada")
    bob = log.state.approvers[approver("bob")]
    assert (bob.since, bob.until) == (1, 3)


@pytest.mark.parametrize("accepted_at", ["", "yesterday", "2026-11-24", "2026-11-24T12:00:00+01:00"])
def test_an_entry_bears_a_time_and_nothing_else_in_its_place(accepted_at: str) -> None:
    log = Log()
    (entry,) = log.entries
    forged = replace(entry, accepted_at=accepted_at, hash=entry_hash(entry.prev, entry.envelope_digest, accepted_at))
    with pytest.raises(VdwError) as refused:
        extend(None, forged)
    assert refused.value.code is ErrorCode.TRUST


def test_what_is_wrong_is_said_in_the_log_and_not_to_the_caller() -> None:
    log = long_log()
    log.entries[3] = replace(log.entries[3], accepted_at="2027-01-01T00:00:00Z")
    refused = refusal(log, log.pin)
    assert "entry 3" in refused.reason
    assert "entry 3" not in refused.public


def test_after_a_refounding_decisions_under_the_lost_root_stay_in_the_record_and_open_nothing() -> None:
    log = team("ada", "bob")
    lost = log.state.root
    decision, waiver = log.decide("bob"), log.waive("ada")
    log.refound("eve")
    state = replay(log.entries, log.pin)
    assert state.lost_roots == (Root(lost, 0, replaced_at=4),)
    assert state.root_at(3) == state.lost_roots[0]
    assert state.root_at(4) == state.present_root
    assert state.in_force == ("apr_eve",)
    assert decision.envelope_digest in state.decisions
    assert not state.approves(decision.envelope_digest, PRJ_A, ARTIFACT)
    assert waiver.envelope_digest in state.waivers
    assert waivers_with_quorum(state, PRJ_A) == ()


def test_after_a_refounding_the_new_approver_decides_and_the_old_ones_do_not() -> None:
    log = team("ada", "bob")
    log.decide("bob")
    log.refound("eve")
    with pytest.raises(VdwError):
        log.decide("bob")
    entry = log.decide("eve")
    assert log.state.approves(entry.envelope_digest, PRJ_A, ARTIFACT)


def test_after_a_refounding_the_old_pin_says_what_happened_and_verifies_nothing() -> None:
    log = Log()
    old = log.pin
    log.refound("eve")
    assert "founded anew" in refusal(log, old).public


def test_after_a_refounding_the_server_key_is_enrolled_again_under_its_own_id() -> None:
    log = Log()
    log.server_key("main", "ada")
    log.refound("eve")
    assert log.state.server_keys == {}
    log.server_key("main", "eve")
    assert log.state.server_keys == {"srv_main": signer("main").public_key}


def test_a_founding_for_another_tenant_does_not_begin_this_tenants_log() -> None:
    log = Log(tenant=TenantId("ten_b"))
    moved = replace(log.entries[0], tenant=TenantId("ten_a"))
    with pytest.raises(VdwError):
        extend(None, moved)


def test_a_founding_by_an_assurance_of_another_version_is_refused() -> None:
    statement = replace(founding(), assurance=Assurance.PASSKEY)
    with pytest.raises(VdwError) as refused:
        append(None, signed(statement, signer("ada")), TIME)
    assert refused.value.code is ErrorCode.SIGNATURE
