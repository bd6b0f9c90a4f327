"""Counting votes and waivers from the log: quorum of different owners, first rejection, void votes."""

from dataclasses import replace

import pytest

from tests.unit.trust.chains import ARTIFACT, PRJ_A, SOLO, Log, team
from vdw.domain.canonical import digest_bytes
from vdw.domain.finding import Subject
from vdw.domain.ids import ProjectId
from vdw.domain.stages import GateVerdict, Phase
from vdw.trust.votes import (
    approvals_of,
    approving_root,
    count_votes,
    is_approval,
    is_rejected,
    newest_approval,
    waivers_begun,
    waivers_with_quorum,
)

TWO = replace(SOLO, quorum=2)


def approved(log: Log, *envelopes: str) -> bool:
    return is_approval(log.state, envelopes, PRJ_A, ARTIFACT)


def test_one_approval_is_enough_for_a_quorum_of_one() -> None:
    log = Log()
    entry = log.decide()
    assert count_votes(log.state, PRJ_A, "rev_1").envelopes == (entry.envelope_digest,)
    assert approved(log, entry.envelope_digest)


def test_a_quorum_takes_several_envelopes_of_different_owners() -> None:
    log = team("ada", "bob", policy=TWO)
    first = log.decide("ada")
    assert count_votes(log.state, PRJ_A, "rev_1").verdict is None
    assert not approved(log, first.envelope_digest)
    second = log.decide("bob")
    tally = count_votes(log.state, PRJ_A, "rev_1")
    assert (tally.verdict, len(tally.envelopes)) == (GateVerdict.APPROVE, 2)
    assert approved(log, first.envelope_digest, second.envelope_digest)


def test_a_part_of_the_approvals_is_no_approval() -> None:
    log = team("ada", "bob", policy=TWO)
    first, second = log.decide("ada"), log.decide("bob")
    assert not approved(log, first.envelope_digest)
    assert not approved(log, second.envelope_digest)
    assert not approved(log)


def test_two_keys_of_one_owner_are_one_vote() -> None:
    log = team("ada", "ada_laptop", "bob", policy=TWO)
    votes = [log.decide("ada"), log.decide("ada_laptop")]
    assert not approved(log, *(vote.envelope_digest for vote in votes))


def test_the_first_rejection_rejects() -> None:
    log = team("ada", "bob", "cyd", policy=TWO)
    votes = [log.decide("ada"), log.decide("bob", verdict=GateVerdict.REJECT), log.decide("cyd")]
    tally = count_votes(log.state, PRJ_A, "rev_1")
    assert (tally.verdict, tally.envelopes) == (GateVerdict.REJECT, (votes[1].envelope_digest,))
    assert not approved(log, votes[0].envelope_digest, votes[2].envelope_digest)


def test_a_rejection_after_the_quorum_comes_too_late() -> None:
    log = team("ada", "bob")
    entry = log.decide("ada")
    log.decide("bob", verdict=GateVerdict.REJECT)
    assert approved(log, entry.envelope_digest)


def test_approvals_of_two_reviews_do_not_add_up() -> None:
    log = team("ada", "bob", policy=TWO)
    votes = [log.decide("ada"), log.decide("bob", review="rev_2")]
    assert not approved(log, *(vote.envelope_digest for vote in votes))


def test_approvals_of_two_digests_or_two_projects_do_not_add_up() -> None:
    log = team("ada", "bob", "cyd", policy=TWO)
    votes = [
        log.decide("ada"),
        log.decide("bob", digest=digest_bytes(b"other bytes")),
        log.decide("cyd", project="prj_b"),
    ]
    assert count_votes(log.state, PRJ_A, "rev_1").verdict is None
    assert not approved(log, *(vote.envelope_digest for vote in votes))


def test_approvals_under_two_policies_do_not_add_up() -> None:
    log = team("ada", "bob", policy=TWO)
    votes = [log.decide("ada")]
    log.policy(replace(TWO, template_drafts=True), "ada", "bob")
    votes.append(log.decide("bob"))
    assert not approved(log, *(vote.envelope_digest for vote in votes))


def test_a_pending_vote_of_a_revoked_approver_is_void() -> None:
    log = team("ada", "bob", "cyd", policy=TWO)
    void = log.decide("cyd")
    log.revoke("cyd", "ada", "bob")
    late = log.decide("ada")
    assert not approved(log, void.envelope_digest, late.envelope_digest)
    last = log.decide("bob")
    assert approved(log, late.envelope_digest, last.envelope_digest)


def test_an_undecided_review_lists_no_vote_whose_key_has_ended_since() -> None:
    log = team("ada", "bob", "cyd", policy=replace(TWO, quorum=3))
    log.decide("cyd")
    stays = log.decide("ada")
    log.revoke("cyd", "ada", "bob")
    assert count_votes(log.state, PRJ_A, "rev_1").envelopes == (stays.envelope_digest,)


