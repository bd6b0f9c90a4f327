"""When an earlier approval still suffices under the policy now in force."""

from dataclasses import replace

import pytest

from vdw.domain.policy import Assurance, Policy, policy_from_json
from vdw.domain.trust_level import Trust
from vdw.errors import VdwError

SOLO = Policy(quorum=1, self_approval=True)


def test_a_policy_asks_no_more_than_itself() -> None:
    assert SOLO.asks_no_more_than(SOLO)


@pytest.mark.parametrize(
    "stricter",
    [
        replace(SOLO, quorum=2),
        replace(SOLO, self_approval=False),
        replace(SOLO, assurance=(Assurance.PASSKEY,)),
        replace(SOLO, evidence_trust=Trust.ATTESTED),
        replace(SOLO, lanes=("full",)),
    ],
)
def test_a_stricter_policy_asks_more_and_a_looser_one_does_not(stricter: Policy) -> None:
    assert not stricter.asks_no_more_than(SOLO)
    assert SOLO.asks_no_more_than(stricter)


def test_an_approval_of_a_template_draft_does_not_suffice_where_template_drafts_are_refused() -> None:
    accepting = replace(SOLO, template_drafts=True)
    assert not SOLO.asks_no_more_than(accepting)
    assert accepting.asks_no_more_than(SOLO)


def test_a_policy_is_read_back_as_it_was_written() -> None:
    assert policy_from_json(SOLO.as_json()) == SOLO


@pytest.mark.parametrize(
    "change",
    [{"quorum": 0}, {"quorum": True}, {"quorum": 51}, {"assurance": []}, {"lanes": ["fast"]}, {"extra": 1}],
)
def test_a_wrong_policy_is_refused(change: dict[str, object]) -> None:
    value = {**SOLO.as_json(), **change}
    with pytest.raises(VdwError):
        policy_from_json(value)  # type: ignore[arg-type]  # wrong on purpose
