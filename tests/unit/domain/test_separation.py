"""Law 2: who may decide on whose work."""

import pytest

from vdw.domain.ids import PersonId
from vdw.domain.policy import Policy
from vdw.domain.separation import require_may_decide
from vdw.errors import LawRefusal

ADA, BOB = PersonId("per_ada"), PersonId("per_bob")
SOLO = Policy(quorum=1, self_approval=True)


def test_separation_says_whether_one_decides_on_ones_own_work_or_refuses() -> None:
    assert require_may_decide(SOLO, ADA, (ADA,))
    assert not require_may_decide(SOLO, ADA, (BOB,))
    assert not require_may_decide(Policy(), ADA, ())
    with pytest.raises(LawRefusal):
        require_may_decide(Policy(), ADA, (ADA, BOB))