def test_an_approval_outlives_the_keys_that_made_it() -> None:
    log = team("ada", "bob", "cyd", policy=TWO)
    votes = [log.decide("bob"), log.decide("cyd")]
    log.revoke("bob", "ada", "cyd")
    log.revoke("cyd", "ada")
    assert approved(log, *(vote.envelope_digest for vote in votes))


def test_an_approval_under_a_lost_root_is_none() -> None:
    log = Log()
    entry = log.decide()
    log.refound("eve")
    assert not approved(log, entry.envelope_digest)
    assert count_votes(log.state, PRJ_A, "rev_1").envelopes == ()


def test_an_approval_is_told_under_the_root_that_it_was_signed_under() -> None:
    log = Log()
    before = log.decide().envelope_digest
    log.refound("eve")
    after = log.decide("eve", review="rev_2").envelope_digest
    lost = log.state.lost_roots[0]
    assert approving_root(log.state, [before], PRJ_A, ARTIFACT) == lost
    assert approving_root(log.state, [after], PRJ_A, ARTIFACT) == log.state.present_root
    assert approving_root(log.state, [before, after], PRJ_A, ARTIFACT) is None
    assert approving_root(log.state, [digest_bytes(b"by hand")], PRJ_A, ARTIFACT) is None


def test_the_newest_approval_of_a_gate_may_be_under_a_root_that_replaced_the_one_asked_for() -> None:
    log = Log()
    log.decide()
    log.refound("eve")
    lost = log.state.lost_roots[0]
    other = digest_bytes(b"another revision")
    log.decide("eve", review="rev_2", digest=other)
    newest = newest_approval(log.state, PRJ_A, Phase.MOOD, lost)
    assert newest is not None
    assert newest.digest == other


def test_votes_under_two_roots_do_not_add_up() -> None:
    log = team("ada", "bob", policy=TWO)
    before = log.decide("ada").envelope_digest
    log.refound("eve")
    after = log.decide("eve").envelope_digest
    assert approving_root(log.state, [before], PRJ_A, ARTIFACT) is None
    assert approving_root(log.state, [before, after], PRJ_A, ARTIFACT) is None
    assert approving_root(log.state, [after], PRJ_A, ARTIFACT) == log.state.present_root


def test_an_envelope_that_the_log_does_not_hold_approves_nothing() -> None:
    log = Log()
    entry = log.decide()
    assert not approved(log, digest_bytes(b"a row written by hand"))
    assert not approved(log, entry.envelope_digest, digest_bytes(b"a row written by hand"))


def test_self_approval_is_recorded() -> None:
    log = Log()
    log.decide(owners=("per_ada",))
    log.decide(project="prj_b", owners=("per_bob",))
    assert count_votes(log.state, PRJ_A, "rev_1").self_approved
    assert not count_votes(log.state, ProjectId("prj_b"), "rev_1").self_approved


def test_a_waiver_needs_the_quorum_of_different_owners_on_one_finding() -> None:
    log = team("ada", "bob", "cyd", policy=TWO)
    log.waive("ada")
    log.waive("bob", subjects=(Subject("REQ-002", ""),))
    assert waivers_with_quorum(log.state, PRJ_A) == ()
    log.waive("cyd")
    (found,) = waivers_with_quorum(log.state, PRJ_A)
    assert found.subjects == log.waiver().subjects


def test_a_waiver_ends_on_the_earliest_day_that_its_signers_named() -> None:
    log = team("ada", "bob", policy=TWO)
    log.waive("ada", until="2026-12-31")
    log.waive("bob", until="2026-12-01")
    (found,) = waivers_with_quorum(log.state, PRJ_A)
    assert found.until == "2026-12-01"


def test_a_waiver_half_signed_by_a_revoked_approver_is_not_half_signed() -> None:
    log = team("ada", "bob", "cyd", policy=TWO)
    log.waive("cyd")
    log.revoke("cyd", "ada", "bob")
    log.waive("ada")
    assert waivers_with_quorum(log.state, PRJ_A) == ()


def test_a_waiver_half_signed_is_not_whole_when_the_quorum_is_lowered() -> None:
    log = team("ada", "bob", policy=TWO)
    log.waive("ada")
    log.policy(SOLO, "ada", "bob")
    assert waivers_with_quorum(log.state, PRJ_A) == ()
    log.waive("bob")
    (found,) = waivers_with_quorum(log.state, PRJ_A)
    assert found.approver == "apr_bob"


