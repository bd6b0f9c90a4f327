"""Whoever writes the database without a key in force changes what it says, and not what is believed."""

from dataclasses import replace

import pytest

from tests.security.trust.victim import Victim
from tests.unit.trust.chains import (
    ARTIFACT,
    SOLO,
    TENANT,
    TIME,
    Log,
    demo_founding,
    forged_entry,
    secret,
    signed,
    signer,
    team,
)
from vdw.domain.ids import ApproverId, PersonId, ProjectId
from vdw.domain.policy import Assurance
from vdw.errors import ErrorCode, VdwError
from vdw.trust.acceptance import append
from vdw.trust.envelope import sign
from vdw.trust.pin import read_pins
from vdw.trust.signer import KeySigner
from vdw.trust.statements import EnrolStatement, PolicyStatement, RevokeStatement


def assert_distrusted(victim: Victim) -> None:
    pinned = read_pins(victim.pin_file).require(TENANT)
    for ask in (victim.trust, victim.trust_after_restart):
        with pytest.raises(VdwError) as refused:
            ask()
        assert refused.value.code is ErrorCode.TRUST
    assert read_pins(victim.pin_file).require(TENANT) == pinned


@pytest.fixture
def log(victim: Victim) -> Log:
    """The genuine log, in the store, verified once."""
    made = team("ada", "bob")
    victim.keeps(made)
    assert victim.trust() == made.state
    return made


def test_what_the_store_keeps_is_believed_and_what_another_process_appends_is_too(victim: Victim, log: Log) -> None:
    entry = log.decide("bob")
    victim.rewrite(log.entries)
    assert victim.trust().approves(entry.envelope_digest, ProjectId("prj_a"), ARTIFACT)
    assert victim.trust_after_restart() == victim.trust() == log.state
    assert read_pins(victim.pin_file).require(TENANT) == log.pin


def test_an_inserted_approver_is_not_believed(victim: Victim, log: Log) -> None:
    for by in ("eve", "ada"):  # signed by themselves, and by themselves in an approver's name
        forger = KeySigner(ApproverId(f"apr_{by}"), secret("eve"))
        envelope = sign(log.enrolment("eve").as_statement(), (forger,))
        victim.rewrite([*log.entries, forged_entry(log.state, envelope)])
        assert_distrusted(victim)


def test_inserted_revocations_policies_and_decisions_are_not_believed(victim: Victim, log: Log) -> None:
    head = log.state.head
    for statement in (
        RevokeStatement(TENANT, ApproverId("apr_bob"), TIME, head),
        PolicyStatement(TENANT, replace(SOLO, template_drafts=True), TIME, head),
        log.decision("eve"),
    ):
        victim.rewrite([*log.entries, forged_entry(log.state, signed(statement, signer("eve")))])
        assert_distrusted(victim)


def test_a_whole_chain_of_another_root_is_not_believed(victim: Victim) -> None:
    log = Log()
    victim.keeps(log)
    theirs = Log("eve")
    theirs.decide("eve")
    victim.rewrite(theirs.entries)
    assert_distrusted(victim)


def test_an_inserted_refounding_is_not_believed(victim: Victim, log: Log) -> None:
    log.refound("eve")
    victim.rewrite(log.entries)
    assert_distrusted(victim)


def test_a_log_cut_below_the_pinned_head_is_not_believed(victim: Victim, log: Log) -> None:
    victim.rewrite(log.entries[:1])
    assert_distrusted(victim)
    victim.rewrite([])
    assert_distrusted(victim)


def test_a_cut_log_that_goes_on_otherwise_is_not_believed(victim: Victim) -> None:
    log = Log()
    log.policy(replace(SOLO, self_approval=False), "ada")
    victim.keeps(log)
    other = Log()  # the same founding, so the same root
    other.enrol("bob", "ada")
    victim.rewrite(other.entries)
    assert_distrusted(victim)


def test_a_decision_that_was_refused_as_ones_own_work_cannot_be_slipped_in(victim: Victim) -> None:
    log = Log(policy=replace(SOLO, self_approval=False))
    victim.keeps(log)
    genuine = signed(log.decision(owners=("per_ada",)), signer("ada"))
    victim.rewrite([*log.entries, forged_entry(log.state, genuine)])
    assert_distrusted(victim)


def test_a_demo_log_is_not_believed_in_place_of_a_real_one(victim: Victim, log: Log) -> None:
    statement, demo = demo_founding()
    entry, _ = append(None, sign(statement.as_statement(), (demo,)), TIME)
    victim.rewrite([entry])
    assert_distrusted(victim)
    key = signer("eve").public_key
    enrolment = EnrolStatement(
        TENANT, ApproverId("apr_eve"), PersonId("per_eve"), key, Assurance.DEMO, TIME, log.state.head
    )
    victim.rewrite([*log.entries, forged_entry(log.state, signed(enrolment, signer("ada")))])
    assert_distrusted(victim)


def test_without_its_pin_a_log_is_not_believed(victim: Victim) -> None:
    victim.keeps(Log())
    victim.pin_file.unlink()
    with pytest.raises(VdwError) as refused:
        victim.trust_after_restart()
    assert "vdw init" in refused.value.next_step
