"""A change in words, for its signers: what it does, and every field, under names that cannot play tricks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.trust.chains import SOLO, TENANT, TIME, signer, team
from vdw.cli.change_words import change_text
from vdw.domain.ids import ApproverId, PersonId
from vdw.domain.policy import Assurance, Policy
from vdw.service.proposing import Change
from vdw.trust.statements import PolicyStatement, ReplaceStatement, RevokeStatement

LOG = team("ada", "bob")
TRUST = LOG.state
NAMES = {PersonId("per_ada"): "Ada", PersonId("per_bob"): "Bob", PersonId("per_cyd"): "Cyd\u202e"}
NEW_KEY = signer("cyd").public_key
CHANGES: dict[str, Change] = {
    "enrol": LOG.enrolment("cyd"),
    "replace": ReplaceStatement(
        TENANT, ApproverId("apr_new"), ApproverId("apr_bob"), NEW_KEY, Assurance.KEY, TIME, TRUST.head
    ),
    "revoke": RevokeStatement(TENANT, ApproverId("apr_bob"), TIME, TRUST.head),
    "policy": PolicyStatement(TENANT, Policy(quorum=2), TIME, TRUST.head),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_every_field_that_is_signed_is_shown(kind: str) -> None:
    change = CHANGES[kind]
    _, _, fields = change_text(change, TRUST, NAMES, "vdw").partition("every field of it:\n")
    assert json.loads(fields) == change.as_statement()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("enrol", ["Enrol Cyd", "the person per_cyd", NEW_KEY, "Ask Cyd"]),
        ("replace", ["Give Bob a new key apr_new", "apr_bob, signs nothing", NEW_KEY]),
        ("revoke", ["Revoke the key apr_bob of Bob"]),
        ("policy", ["quorum: 1 -> 2", "self_approval: true -> false", "open review is closed"]),
    ],
)
def test_the_words_name_who_and_what(kind: str, words: list[str]) -> None:
    effect, _, _ = change_text(CHANGES[kind], TRUST, NAMES, "vdw").partition("What is signed")
    assert [word for word in words if word not in effect] == []


def test_a_name_that_turns_the_line_around_is_shown_and_not_obeyed() -> None:
    text = change_text(CHANGES["enrol"], TRUST, NAMES, "vdw")
    assert "\u202e" not in text
    assert "Cyd⟨U+202E⟩" in text


@pytest.mark.parametrize(
    ("policy", "warned"),
    [(Policy(quorum=2), True), (Policy(quorum=1), False), (replace(SOLO, quorum=2), False)],
    ids=["two of two with separation", "one of two with separation", "two of two without"],
)
def test_a_policy_under_which_no_gate_could_open_says_so(policy: Policy, warned: bool) -> None:
    text = change_text(PolicyStatement(TENANT, policy, TIME, TRUST.head), TRUST, NAMES, "vdw")
    assert ("will never get 2 approvals" in text) is warned


def test_a_revocation_after_which_no_gate_could_open_says_so() -> None:
    log = team("ada", "bob", "cyd", policy=Policy(quorum=2))
    text = change_text(RevokeStatement(TENANT, ApproverId("apr_cyd"), TIME, log.state.head), log.state, NAMES, "vdw")
    assert "2 approvers in force then" in text
    assert "will never get 2 approvals" in text
    assert "vdw approver policy --quorum 1" in text
    assert "vdw approver enrol FILE" in text


def test_a_revocation_that_leaves_fewer_approvers_than_the_quorum_says_so_without_separation_too() -> None:
    log = team("ada", "bob", policy=replace(SOLO, quorum=2))
    revocation = RevokeStatement(TENANT, ApproverId("apr_bob"), TIME, log.state.head)

    text = change_text(revocation, log.state, NAMES, "vdw")

    assert "1 approver in force then. No work will ever get 2 approvals." in text
    assert "vdw approver policy --quorum 1" in text