def test_a_waiver_stands_as_long_as_the_policy_asks_no_more_than_its_own() -> None:
    log = team("ada", "bob", policy=TWO)
    log.waive("ada")
    log.waive("bob")
    log.policy(SOLO, "ada", "bob")
    assert len(waivers_with_quorum(log.state, PRJ_A)) == 1
    log.waive("bob", waiver="wai_2", subjects=(Subject("REQ-002", ""),))
    log.policy(TWO, "ada")
    (found,) = waivers_with_quorum(log.state, PRJ_A)
    assert found.waiver == "wai_1"


def test_a_begun_waiver_holds_what_would_count_beside_a_signature_of_now() -> None:
    log = team("ada", "bob", "cyd", "dan", policy=replace(TWO, quorum=3))
    log.waive("cyd")
    log.policy(replace(TWO, quorum=3, template_drafts=True), "ada", "bob", "cyd")
    assert waivers_begun(log.state, PRJ_A) == ()
    log.waive("ada")
    log.waive("dan")
    log.revoke("dan", "ada", "bob", "cyd")
    ((begun,),) = waivers_begun(log.state, PRJ_A)
    assert begun.approver == "apr_ada"
    log.waive("bob")
    log.waive("cyd")
    assert waivers_begun(log.state, PRJ_A) == ()


def test_a_waiver_of_another_project_or_a_lost_root_is_none_of_this_one() -> None:
    log = Log()
    log.waive("ada")
    assert len(waivers_with_quorum(log.state, PRJ_A)) == 1
    assert waivers_with_quorum(log.state, ProjectId("prj_b")) == ()
    log.refound("eve")
    assert waivers_with_quorum(log.state, PRJ_A) == ()


def test_a_later_rejection_of_the_same_bytes_ends_their_approval() -> None:
    log = team("ada", "bob")
    entry = log.decide("ada")
    assert approved(log, entry.envelope_digest)
    log.decide("bob", verdict=GateVerdict.REJECT, review="rev_2")
    assert is_rejected(log.state, PRJ_A, ARTIFACT)
    assert not approved(log, entry.envelope_digest)


def test_what_was_rejected_is_approved_by_a_later_review() -> None:
    log = team("ada", "bob", policy=TWO)
    log.decide("ada", verdict=GateVerdict.REJECT)
    half = log.decide("ada", review="rev_2")
    assert is_rejected(log.state, PRJ_A, ARTIFACT)
    whole = log.decide("bob", review="rev_2")
    assert not is_rejected(log.state, PRJ_A, ARTIFACT)
    assert approved(log, half.envelope_digest, whole.envelope_digest)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"project": "prj_b", "review": "rev_2"},
        {"digest": digest_bytes(b"other bytes"), "review": "rev_2"},
        {"digest": digest_bytes(b"other bytes")},
    ],
    ids=["another project", "other bytes", "other bytes in the approving review"],
)
def test_a_rejection_of_something_else_ends_no_approval(elsewhere: dict[str, object]) -> None:
    log = team("ada", "bob")
    entry = log.decide("ada")
    log.decide("bob", verdict=GateVerdict.REJECT, **elsewhere)
    assert approved(log, entry.envelope_digest)


def test_a_rejection_that_came_too_late_in_its_own_review_rejects_nothing() -> None:
    log = team("ada", "bob")
    first = log.decide("ada")
    log.decide("ada", review="rev_2")
    log.decide("bob", verdict=GateVerdict.REJECT, review="rev_2")
    assert approved(log, first.envelope_digest)


def test_a_rejection_under_the_present_root_leaves_what_was_approved_under_a_lost_one_as_it_was() -> None:
    log = Log()
    before = log.decide().envelope_digest
    log.refound("eve")
    log.decide("eve", verdict=GateVerdict.REJECT, review="rev_2")
    assert approving_root(log.state, [before], PRJ_A, ARTIFACT) == log.state.lost_roots[0]


def test_approvals_come_in_the_order_in_which_the_last_vote_made_them() -> None:
    log = team("ada", "bob", policy=TWO)
    log.decide("ada", review="rev_1")
    log.decide("ada", review="rev_2")
    log.waive("ada")
    log.decide("bob", review="rev_2")
    log.decide("bob", review="rev_1")
    log.decide("ada", review="rev_3")
    log.decide("ada", review="rev_4", verdict=GateVerdict.REJECT)
    log.decide("ada", review="rev_5", project="prj_b")

    found = approvals_of(log.state, PRJ_A)

    assert [(vote.review, vote.approver) for vote in found] == [("rev_2", "apr_bob"), ("rev_1", "apr_bob")]


def test_approvals_under_a_lost_root_are_none() -> None:
    log = Log()
    log.decide()
    log.refound("bob")

    assert approvals_of(log.state, PRJ_A) == ()
