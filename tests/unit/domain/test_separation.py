"""Law 2: who may decide on whose work."""

import pytest

from vdw.domain.policy import Policy
from vdw.domain.separation import require_may_decide
from vdw.errors import LawRefusal

SOLO = Policy(quorum=1, self_approval=True)


def test_separation_says_whether_one_decides_on_ones_own_work_or_refuses() -> None:
    assert require_may_decide(SOLO, "per_ada", ("per_ada",))
    assert not require_may_decide(SOLO, "per_ada", ("per_bob",))
    assert not require_may_decide(Policy(), "per_ada", ())
    with pytest.raises(LawRefusal):
        require_may_decide(Policy(), "per_ada", ("per_ada", "per_bob"))
